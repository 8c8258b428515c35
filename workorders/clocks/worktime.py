"""Working time as arithmetic: add so much of it to an instant, measure how much lies between two. Pure.

Instants are UTC microseconds (numpy int64), so that many are reckoned at once and nothing is rounded.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from workorders.clocks.hours import MINUTES_A_DAY, Shift

Instants = npt.NDArray[np.int64]
MINUTE = 60_000_000
DAY = 24 * 60 * MINUTE
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EPOCH_DAY = EPOCH.date()
_MICROSECOND = timedelta(microseconds=1)
# Looked ahead at first, and at most: who finds no work in so many days has none.
FIRST_DAYS, MOST_DAYS = 128, 366 * 12


class NoWorkingTime(Exception):
    """The calendar has no working time within years: what is due can never be."""


class Timekeeper(Protocol):
    """Both take arrays (or one array and one number) of equal length."""

    def add(self, start: Instants, amount: Instants) -> Instants:
        """The earliest instant by which `amount` of its time has passed since `start`; `start` itself for none."""

    def between(self, start: Instants, end: Instants) -> Instants:
        """How much of its time lies between; negative when `end` is the earlier one."""


class Elapsed:
    """Every minute counts: 24 hours, 7 days."""

    def add(self, start: Instants, amount: Instants) -> Instants:
        return np.asarray(start) + np.asarray(amount)

    def between(self, start: Instants, end: Instants) -> Instants:
        return np.asarray(end) - np.asarray(start)


@dataclass(frozen=True)
class _Table:
    """Stretches of work between two days since 1970, the last not included. before: work until each begins."""

    first: int
    last: int
    begins: Instants
    ends: Instants
    before: Instants

    @property
    def total(self) -> int:
        return int(self.before[-1] + self.ends[-1] - self.begins[-1]) if len(self.begins) else 0

    def until(self, at: Instants) -> Instants:
        """Work from the first day until `at`."""
        if not len(self.begins):
            return np.zeros(at.shape, np.int64)
        place = np.searchsorted(self.begins, at, side="right") - 1
        inside = np.minimum(at, self.ends[place]) - self.begins[place]
        return np.where(place < 0, 0, self.before[place] + inside)


class Worktime:
    """Only the shifts of each day count.

    shifts_on: the shifts of a day, on the clocks of `zone`. On the night the clocks change a shift lasts as long as it
    really does: an hour that is left out is not worked, one that comes twice is worked twice.
    """

    def __init__(self, shifts_on: Callable[[date], Sequence[Shift]], zone: ZoneInfo) -> None:
        self._shifts_on, self._zone = shifts_on, zone
        self._table: _Table | None = None  # replaced as a whole: threads share a calendar

    def add(self, start: Instants, amount: Instants) -> Instants:
        start, amount = np.asarray(start, np.int64), np.asarray(amount, np.int64)
        if start.size == 0:
            return start.copy()
        table = self._covering(int(start.min()), int(start.max()) + int(amount.max()))
        while table.total < int((target := table.until(start) + amount).max()):
            if table.last - table.first > MOST_DAYS:
                raise NoWorkingTime
            table = self._build(table.first, table.last + (table.last - table.first))
        if not len(table.begins):
            return start.copy()
        place = np.searchsorted(table.before + (table.ends - table.begins), target, side="left")
        place = np.minimum(place, len(table.begins) - 1)
        return np.where(amount > 0, table.begins[place] + target - table.before[place], start)

    def between(self, start: Instants, end: Instants) -> Instants:
        start, end = np.asarray(start, np.int64), np.asarray(end, np.int64)
        if start.size == 0 or end.size == 0:
            return np.zeros(0, np.int64)
        table = self._covering(int(min(start.min(), end.min())), int(max(start.max(), end.max())))
        return table.until(end) - table.until(start)

    def shifts(self, first: date, last: date) -> list[tuple[int, int]]:
        """The stretches of work of some days, the last included, as pairs of instants."""
        found: list[tuple[int, int]] = []
        for number in range((first - EPOCH_DAY).days, (last - EPOCH_DAY).days + 1):
            day = EPOCH_DAY + timedelta(days=number)
            for begin, end in self._shifts_on(day):
                begins, ends = self._instant(day, begin, fold=0), self._instant(day, end, fold=1)
                if found and begins <= found[-1][1]:
                    found[-1] = (found[-1][0], max(ends, found[-1][1]))
                elif ends > begins:
                    found.append((begins, ends))
        return found

    def _covering(self, low: int, high: int) -> "_Table":
        first, last, table = low // DAY - 2, high // DAY + 2, self._table
        if table is None:
            return self._build(first, max(last, first + FIRST_DAYS))
        if first < table.first or last > table.last:
            return self._build(min(first, table.first), max(last, table.last))
        return table

    def _build(self, first: int, last: int) -> "_Table":
        spans = self.shifts(EPOCH_DAY + timedelta(days=first), EPOCH_DAY + timedelta(days=last - 1))
        edges = np.array(spans, np.int64).reshape(-1, 2)
        lengths = edges[:, 1] - edges[:, 0]
        self._table = _Table(first, last, edges[:, 0], edges[:, 1], np.cumsum(lengths) - lengths)
        return self._table

    def _instant(self, day: date, minute: int, *, fold: int) -> int:
        """The instant of a time on the wall. Of one that comes twice the first (fold 0) or the second; of one that is
        left out, the moment at which the clocks jump."""
        if minute == MINUTES_A_DAY:
            day, minute = day + timedelta(days=1), 0
        wall = datetime.combine(day, time(minute // 60, minute % 60))
        instants = [to_instant(wall.replace(tzinfo=self._zone, fold=one)) for one in (0, 1)]
        if instants[0] <= instants[1]:
            return instants[fold]
        low, high = instants[1], instants[0]  # left out: the jump lies between
        offset = self._offset(low)
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self._offset(middle) == offset else (low, middle)
        return high

    def _offset(self, at: int) -> timedelta | None:
        return to_datetime(at).astimezone(self._zone).utcoffset()


def to_instant(at: datetime) -> int:
    """Microseconds since 1970 of an aware datetime; nothing is rounded."""
    return (at - EPOCH) // _MICROSECOND


def to_datetime(at: int) -> datetime:
    return EPOCH + timedelta(microseconds=int(at))


def add_minutes(keeper: Timekeeper, start: datetime, minutes: int) -> datetime:
    """The moment by which so many of the keeper's minutes have passed."""
    found = keeper.add(np.array([to_instant(start)]), np.array([minutes * MINUTE]))
    return to_datetime(found[0]).astimezone(start.tzinfo)


def minutes_between(keeper: Timekeeper, start: datetime, end: datetime) -> float:
    """How many of the keeper's minutes lie between; negative when `end` is the earlier one."""
    found = keeper.between(np.array([to_instant(start)]), np.array([to_instant(end)]))
    return int(found[0]) / MINUTE
