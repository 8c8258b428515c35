"""TMF651: the contract under a policy."""

from typing import Any

from django.db.models import Q, QuerySet

from customers.facts.models import Contract
from retention.tmf import filters
from retention.tmf.fields import attributes, references, schemas, values
from retention.tmf.fields.base import Call, Resource
from retention.tmf.queries import rows_of_visible_lines

STATUSES = {
    "pending": lambda today: Q(ended_on=None, starts_on__gt=today),
    "active": lambda today: Q(ended_on=None, starts_on__lte=today, ends_on__gte=today),
    "expired": lambda today: Q(ended_on=None, starts_on__lte=today, ends_on__lt=today),
    "terminated": lambda _today: Q(ended_on__isnull=False),
}
REFERENCES = schemas.array_of(schemas.REFERENCE)
ITEM = schemas.object_of(product=REFERENCES, productOffering=REFERENCES)


def joined(rows: QuerySet, _call: Call) -> QuerySet:
    return rows.select_related("policy", "subscriber__account__customer")


def status(contract: Contract, call: Call) -> str:
    if contract.ended_on:
        return "terminated"
    if contract.starts_on > call.today:
        return "pending"
    return "active" if contract.ends_on >= call.today else "expired"


def completion(contract: Contract, _call: Call) -> dict[str, Any] | None:
    """A period of its end alone, as the specification has it."""
    return {"endDateTime": values.start_of(contract.ended_on)} if contract.ended_on else None


def parties(contract: Contract, call: Call) -> list[dict[str, Any]]:
    """The specification asks for the name here."""
    line = contract.subscriber
    return [references.related_party(line, call, name=line.account.customer.name)]


def items(contract: Contract, call: Call) -> list[dict[str, Any]]:
    offering = references.reference("ProductOffering", contract.policy.code, name=contract.policy.name)
    return [{"product": [references.line_ref(contract.subscriber, call)], "productOffering": [offering]}]


AGREEMENT = Resource(
    path=references.AGREEMENTS,
    number=651,
    type="Agreement",
    description=(
        "`agreementPeriod` ends with the day of the contract's end; `completionDate` is there when it was ended early."
    ),
    rows=lambda client: rows_of_visible_lines(Contract.objects.all(), client),
    joined=joined,
    id_of=lambda contract: contract.contract_no,
    by_id=filters.equals_text("contract_no"),
    attributes={
        "name": attributes.text("policy.name"),
        "agreementType": attributes.constant("commercial"),
        "status": attributes.word(STATUSES, status),
        "agreementPeriod": attributes.period(lambda contract, _: values.period(contract.starts_on, contract.ends_on)),
        "initialDate": attributes.start_of("starts_on"),
        "completionDate": attributes.period(completion),
        "engagedParty": attributes.array(schemas.REFERENCE, parties),
        "agreementItem": attributes.array(ITEM, items),
    },
    filters={
        "id": filters.keys("contract_no"),
        "status": filters.choice(STATUSES),
        "name": filters.text("policy__name"),
        "engagedParty.id": filters.keys("subscriber__account__customer__customer_no"),
        "agreementItem.product.id": filters.keys("subscriber__subscriber_no"),
        "agreementItem.productOffering.id": filters.keys("policy__code"),
        **filters.days("initialDate", "starts_on"),
        **filters.days("agreementPeriod.startDateTime", "starts_on"),
        **filters.days("agreementPeriod.endDateTime", "ends_on", ends=True),
        **filters.days("completionDate.endDateTime", "ended_on"),
    },
    example={
        "id": "K0000987",
        "name": "24 months with handset",
        "status": "active",
        "agreementPeriod": {"startDateTime": "2025-01-01T00:00:00+08:00", "endDateTime": "2026-12-31T23:59:59+08:00"},
    },
)
