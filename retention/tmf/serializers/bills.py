"""TMF678: the bill of a line for a month."""

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from customers.facts.models import Bill
from retention.core.db.partitioned_tables import next_month
from retention.tmf import filters
from retention.tmf.fields import attributes, schemas, values
from retention.tmf.fields.base import Attribute, Call, Resource
from retention.tmf.queries import rows_of_visible_lines

STATES = {"settled": Q(paid_on__isnull=False), "sent": Q(paid_on=None)}
OTHER_STATES = ("new", "onHold", "validated", "partiallyPaid")
COMPONENTS = ("plan_fee", "voice", "data", "sms", "vas", "roaming", "other", "discount")
RATE = schemas.object_of(name=schemas.TEXT, taxIncludedAmount=schemas.MONEY)


def joined(rows: QuerySet, _call: Call) -> QuerySet:
    return rows.select_related("subscriber__account__customer")


def id_of(bill: Bill) -> str:
    return f"{bill.subscriber.subscriber_no}~{bill.month:%Y-%m}"


def by_id(id: str) -> Q:
    return filters.of_line(id, day="month", form=filters.read_month)


def last_day(month: date) -> date:
    return date.fromordinal(next_month(month).toordinal() - 1)


def components(bill: Bill, _call: Call) -> list[dict[str, Any]]:
    amounts = [(name, getattr(bill, name)) for name in COMPONENTS]
    return [{"name": name, "taxIncludedAmount": values.money(amount)} for name, amount in amounts if amount]


def remaining(bill: Bill, _call: Call) -> dict[str, Any]:
    return values.money(bill.total * (not bill.paid_on))


BILL = Resource(
    path="customerBillManagement/v4/customerBill",
    number=678,
    type="CustomerBill",
    description=(
        "A bill is a line's month; its id is `subscriber_no~YYYY-MM`. `billComponent` has the parts of the amount and"
        " `product` the line, both beyond the specification."
    ),
    rows=lambda client: rows_of_visible_lines(Bill.objects.all(), client),
    joined=joined,
    id_of=id_of,
    by_id=by_id,
    attributes={
        "billNo": attributes.text(lambda bill, _call: id_of(bill)),
        "billDate": attributes.instant(lambda bill, _call: values.start_of(next_month(bill.month))),
        "billingPeriod": attributes.period(lambda bill, _call: values.period(bill.month, last_day(bill.month))),
        "state": attributes.word(STATES, lambda bill, _call: "settled" if bill.paid_on else "sent"),
        "taxIncludedAmount": attributes.money("total"),
        "amountDue": attributes.money("total"),
        "remainingAmount": Attribute(schemas.MONEY, remaining),
        "paymentDueDate": attributes.start_of("due_on"),
        "lastUpdate": attributes.start_of("paid_on"),
        "billComponent": attributes.array(RATE, components),
        "billingAccount": attributes.reference("BillingAccount", "subscriber.account.account_no"),
        "product": attributes.line(),
        "relatedParty": attributes.related_party(),
    },
    filters={
        "id": filters.ids(by_id),
        "billingAccount.id": filters.keys("subscriber__account__account_no"),
        "product.id": filters.keys("subscriber__subscriber_no"),
        "relatedParty.id": filters.keys("subscriber__account__customer__customer_no"),
        "state": filters.choice(STATES, standard=OTHER_STATES),
        **filters.days("billingPeriod.startDateTime", "month"),
        **filters.days("paymentDueDate", "due_on"),
        **filters.days("lastUpdate", "paid_on"),
    },
    sort_within=("billingAccount.id", "product.id", "relatedParty.id"),
    example={
        "id": "S0000123~2026-10",
        "billNo": "S0000123~2026-10",
        "state": "settled",
        "taxIncludedAmount": {"unit": "CNY", "value": 129.0},
        "remainingAmount": {"unit": "CNY", "value": 0.0},
    },
)
