"""TMF637: the line in use, with its number, terms and value-added services."""

from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from customers.facts.models import Contract, LineType, ProductSubscription, Subscriber
from retention.core.masking import mask_phone
from retention.tmf import filters
from retention.tmf.fields import (
    CHARACTERISTIC,
    FLAG,
    INSTANT,
    MONEY,
    PERIOD,
    PRODUCTS,
    QUANTITY,
    REFERENCE,
    TEXT,
    Attribute,
    Call,
    Resource,
    array_of,
    characteristic,
    customer_ref,
    drop_empty,
    end_of,
    enum,
    money,
    period,
    reference,
    start_of,  # fmt: skip
)

Status = Subscriber.Status
STATUSES = {"active": Status.ACTIVE, "suspended": Status.STOPPED, "terminated": Status.TERMINATED}
NAMES = {ours: theirs for theirs, ours in STATUSES.items()}
TERM = {"type": "object", "properties": {"name": TEXT, "duration": QUANTITY, "validFor": PERIOD}}
PRICE = {
    "type": "object",
    "properties": {
        "priceType": TEXT,
        "recurringChargePeriod": TEXT,
        "price": {"type": "object", "properties": {"taxIncludedAmount": MONEY}},
    },
}
RELATED = {"type": "object", "properties": {"relationshipType": TEXT, "product": REFERENCE}}


def joined(rows: QuerySet, _call: Call) -> QuerySet:
    services = ProductSubscription.objects.select_related("product").order_by("pk")
    return rows.select_related("account__customer", "plan", "branch").prefetch_related(
        Prefetch("contracts", Contract.objects.select_related("policy").order_by("ends_on", "pk")),
        Prefetch("product_subscriptions", services),
    )


def terms(line: Subscriber, _call: Call) -> list[dict[str, Any]]:
    return [
        {
            "name": contract.policy.name,
            "duration": {"amount": contract.policy.months, "units": "month"},
            "validFor": period(contract.starts_on, contract.ended_on or contract.ends_on),
        }
        for contract in line.contracts.all()
    ]


def price(line: Subscriber, _call: Call) -> list[dict[str, Any]]:
    charge = {"taxIncludedAmount": money(line.plan.monthly_fee)}
    return [{"priceType": "recurring", "recurringChargePeriod": "month", "price": charge}]


def features(line: Subscriber, _call: Call) -> list[dict[str, Any]]:
    by_name = {
        "lineType": line.line_type,
        "branchCode": line.branch.code,
        "salesChannel": line.channel,
        "promotionCode": line.promotion_code,
        "bandwidthMbps": line.bandwidth_mbps,
        "statusReason": line.status_reason,
        "terminationReason": line.termination_reason,
    }
    return [characteristic(name, value) for name, value in by_name.items() if value not in (None, "")]


def services(line: Subscriber, _call: Call) -> list[dict[str, Any]]:
    return [
        {
            "relationshipType": "hasOptional",
            "product": reference("Product", one.subscription_no, name=one.product.name)
            | drop_empty(startDate=start_of(one.starts_on), terminationDate=end_of(one.ends_on)),
        }
        for one in line.product_subscriptions.all()
    ]


PRODUCT = Resource(
    path=PRODUCTS,
    number=637,
    type="Product",
    description="One product is one line; its number is `realizingResource`, its contract end is in `productTerm`.",
    rows=lambda client: Subscriber.objects.visible_to(client),
    joined=joined,
    id_of=lambda line: line.subscriber_no,
    by_id=filters.equals_text("subscriber_no"),
    attributes={
        "name": Attribute(TEXT, "plan.name"),
        "status": Attribute(enum(*STATUSES), lambda line, _call: NAMES[Status(line.status)]),
        "startDate": Attribute(INSTANT, lambda line, _call: start_of(line.activated_on)),
        "terminationDate": Attribute(INSTANT, lambda line, _call: start_of(line.terminated_on)),
        "isBundle": Attribute(FLAG, "plan.is_bundle"),
        "productTerm": Attribute(array_of(TERM), terms),
        "productPrice": Attribute(array_of(PRICE), price),
        "productOffering": Attribute(
            REFERENCE, lambda line, _call: reference("ProductOffering", line.plan.code, name=line.plan.name)
        ),
        "billingAccount": Attribute(
            REFERENCE, lambda line, _call: reference("BillingAccount", line.account.account_no)
        ),
        "realizingResource": Attribute(
            array_of(REFERENCE),
            lambda line, _call: [
                reference("LogicalResource", line.subscriber_no, name=mask_phone(line.phone_number), role="number")
            ],
        ),
        "relatedParty": Attribute(array_of(REFERENCE), lambda line, call: [customer_ref(line, call)]),
        "productRelationship": Attribute(array_of(RELATED), services),
        "productCharacteristic": Attribute(array_of(CHARACTERISTIC), features),
    },
    filters={
        "id": filters.text("subscriber_no"),
        "status": filters.choice({theirs: Q(status=ours) for theirs, ours in STATUSES.items()}),
        "lineType": filters.choice({value: Q(line_type=value) for value in LineType.values}),
        "billingAccount.id": filters.text("account__account_no"),
        "relatedParty.id": filters.text("account__customer__customer_no"),
        "productOffering.id": filters.text("plan__code"),
        **filters.days("startDate", "activated_on"),
        **filters.days("terminationDate", "terminated_on"),
    },
    example={
        "id": "S0000123",
        "name": "5G Enjoy 129",
        "status": "active",
        "startDate": "2024-05-02T00:00:00+08:00",
        "isBundle": False,
        "realizingResource": [{"id": "S0000123", "name": "138****5678", "role": "number"}],
    },
)
