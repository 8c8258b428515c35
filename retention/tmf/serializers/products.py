"""TMF637: the line in use, with its number, terms and value-added services."""

from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from customers.facts.models import Contract, LineType, ProductSubscription, Subscriber
from retention.core.masking import mask_phone
from retention.tmf import filters
from retention.tmf.fields import attributes, references, schemas, values
from retention.tmf.fields.base import Call, Resource

Status = Subscriber.Status
STATUSES = {"active": Status.ACTIVE, "suspended": Status.STOPPED, "terminated": Status.TERMINATED}
NAMES = {ours: theirs for theirs, ours in STATUSES.items()}
OTHER_STATUSES = ("created", "pendingActive", "cancelled", "pendingTerminate", "aborted")
TERM = schemas.object_of(name=schemas.TEXT, duration=schemas.QUANTITY, validFor=schemas.PERIOD)
PRICE = schemas.object_of(
    priceType=schemas.TEXT,
    recurringChargePeriod=schemas.TEXT,
    price=schemas.object_of(taxIncludedAmount=schemas.MONEY),
)
RELATED = schemas.object_of(relationshipType=schemas.TEXT, product=schemas.REFERENCE)


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
            "validFor": values.period(contract.starts_on, contract.ended_on or contract.ends_on),
        }
        for contract in line.contracts.all()
    ]


def price(line: Subscriber, _call: Call) -> list[dict[str, Any]]:
    charge = {"taxIncludedAmount": values.money(line.plan.monthly_fee)}
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
    return [values.characteristic(name, value) for name, value in by_name.items() if value not in (None, "")]


def services(line: Subscriber, _call: Call) -> list[dict[str, Any]]:
    return [
        {
            "relationshipType": "hasOptional",
            "product": references.reference("Product", one.subscription_no, name=one.product.name)
            | values.drop_empty(startDate=values.start_of(one.starts_on), terminationDate=values.end_of(one.ends_on)),
        }
        for one in line.product_subscriptions.all()
    ]


def number_of(line: Subscriber, _call: Call) -> list[dict[str, Any]]:
    """The phone number as the resource behind the line; masked, as it is for whoever gives no reason to see it."""
    masked = mask_phone(line.phone_number)
    shown = {"name": masked, "value": masked}
    return [references.reference("LogicalResource", line.subscriber_no, as_type="ResourceRef", **shown)]


def parties(line: Subscriber, call: Call) -> list[dict[str, Any]]:
    return [references.related_party(line, call)]


PRODUCT = Resource(
    path=references.PRODUCTS,
    number=637,
    type="Product",
    description="One product is one line; its number is `realizingResource`, its contract end is in `productTerm`.",
    rows=lambda client: Subscriber.objects.visible_to(client),
    joined=joined,
    id_of=lambda line: line.subscriber_no,
    by_id=filters.equals_text("subscriber_no"),
    attributes={
        "name": attributes.text("plan.name"),
        "status": attributes.word(STATUSES, lambda line, _call: NAMES[Status(line.status)]),
        "startDate": attributes.start_of("activated_on"),
        "terminationDate": attributes.start_of("terminated_on"),
        "isBundle": attributes.flag("plan.is_bundle"),
        "productTerm": attributes.array(TERM, terms),
        "productPrice": attributes.array(PRICE, price),
        "productOffering": attributes.reference("ProductOffering", "plan.code", name="plan.name"),
        "billingAccount": attributes.reference("BillingAccount", "account.account_no"),
        "realizingResource": attributes.array(schemas.REFERENCE, number_of),
        "relatedParty": attributes.array(schemas.REFERENCE, parties),
        "productRelationship": attributes.array(RELATED, services),
        "productCharacteristic": attributes.characteristics(features),
    },
    filters={
        "id": filters.keys("subscriber_no"),
        "name": filters.text("plan__name"),
        "status": filters.choice(
            {theirs: Q(status=ours) for theirs, ours in STATUSES.items()}, standard=OTHER_STATUSES
        ),
        "lineType": filters.choice({value: Q(line_type=value) for value in LineType.values}),
        "billingAccount.id": filters.keys("account__account_no"),
        "relatedParty.id": filters.keys("account__customer__customer_no"),
        "productOffering.id": filters.keys("plan__code"),
        **filters.days("startDate", "activated_on"),
        **filters.days("terminationDate", "terminated_on"),
    },
    example={
        "id": "S0000123",
        "name": "5G Enjoy 129",
        "status": "active",
        "startDate": "2024-05-02T00:00:00+08:00",
        "isBundle": False,
        "realizingResource": [{"id": "S0000123", "name": "138****5678", "value": "138****5678"}],
    },
)
