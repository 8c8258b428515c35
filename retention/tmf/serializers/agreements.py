"""TMF651: the contract under a policy."""

from django.db.models import Q, QuerySet

from customers.facts.models import Contract
from retention.tmf import filters
from retention.tmf.fields import (
    AGREEMENTS,
    INSTANT,
    PERIOD,
    REFERENCE,
    TEXT,
    Attribute,
    Call,
    Resource,
    array_of,
    customer_ref,
    enum,
    line_ref,
    period,
    reference,
    start_of,
)
from retention.tmf.queries import rows_of_visible_lines

STATUSES = {
    "pending": lambda today: Q(ended_on=None, starts_on__gt=today),
    "active": lambda today: Q(ended_on=None, starts_on__lte=today, ends_on__gte=today),
    "expired": lambda today: Q(ended_on=None, starts_on__lte=today, ends_on__lt=today),
    "terminated": lambda _today: Q(ended_on__isnull=False),
}
ITEM = {
    "type": "object",
    "properties": {"product": array_of(REFERENCE), "productOffering": array_of(REFERENCE)},
}


def joined(rows: QuerySet, _call: Call) -> QuerySet:
    return rows.select_related("policy", "subscriber__account__customer")


def status(contract: Contract, call: Call) -> str:
    if contract.ended_on:
        return "terminated"
    if contract.starts_on > call.today:
        return "pending"
    return "active" if contract.ends_on >= call.today else "expired"


AGREEMENT = Resource(
    path=AGREEMENTS,
    number=651,
    type="Agreement",
    description=(
        "`agreementPeriod` ends with the day of the contract's end; `completionDate` is the day it was ended early."
    ),
    rows=lambda client: rows_of_visible_lines(Contract.objects.all(), client),
    joined=joined,
    id_of=lambda contract: contract.contract_no,
    by_id=filters.equals_text("contract_no"),
    attributes={
        "name": Attribute(TEXT, "policy.name"),
        "agreementType": Attribute(enum("commercial"), lambda _contract, _call: "commercial"),
        "status": Attribute(enum(*STATUSES), status),
        "agreementPeriod": Attribute(PERIOD, lambda contract, _call: period(contract.starts_on, contract.ends_on)),
        "initialDate": Attribute(INSTANT, lambda contract, _call: start_of(contract.starts_on)),
        "completionDate": Attribute(INSTANT, lambda contract, _call: start_of(contract.ended_on)),
        "engagedParty": Attribute(
            array_of(REFERENCE), lambda contract, call: [customer_ref(contract.subscriber, call)]
        ),
        "agreementItem": Attribute(
            array_of(ITEM),
            lambda contract, call: [
                {
                    "product": [line_ref(contract.subscriber, call)],
                    "productOffering": [reference("ProductOffering", contract.policy.code, name=contract.policy.name)],
                }
            ],
        ),
    },
    filters={
        "id": filters.text("contract_no"),
        "status": filters.choice(STATUSES),
        "engagedParty.id": filters.text("subscriber__account__customer__customer_no"),
        "agreementItem.product.id": filters.text("subscriber__subscriber_no"),
        **filters.days("agreementPeriod.startDateTime", "starts_on"),
        **filters.days("agreementPeriod.endDateTime", "ends_on"),
    },
    example={
        "id": "K0000987",
        "name": "24 months with handset",
        "status": "active",
        "agreementPeriod": {"startDateTime": "2025-01-01T00:00:00+08:00", "endDateTime": "2026-12-31T23:59:59+08:00"},
    },
)
