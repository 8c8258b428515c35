"""Leaving of the treated against the hold-out: difference, interval and verdict. Pure; statistics are of statsmodels.

Everybody found is counted in the arm drawn at finding, whatever came of it (intention to treat): also whom the gate
refused, nobody answered or another scenario called. That makes effects smaller, and honest.
"""

from dataclasses import dataclass
from enum import StrEnum

from scipy import stats

WINDOWS = (30, 60, 90)  # days after the finding
CONFIDENCE = 0.95
FEWEST_LINES, FEWEST_LEAVERS = 30, 5
# Arms that differ from their draw by more than chance does at this level were chosen by something else.
UNEVEN_BELOW = 0.001


class Verdict(StrEnum):
    NO_HOLDOUT = "no_holdout"
    TOO_EARLY = "too_early"
    TOO_FEW = "too_few"
    UNEVEN = "uneven"
    KEEPS = "keeps"
    DRIVES_AWAY = "drives_away"
    NOT_SHOWN = "not_shown"


@dataclass(frozen=True)
class Arm:
    """Lines of which it is known whether they left in the window, and of these those that left by choice."""

    lines: int = 0
    left: int = 0

    @property
    def rate(self) -> float | None:
        return self.left / self.lines if self.lines else None


@dataclass(frozen=True)
class Effect:
    """One window. difference: rate of the treated less that of the hold-out, below 0 where fewer leave; low, high: its
    interval (Newcombe); None where nothing may be said. more: lines of the hold-out still needed, where that is known.
    """

    days: int
    treated: Arm
    held_out: Arm
    verdict: Verdict
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    more: int | None = None


def judge(*, days: int, treated: Arm, held_out: Arm, share: float) -> Effect:
    """The effect in one window. share: of those found that should be held out, 0 to 1."""
    verdict = _what_forbids(treated, held_out, share)
    if verdict is not None:
        more = max(FEWEST_LINES - held_out.lines, 1) if verdict == Verdict.TOO_FEW else None
        return Effect(days, treated, held_out, verdict, more=more)
    low, high = _interval(treated, held_out)
    difference = treated.left / treated.lines - held_out.left / held_out.lines
    if high < 0:
        verdict = Verdict.KEEPS
    elif low > 0:
        verdict = Verdict.DRIVES_AWAY
    else:
        verdict = Verdict.NOT_SHOWN
    more = _more_needed(treated, held_out) if verdict == Verdict.NOT_SHOWN else None
    return Effect(days, treated, held_out, verdict, difference, low, high, more)


def _what_forbids(treated: Arm, held_out: Arm, share: float) -> Verdict | None:
    if share <= 0 and not held_out.lines:
        return Verdict.NO_HOLDOUT
    found = treated.lines + held_out.lines
    if not found:
        return Verdict.TOO_EARLY
    if held_out.lines < FEWEST_LINES or treated.left + held_out.left < FEWEST_LEAVERS:
        return Verdict.TOO_FEW
    if 0 < share < 1 and stats.binomtest(held_out.lines, found, share).pvalue < UNEVEN_BELOW:
        return Verdict.UNEVEN
    return None


def _interval(treated: Arm, held_out: Arm) -> tuple[float, float]:
    # Loading statsmodels takes a second or more; pages without an effect do not wait for it.
    from statsmodels.stats.proportion import confint_proportions_2indep

    low, high = confint_proportions_2indep(
        treated.left, treated.lines, held_out.left, held_out.lines, method="newcomb", alpha=1 - CONFIDENCE
    )
    return float(low), float(high)


def _more_needed(treated: Arm, held_out: Arm) -> int | None:
    """Lines of the hold-out still needed to see (power 80 %) a difference as large as the one observed; None where the
    rates are equal.
    """
    from statsmodels.stats.power import NormalIndPower
    from statsmodels.stats.proportion import proportion_effectsize

    size = proportion_effectsize(treated.left / treated.lines, held_out.left / held_out.lines)
    if not size:
        return None
    needed = NormalIndPower().solve_power(
        effect_size=abs(size), alpha=1 - CONFIDENCE, power=0.8, ratio=treated.lines / held_out.lines
    )
    return max(int(-(-needed // 1)) - held_out.lines, 0) or None
