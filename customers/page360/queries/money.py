"""Bills: spend by component, and payment state."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from customers.facts.models import Bill, Subscriber
from customers.page360.queries.usage import month_label, months_back
from retention.core.ui import charts


def bills_of(line: Subscriber, *, today: date) -> list[Bill]:
    """The last twelve months, oldest first."""
    return list(Bill.objects.filter(subscriber=line, month__gte=months_back(today)).order_by("month"))


def spend_chart(bills: Sequence[Bill]) -> charts.Spec | None:
    """Stacked components, discounts below zero; components without an amount are left out."""
    if not bills:
        return None
    parts = [
        (_("Plan fee"), [bill.plan_fee for bill in bills], "c1"),
        (_("Voice"), [bill.voice for bill in bills], "c2"),
        (pgettext("bill", "Data"), [bill.data for bill in bills], "c6"),
        (_("Services"), [bill.vas for bill in bills], "c4"),
        (_("Other"), [bill.sms + bill.roaming + bill.other for bill in bills], "c5"),
        (_("Discount"), [-bill.discount for bill in bills], "good"),
    ]
    return charts.chart(
        "stacked",
        title=_("Spend by component"),
        x=[month_label(bill.month) for bill in bills],
        data=[charts.series(name, values, tone=tone) for name, values, tone in parts if any(values)],
        format="money",
    )


def bill_rows(bills: Sequence[Bill], *, today: date) -> list[dict[str, Any]]:
    """Newest first, with the payment state as (text, tone, icon)."""
    return [
        {
            "month": month_label(bill.month),
            "total": bill.total,
            "plan_fee": bill.plan_fee,
            "beyond": bill.total + bill.discount - bill.plan_fee,
            "discount": bill.discount,
            "due_on": bill.due_on,
            "payment": _payment(bill, today),
        }
        for bill in reversed(bills)
    ]


def _payment(bill: Bill, today: date) -> tuple[str, str, str]:
    if bill.paid_on:
        late = (bill.paid_on - bill.due_on).days if bill.due_on else 0
        if late > 0:
            return _("paid %(days)d days late") % {"days": late}, "warning", "clock"
        return _("paid %(day)s") % {"day": date_format(bill.paid_on, "SHORT_DATE_FORMAT")}, "good", "check"
    if bill.due_on and bill.due_on < today:
        return _("unpaid"), "bad", "alert-circle"
    return _("not due yet"), "neutral", "hourglass"
