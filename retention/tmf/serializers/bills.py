"""TMF678: the bill of a line for a month."""

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from customers.facts.models import Bill
from retention.core.db.partitioned_tables import next_month
from retention.tmf import filters
from retention.tmf.fields import (
    INSTANT,
    MONEY,
    PERIOD,
    REFERENCE,
    TEXT,
    Attribute,
    Call,
    Resource,
    array_of,
    customer_ref,
    end_of,
    enum,
    line_ref,
    money,
    reference,
    start_of,  # fmt: skip
)
from retention.tmf.queries import rows_of_visible_lines

PATH = "customerBillManagement/v4/customerBill"
STATES = {"settled": Q(paid_on__isnull=False), "sent": Q(paid_on=None)}
COMPONENTS = ("plan_fee", "voice", "data", "sms", "vas", "roaming", "other", "discount")
RATE = {"type": "object", "properties": {"name": TEXT, "taxIncludedAmount": MONEY}}


def joined(rows: QuerySet, _call: Call) -> QuerySet:
    return rows.select_related("subscriber__account__customer")


def id_of(bill: Bill) -> str:
    return f"{bill.subscriber.subscriber_no}~{bill.month:%Y-%m}"


def last_day(month: date) -> date:
    return date.fromordinal(next_month(month).toordinal() - 1)


def billing_period(bill: Bill, _call: Call) -> dict[str, Any]:
    return {"startDateTime": start_of(bill.month), "endDateTime": end_of(last_day(bill.month))}


def components(bill: Bill, _call: Call) -> list[dict[str, Any]]:
    amounts = [(name, getattr(bill, name)) for name in COMPONENTS]
    return [{"name": name, "taxIncludedAmount": money(amount)} for name, amount in amounts if amount]


BILL = Resource(
    path=PATH,
    number=678,
    type="CustomerBill",
    description=(
        "A bill is a line's month; its id is `subscriber_no~YYYY-MM`. `billComponent` has the parts of the amount."
    ),
    rows=lambda client: rows_of_visible_lines(Bill.objects.all(), client),
    joined=joined,
    id_of=id_of,
    by_id=lambda id: Q(filters.of_line(id, day="month", form=filters.read_month)),
    attributes={
        "billNo": Attribute(TEXT, lambda bill, _call: id_of(bill)),
        "billDate": Attribute(INSTANT, lambda bill, _call: start_of(next_month(bill.month))),
        "billingPeriod": Attribute(PERIOD, billing_period),
        "state": Attribute(enum(*STATES), lambda bill, _call: "settled" if bill.paid_on else "sent"),
        "taxIncludedAmount": Attribute(MONEY, lambda bill, _call: money(bill.total)),
        "amountDue": Attribute(MONEY, lambda bill, _call: money(bill.total)),
        "remainingAmount": Attribute(MONEY, lambda bill, _call: money(bill.total * (not bill.paid_on))),
        "paymentDueDate": Attribute(INSTANT, lambda bill, _call: start_of(bill.due_on)),
        "lastUpdate": Attribute(INSTANT, lambda bill, _call: start_of(bill.paid_on)),
        "billComponent": Attribute(array_of(RATE), components),
        "billingAccount": Attribute(
            REFERENCE, lambda bill, _call: reference("BillingAccount", bill.subscriber.account.account_no)
        ),
        "product": Attribute(REFERENCE, lambda bill, call: line_ref(bill.subscriber, call)),
        "relatedParty": Attribute(array_of(REFERENCE), lambda bill, call: [customer_ref(bill.subscriber, call)]),
    },
    filters={
        "billingAccount.id": filters.text("subscriber__account__account_no"),
        "product.id": filters.text("subscriber__subscriber_no"),
        "relatedParty.id": filters.text("subscriber__account__customer__customer_no"),
        "state": filters.choice(STATES),
        **filters.days("billingPeriod.startDateTime", "month"),
        **filters.days("paymentDueDate", "due_on"),
    },
    example={
        "id": "S0000123~2026-10",
        "billNo": "S0000123~2026-10",
        "state": "settled",
        "taxIncludedAmount": {"unit": "CNY", "value": 129.0},
        "remainingAmount": {"unit": "CNY", "value": 0.0},
    },
)
