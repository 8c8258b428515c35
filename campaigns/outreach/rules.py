"""The hours of a channel, and the first moment at which nothing forbids a contact. Pure: no database, no clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.utils import timezone

from retention.core import clock

DAYS_OF_WEEK = 7
# A message that an agent sends while speaking with the customer belongs to the call of the order: its source is this, a
# colon and the number of the order. The customer asked for it: no cap and no reservation stops it, and it stops none.
ORDER_CALL = "order"
Period = tuple[date, date | None]  # first and last day, both inclusive; None: without an end


@dataclass(frozen=True)
class Hours:
    """Contacts are made from `first` until just before `until`, on days whose ISO weekday is not in `quiet_days`."""

    first: time
    until: time
    quiet_days: frozenset[int] = frozenset()

    def open_from(self, at: datetime) -> datetime:
        """`at` when contacts are made then, else the next moment at which they begin, by the operator's clock."""
        here = timezone.localtime(at)
        day = here.date()
        if self._is_open_on(day) and self.first <= here.time() < self.until:
            return at
        if here.time() >= self.first:
            day += timedelta(days=1)
        for ahead in range(DAYS_OF_WEEK):
            if self._is_open_on(day + timedelta(days=ahead)):
                return _at(day + timedelta(days=ahead), self.first)
        raise ValueError("no day of the week is left")

    def _is_open_on(self, day: date) -> bool:
        return day.isoweekday() not in self.quiet_days


def _at(day: date, when: time) -> datetime:
    """An hour that the change to summer time leaves out is the one after it."""
    found = timezone.make_aware(datetime.combine(day, when))
    return timezone.localtime(found.astimezone(UTC))


def window_start(now: datetime, days: int) -> datetime:
    """The beginning of a window of so many times 24 hours: a cap that is full is free again after exactly as much,
    also when the clocks change within it."""
    return now.astimezone(UTC) - timedelta(days=days)


def first_allowed(*, free_from: datetime, barred: Sequence[Period], hours: Hours) -> datetime | None:
    """The first moment from `free_from` on that lies in no barred day and within the hours; None when there is none."""
    at = hours.open_from(free_from)
    while running := [last for first, last in barred if _covers(first, last, timezone.localtime(at).date())]:
        ends = [last for last in running if last is not None]
        if len(ends) < len(running):
            return None
        at = hours.open_from(clock.midnight(max(ends) + timedelta(days=1)))
    return at


def _covers(first: date, last: date | None, day: date) -> bool:
    return first <= day and (last is None or day <= last)
