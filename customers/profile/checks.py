"""The data-arrival gate: what is there for a night, so that a missing or hollow feed holds signals, not fakes them.

A feed that was never sent is not missing where another one tells the same: an operator may send usage by the month
only, or bill nobody and send top-ups. Fields that stand on it are blank, and rules over blanks find nobody.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.core.cache import cache
from django.utils.translation import gettext_noop

from customers.facts.models import Account, Balance, Bill, Payment, UsageDay, UsageMonth
from customers.fields.base import Feed
from customers.profile.queries import arrivals
from customers.profile.queries.windows import is_far_short, last_complete_month, months_before, payment_counts
from customers.profile.rules import Tally, is_hollow, is_short, measures_far_off, usual_of, usual_on_weekday

# Four weekdays before each of the last seven days.
WEEKS_COMPARED, LAST_DAYS = 4, 7
# One lost day of the last seven hardly moves a sum over them; more of them pass for people who stopped calling.
BAD_DAYS_BORNE = 1
BILLS_DUE_BY = 5
BALANCE_AGE = timedelta(days=35)
LOOKED_AGAIN_AFTER = 6 * 60 * 60  # seconds, should a count of what was written be lost


@dataclass(frozen=True)
class Arrival:
    """One feed on one night. `why` is empty when it is good; `expected` is what a usual night brings (0: not known).

    off: the measures that are far off the usual.
    """

    fact: str
    rows: int
    expected: int
    why: str = ""
    off: Sequence[str] = ()

    @property
    def is_good(self) -> bool:
        return not self.why

    @property
    def is_late(self) -> bool:
        """Bad though it is usually sent: what learns from it would take a fault of delivery for a change of people."""
        return bool(self.why and self.expected)


def check_arrivals(
    *, as_of: date, feeds: Collection[str] | None = None, accepted: Collection[str] = ()
) -> list[Arrival]:
    """The state of every feed that signals depend on, or of `feeds` alone.

    accepted: feeds that a person takes as they are.
    """
    found = [check(as_of) for feed, check in CHECKS.items() if feeds is None or feed in feeds]
    return [replace(one, why="") if one.fact in accepted else one for one in found]


def have_come(*, as_of: date, feeds: Collection[str]) -> bool:
    """Whether one of the feeds is good by now. Asked every few minutes: looks only after something was written."""
    written, last = arrivals.changes(), f"held-feeds:{as_of}:{','.join(sorted(feeds))}"
    if cache.get(last) == written:
        return False
    if any(arrival.is_good for arrival in check_arrivals(as_of=as_of, feeds=feeds)):
        return True
    cache.set(last, written, LOOKED_AGAIN_AFTER)
    return False


def held_feeds(found: Sequence[Arrival]) -> dict[str, str]:
    """{fact: reason, in English} of the feeds that must not be trusted tonight. See `customers.profile.text`."""
    return {arrival.fact: arrival.why for arrival in found if not arrival.is_good}


def late_feeds(found: Sequence[Arrival]) -> dict[str, str]:
    """Of the held feeds, those that are usually sent."""
    return {arrival.fact: arrival.why for arrival in found if arrival.is_late}


def _usage_days(as_of: date) -> Arrival:
    dates = [as_of - timedelta(days=back) for back in range(LAST_DAYS + 7 * WEEKS_COMPARED)]
    found = arrivals.USAGE_DAYS.tallies(dates[-1], as_of)
    days = [found.get(day, Tally()) for day in dates]
    rows = UsageDay.objects.filter(day=as_of).count()
    usual = usual_on_weekday(days, 0)
    if usual is None:
        sends_months_only = not UsageDay.objects.exists() and UsageMonth.objects.exists()
        why = "" if rows or sends_months_only else gettext_noop("no daily usage is sent")
        return Arrival(Feed.USAGE_DAYS.value, rows, 0, why)
    why, off = "", measures_far_off(days[0], usual)
    if not days[0].rows:
        why = gettext_noop("usage of the day has not arrived")
    elif is_short(days[0], usual):
        why = gettext_noop("usage of the day is far short of a usual day")
    elif off:
        why = gettext_noop("what the usage of the day says is far off the same day of other weeks")
    elif sum(_is_bad(days, back) for back in range(LAST_DAYS)) > BAD_DAYS_BORNE:
        why = gettext_noop("usage of several of the last days is missing or far off")
    return Arrival(Feed.USAGE_DAYS.value, rows, usual.rows, why, off)


def _is_bad(days: Sequence[Tally], back: int) -> bool:
    usual = usual_on_weekday(days, back)
    return usual is not None and (is_short(days[back], usual) or bool(measures_far_off(days[back], usual)))


def _bills(as_of: date) -> Arrival:
    month = last_complete_month(as_of)
    found = arrivals.BILLS.tallies(months_before(month, 1), month)
    now, before = found.get(month, Tally()), found.get(months_before(month, 1))
    rows = Bill.objects.filter(month=month).count()
    if before is None:
        bills_nobody = not Bill.objects.exists() and Payment.objects.exists()
        return Arrival(Feed.BILLS.value, rows, 0, "" if rows or bills_nobody else gettext_noop("no bills are sent"))
    if as_of.day < BILLS_DUE_BY and is_short(now, before):
        return Arrival(Feed.BILLS.value, rows, before.rows)
    off = measures_far_off(now, before)
    why = ""
    if is_short(now, before):
        why = gettext_noop("bills of the last month are missing or far short")
    elif off:
        why = gettext_noop("the amounts of the last month's bills are far off those of the month before")
    return Arrival(Feed.BILLS.value, rows, before.rows, why, off)


def _topups(as_of: date) -> Arrival:
    """Payments on prepaid accounts, which are the spend of lines that are not billed."""
    month = last_complete_month(as_of)
    counts = payment_counts(months_before(month, 1), month, prepaid_only=True)
    now, before = counts.get(month, 0), counts.get(months_before(month, 1), 0)
    if not before and not now and Payment.objects.filter(account__pay_mode=Account.PayMode.PREPAID).exists():
        return Arrival(Feed.TOPUPS.value, 0, 0, gettext_noop("no top-ups have arrived in two months"))
    late = is_far_short(now, before)
    why = gettext_noop("top-ups of the last month are missing or far short") if late else ""
    return Arrival(Feed.TOPUPS.value, now, before, why)


def _balances(as_of: date) -> Arrival:
    """Operators send balances daily, at month ends or when they change: the newest are held against those before."""
    rows = int(Balance.objects.filter(day__range=(as_of - BALANCE_AGE, as_of)).exists())
    if not rows:
        missing = Balance.objects.exists()  # an operator that never sends any is not waited for
        return Arrival(
            Feed.BALANCES.value, rows, 0, gettext_noop("no balance has arrived in five weeks") if missing else ""
        )
    found = arrivals.BALANCES.tallies(as_of - 2 * BALANCE_AGE, as_of)
    newest, *before = [found[day] for day in sorted(found, reverse=True)] or [Tally()]
    usual = usual_of(before)
    if usual is None or not is_hollow(newest, usual, "balance"):
        return Arrival(Feed.BALANCES.value, rows, usual.rows if usual else 0)
    return Arrival(Feed.BALANCES.value, rows, usual.rows, gettext_noop("the newest balances are zero"), ["balance"])


CHECKS = {
    Feed.USAGE_DAYS: _usage_days,
    Feed.BILLS: _bills,
    Feed.TOPUPS: _topups,
    Feed.BALANCES: _balances,
}
