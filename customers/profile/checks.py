"""The data-arrival gate: what is there for a night, so that a missing feed holds signals, not fakes them.

A feed that was never sent is not missing where another one tells the same: an operator may send usage by the month
only, or bill nobody and send top-ups. Fields that stand on it are blank, and rules over blanks find nobody.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from django.db import models
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from customers.facts.models import Account, Balance, Bill, Payment, UsageDay, UsageMonth
from customers.fields.base import Feed
from customers.profile.queries.windows import (
    ARRIVED_SHARE,
    is_far_short,
    last_complete_month,
    months_before,
    payment_counts,
)

LOOK_BACK_DAYS = 7
BILLS_DUE_BY = 5
BALANCE_AGE = timedelta(days=35)


@dataclass(frozen=True)
class Arrival:
    """One feed on one night. `why` is empty when it is good; `expected` is what a usual night brings (0: not known)."""

    fact: str
    rows: int
    expected: int
    why: object = ""

    @property
    def is_good(self) -> bool:
        return not self.why


def check_arrivals(*, as_of: date) -> list[Arrival]:
    """The state of every feed that signals depend on."""
    return [_usage_days(as_of), _bills(as_of), _topups(as_of), _balances(as_of)]


def held_feeds(arrivals: list[Arrival]) -> dict[str, str]:
    """{fact: reason} of the feeds that must not be trusted tonight."""
    return {arrival.fact: str(arrival.why) for arrival in arrivals if not arrival.is_good}


def _usage_days(as_of: date) -> Arrival:
    counts = _rows_by(UsageDay, "day", [as_of - timedelta(days=back) for back in range(LOOK_BACK_DAYS + 1)])
    today, before = counts[0], [count for count in counts[1:] if count]
    if not before:
        if today or not UsageDay.objects.exists() and UsageMonth.objects.exists():
            return Arrival(Feed.USAGE_DAYS.value, today, 0)
        return Arrival(Feed.USAGE_DAYS.value, 0, 0, _("no daily usage has arrived in a week"))
    usual = int(median(before))
    if today == 0:
        return Arrival(Feed.USAGE_DAYS.value, today, usual, _("usage of the day has not arrived"))
    if today < ARRIVED_SHARE * usual:
        return Arrival(Feed.USAGE_DAYS.value, today, usual, _("usage of the day is far short of a usual day"))
    return Arrival(Feed.USAGE_DAYS.value, today, usual)


def _bills(as_of: date) -> Arrival:
    month = last_complete_month(as_of)
    now, before = _rows_by(Bill, "month", [month, months_before(month, 1)])
    if not before and not now and (Bill.objects.exists() or not Payment.objects.exists()):
        return Arrival(Feed.BILLS.value, 0, 0, _("no bills have arrived in two months"))
    late = as_of.day >= BILLS_DUE_BY and now < ARRIVED_SHARE * before
    return Arrival(Feed.BILLS.value, now, before, _("bills of the last month are missing or far short") if late else "")


def _topups(as_of: date) -> Arrival:
    """Payments on prepaid accounts, which are the spend of lines that are not billed."""
    month = last_complete_month(as_of)
    counts = payment_counts(months_before(month, 1), month, prepaid_only=True)
    now, before = counts.get(month, 0), counts.get(months_before(month, 1), 0)
    if not before and not now and Payment.objects.filter(account__pay_mode=Account.PayMode.PREPAID).exists():
        return Arrival(Feed.TOPUPS.value, 0, 0, _("no top-ups have arrived in two months"))
    late = is_far_short(now, before)
    return Arrival(
        Feed.TOPUPS.value, now, before, _("top-ups of the last month are missing or far short") if late else ""
    )


def _balances(as_of: date) -> Arrival:
    """Operators send balances daily or at month ends: one of the last five weeks is asked for."""
    rows = int(Balance.objects.filter(day__range=(as_of - BALANCE_AGE, as_of)).exists())
    missing = not rows and Balance.objects.exists()
    return Arrival(Feed.BALANCES.value, rows, 0, _("no balance has arrived in five weeks") if missing else "")


def _rows_by(model: type[models.Model], column: str, dates: list[date]) -> list[int]:
    rows = model._default_manager.filter(**{f"{column}__in": dates})
    found = dict(rows.values_list(column).annotate(rows=Count("*")))
    return [found.get(day, 0) for day in dates]
