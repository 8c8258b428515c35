"""When to call who has left: win-back rates by days since leaving, and which days stand out. Pure.

Each rate has its 95 % interval of Wilson. Days stand out when their interval lies above that of all others: of six
intervals by chance less often than once in twenty. Where they do not, the outcomes that are missing are counted: so
many that each interval in question is PRECISION wide on both sides.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from math import ceil

PRECISION = 0.05
# Fewer outcomes than for this rate, or more than for half, are never asked for.
LEAST_RATE, MOST_RATE = 0.05, 0.5


@dataclass(frozen=True)
class Days:
    """Days since leaving, both inclusive; key: in the address of the list."""

    first: int
    last: int

    @property
    def key(self) -> str:
        return f"{self.first}-{self.last}"


# Without gaps, up to the day on which a line is no longer to be won back (customers.profile.queries.leavers).
BINS = (Days(0, 14), Days(15, 30), Days(31, 60), Days(61, 90), Days(91, 120), Days(121, 180))
BINS_BY_KEY = {one.key: one for one in BINS}


@dataclass(frozen=True)
class WinBackRate:
    """Orders worked to their end so many days after leaving, and those of them that won the customer back."""

    days: Days
    orders: int
    won: int
    rate: float | None
    low: float
    high: float


class Verdict(Enum):
    NOTHING = auto()  # no order has been worked to its end
    TOO_FEW = auto()
    BEST = auto()  # `best` stands out
    ALIKE = auto()  # enough outcomes, and none stands out; `best` has the highest rate


@dataclass(frozen=True)
class Judgement:
    """more: outcomes that are missing, of the bins `where`."""

    verdict: Verdict
    best: WinBackRate | None = None
    more: int = 0
    where: tuple[Days, ...] = ()


def win_back_rates(counted: Mapping[Days, tuple[int, int]]) -> list[WinBackRate]:
    """One for each of BINS. counted: {days: (orders, won)}."""
    return [_rate(days, *counted.get(days, (0, 0))) for days in BINS]


def _rate(days: Days, orders: int, won: int) -> WinBackRate:
    # Loading statsmodels takes a second or more.
    from statsmodels.stats.proportion import proportion_confint

    if not orders:
        return WinBackRate(days, 0, 0, None, 0.0, 1.0)
    low, high = proportion_confint(won, orders, alpha=0.05, method="wilson")
    return WinBackRate(days, orders, won, won / orders, float(low), float(high))


def judge(rates: Sequence[WinBackRate]) -> Judgement:
    """Which days stand out. Days on which nobody was called are not compared: nothing speaks for or against them."""
    tried = [one for one in rates if one.rate is not None]
    if not tried:
        return Judgement(Verdict.NOTHING)
    best = max(tried, key=lambda one: (one.rate or 0.0, one.orders))
    rivals = [one for one in tried if one is not best and one.high >= best.low]
    if len(tried) > 1 and not rivals and best.won:
        return Judgement(Verdict.BEST, best)
    # With only one bin tried there is nothing to compare it with.
    asked = [best, *rivals] if len(tried) > 1 else list(rates)
    missing = {one.days: max(0, _outcomes_needed(one.rate, best.rate) - one.orders) for one in asked}
    if more := sum(missing.values()):
        where = tuple(days for days in BINS if missing.get(days))
        return Judgement(Verdict.TOO_FEW, best, more, where)
    return Judgement(Verdict.ALIKE, best)


def _outcomes_needed(rate: float | None, otherwise: float | None) -> int:
    """So that the 95 % interval of such a rate is PRECISION on both sides; otherwise: of days not tried yet."""
    from statsmodels.stats.proportion import samplesize_confint_proportion

    expected = next((one for one in (rate, otherwise) if one is not None), LEAST_RATE)
    return ceil(samplesize_confint_proportion(min(max(expected, LEAST_RATE), MOST_RATE), PRECISION, alpha=0.05))
