"""Bills: spend by component, and payment state. Of prepaid lines that are not billed, what was topped up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Sum
from django.db.models.functions import TruncMonth
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from customers.facts.models import Account, Bill, Payment, Subscriber
from customers.page360.queries.usage import month_label, months_back
from retention.core import clock
from retention.core.ui import charts
from retention.core.ui.periods import ONE_DAY, all_months


def bills_of(line: Subscriber, *, today: date) -> list[Bill]:
    """The last twelve months, oldest first."""
    return list(Bill.objects.filter(subscriber=line, month__gte=months_back(today)).order_by("month"))


@dataclass(frozen=True)
class TopUps:
    """What an account was topped up with in a month (its first day)."""

    month: date
    amount: Decimal
    count: int

    @property
    def label(self) -> str:
        return month_label(self.month)


def topups_of(line: Subscriber, *, today: date) -> list[TopUps]:
    """Of the account, the months of the last twelve since the first with any, oldest first, zero for a month that is
    over and brought nothing; empty for postpaid."""
    if line.account.pay_mode != Account.PayMode.PREPAID:
        return []
    paid = Payment.objects.filter(account=line.account_id, paid_at__gte=clock.midnight(months_back(today)))
    months = (
        paid.annotate(month=TruncMonth("paid_at")).values("month").annotate(amount=Sum("amount"), count=Count("pk"))
    )
    found = {row["month"].date(): row for row in months}
    return [
        TopUps(month, found[month]["amount"], found[month]["count"]) if month in found else TopUps(month, Decimal(0), 0)
        for month in all_months({*found, today.replace(day=1) - ONE_DAY} if found else ())
    ]


def spent_by_month(bills: Sequence[Bill], topups: Sequence[TopUps], *, today: date) -> list[Decimal]:
    """Bills, or where there are none the top-ups of the months that are over; oldest first."""
    return [bill.total for bill in bills] or [row.amount for row in topups if row.month < today.replace(day=1)]


def topup_chart(topups: Sequence[TopUps]) -> charts.Spec | None:
    if not topups:
        return None
    return charts.chart(
        "bar",
        title=_("Top-ups by month"),
        x=[row.label for row in topups],
        data=[charts.series(_("Top-ups"), [row.amount for row in topups], tone="c1")],
        format="money",
    )


def spend_chart(bills: Sequence[Bill]) -> charts.Spec | None:
    """Stacked components, discounts below zero; components without an amount are left out."""
    if not bills:
        return None
    by_month = {bill.month: bill for bill in bills}
    months = all_months(by_month)
    shown = [by_month.get(month) for month in months]
    parts = [
        (_("Plan fee"), [bill.plan_fee if bill else None for bill in shown], "c1"),
        (_("Voice"), [bill.voice if bill else None for bill in shown], "c2"),
        (pgettext("bill", "Data"), [bill.data if bill else None for bill in shown], "c6"),
        (_("Services"), [bill.vas if bill else None for bill in shown], "c4"),
        (_("Other"), [bill.sms + bill.roaming + bill.other if bill else None for bill in shown], "c5"),
        (_("Discount"), [-bill.discount if bill else None for bill in shown], "good"),
    ]
    return charts.chart(
        "stacked",
        title=_("Spend by component"),
        x=[
            month_label(month) if month in by_month else charts.gap(month_label(month), _("no bill"))
            for month in months
        ],
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
