"""What a back-test says: counts of month ends added up, shares with their intervals, and the gain. Pure.

precision       of the lines found, the share that left by choice within the window
lift            precision / the same share of all live lines of the same line types and branches
share caught    of all lines that left by choice within the window, the share that the rule had found
net gain        sum over the lines found that left of  save rate x monthly spend x value of a yuan,  less the cost of a
                contact with each line found: `analytics.valuation`, with what happened in place of a probability

A line that is found at several month ends counts at each of them. The interval is that of Wilson (J. American
Statistical Association 22, 1927) and takes each line once, since the months of one line are no independent trials.
A window that is not over yet says nothing: its counts are None, never zero.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Self

MONTHS = 6
WINDOWS = (30, 60, 90)
HEADLINE = 60
# A lift whose interval lies between these is as good as none.
NO_LIFT = (0.8, 1.25)


class Verdict(StrEnum):
    BETTER = "better"
    WORSE = "worse"
    SAME = "same"
    TOO_FEW = "too_few"


@dataclass(frozen=True)
class Lines:
    """Lines of a month end; left: {window: those that left by choice within it}, gone: in any way."""

    lines: int = 0
    left: Mapping[int, int] = field(default_factory=lambda: dict.fromkeys(WINDOWS, 0))
    gone: Mapping[int, int] = field(default_factory=lambda: dict.fromkeys(WINDOWS, 0))

    def __add__(self, other: Self) -> "Lines":
        left, gone = ({w: a[w] + b[w] for w in WINDOWS} for a, b in ((self.left, other.left), (self.gone, other.gone)))
        return Lines(self.lines + other.lines, left, gone)


def total(parts: Iterable[Lines]) -> Lines:
    return sum(parts, start=Lines())


@dataclass(frozen=True)
class MonthEnd:
    """One month end. why: why nothing can be said of it, in words; then all else is empty.

    known_until: the last day whose departures are known. share: of the live lines, what the snapshot holds. top: the
    model's best lines, as many as were found. due: customers who would have had an order, one a cool-down. gains: {kind
    of treatment: yuan}, None while the window of HEADLINE is not over.
    """

    on: date
    known_until: date
    why: str = ""
    share: float = 1.0
    base: Lines = Lines()
    found: Lines = Lines()
    top: Lines | None = None
    due: int = 0
    gains: Mapping[str, float] | None = None

    def knows(self, window: int) -> bool:
        return not self.why and self.on + timedelta(days=window) <= self.known_until

    def left(self, window: int) -> int | None:
        return self.found.left[window] if self.knows(window) else None

    def gone(self, window: int) -> int | None:
        return self.found.gone[window] if self.knows(window) else None

    @property
    def hits(self) -> float | None:
        """In the whole base, also where the snapshot is a sample of it."""
        return None if self.why else self.found.lines / self.share

    @property
    def orders_a_day(self) -> float | None:
        return None if self.why else self.due / self.share / self.on.day


@dataclass(frozen=True)
class Window:
    """The month ends whose window of `days` is over, added up. once: lines found, each counted once."""

    days: int
    months: Sequence[MonthEnd]
    once: int

    @cached_property
    def found(self) -> Lines:
        return total(month.found for month in self.months)

    @cached_property
    def base(self) -> Lines:
        return total(month.base for month in self.months)

    @property
    def is_known(self) -> bool:
        return bool(self.months)

    @property
    def left(self) -> int | None:
        return self.found.left[self.days] if self.is_known else None

    @property
    def gone(self) -> int | None:
        return self.found.gone[self.days] if self.is_known else None

    @property
    def precision(self) -> float | None:
        return ratio(self.left, self.found.lines)

    @property
    def base_rate(self) -> float | None:
        return ratio(self.base.left[self.days], self.base.lines) if self.is_known else None

    @property
    def lift(self) -> float | None:
        return ratio(self.precision, self.base_rate)

    @property
    def share_caught(self) -> float | None:
        caught = sum(month.found.left[self.days] / month.share for month in self.months)
        return ratio(caught, self.base.left[self.days]) if self.is_known else None

    @property
    def top_precision(self) -> float | None:
        """Of the model's best lines, over the same month ends; None where one of them has no scores."""
        tops = [month.top for month in self.months if month.top is not None]
        if len(tops) < len(self.months):
            return None
        best = total(tops)
        return ratio(best.left[self.days], best.lines)

    @cached_property
    def interval(self) -> tuple[float, float] | None:
        return None if self.precision is None else wilson(self.precision, self.once)

    @property
    def verdict(self) -> Verdict | None:
        """Whether what was found leaves more often than the base; None where nothing was found or is known."""
        return None if self.interval is None or not self.base_rate else judge(self.interval, self.base_rate)


def ratio(part: float | None, whole: float | None) -> float | None:
    return None if part is None or not whole else part / whole


def wilson(share: float, lines: int) -> tuple[float, float]:
    """The 95 % interval of a share of so many lines."""
    # Loading scipy.stats takes most of a second; a process that asks for none does not wait for it.
    from scipy.stats import binomtest

    found = binomtest(round(share * lines), lines).proportion_ci(confidence_level=0.95, method="wilson")
    return float(found.low), float(found.high)


def judge(interval: tuple[float, float], base_rate: float) -> Verdict:
    low, high = interval
    if low > base_rate:
        return Verdict.BETTER
    if high < base_rate:
        return Verdict.WORSE
    if low >= NO_LIFT[0] * base_rate and high <= NO_LIFT[1] * base_rate:
        return Verdict.SAME
    return Verdict.TOO_FEW


@dataclass(frozen=True)
class Backtest:
    """months: oldest first. once: {window: lines found at month ends whose window is over, each counted once}.

    cap: customers a night, None without a limit. line_types: what the base is limited to, () for all.
    """

    months: Sequence[MonthEnd]
    once: Mapping[int, int]
    cap: int | None = None
    line_types: tuple[str, ...] = ()

    @property
    def judged(self) -> list[MonthEnd]:
        return [month for month in self.months if not month.why]

    def window(self, days: int) -> Window:
        return Window(days, [month for month in self.months if month.knows(days)], self.once.get(days, 0))

    @property
    def headline(self) -> Window:
        return self.window(HEADLINE)

    @property
    def hits_a_month(self) -> float | None:
        return mean([month.hits for month in self.judged])

    def gain(self, kind: str) -> float | None:
        """Yuan a month, of the month ends whose HEADLINE window is over."""
        return mean([month.gains[kind] / month.share for month in self.judged if month.gains is not None])

    @property
    def orders_a_day(self) -> float | None:
        """After the first month, which takes everybody for whom the rule held already; at most the nightly limit."""
        months = self.judged[1:] or self.judged
        wanted = mean([month.orders_a_day for month in months])
        return wanted if wanted is None or self.cap is None else min(wanted, float(self.cap))


def mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None
