"""Two arms judged: what forbids a comparison, the bounds that fit how often somebody looks, and the verdict.

Everybody is counted in the arm that was drawn, whatever came of it (intention to treat): also whom the contact rules
refused, nobody answered or another campaign called. That makes effects smaller; it never makes one up.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from math import ceil, sqrt
from typing import Generic, TypeVar

from analytics.evaluation.rules.arms import Arm, Sample
from analytics.evaluation.rules.balance import is_uneven, sample_ratio_p
from analytics.evaluation.rules.differences import Difference, mean_difference, rate_difference, rate_interval
from analytics.evaluation.rules.sequential import (
    MEAN_SCALE,
    critical_value,
    mean_bounds,
    mean_information,
    rate_bounds,
    rate_information,
    two_sided_alpha,
)
from campaigns.experiments.rules import ALPHA, ALPHA_EARLY, ALPHA_END, members_for_size, members_needed

FEWEST_MEMBERS, FEWEST_EVENTS = 30, 5
# Rounds in which the critical value and the members that it needs find each other.
ROUNDS = 4


class Verdict(StrEnum):
    NO_CONTROL = "no_control"
    TOO_EARLY = "too_early"
    TOO_FEW = "too_few"
    UNEVEN = "uneven"
    HELPS = "helps"
    HARMS = "harms"
    NOT_SHOWN = "not_shown"


class Looks(StrEnum):
    """How often the figures are looked at: once (a table), again and again without an end (a scenario), or every day
    until an end that was set before (a campaign), where what is used up early is not there at the end.
    """

    ONCE = "once"
    REPEATED = "repeated"
    EARLY = "early"
    END = "end"

    @property
    def alpha(self) -> float:
        return {Looks.EARLY: ALPHA_EARLY, Looks.END: ALPHA_END}.get(self, ALPHA)

    @property
    def is_always_valid(self) -> bool:
        return self in (Looks.REPEATED, Looks.EARLY)


One = TypeVar("One", Arm, Sample)


@dataclass(frozen=True)
class Comparison(Generic[One]):
    """estimate: difference with the 95 % interval of one look; bounds: the interval that the verdict stands on; both
    None where nothing may be said. more: members of the control still needed to show a difference as large as the one
    observed, where that is known.
    """

    treated: One
    control: One
    verdict: Verdict
    estimate: Difference | None = None
    bounds: tuple[float, float] | None = None
    more: int | None = None


def judge(
    treated: Arm, control: Arm, *, share: float | None, looks: Looks, fewer_is_better: bool = True
) -> Comparison[Arm]:
    """Rates. share: of the members that should be control, 0 to 1; None where nobody knows what was drawn."""
    forbidden = _what_forbids(treated, control, share)
    if forbidden is None and not has_enough(treated, control):
        forbidden = Verdict.TOO_FEW
    if forbidden is not None:
        return _silent(treated, control, forbidden)
    alpha = looks.alpha
    bounds = rate_bounds(treated, control, alpha) if looks.is_always_valid else rate_interval(treated, control, alpha)
    verdict = _of_bounds(bounds, fewer_is_better)
    more = _more_for_rates(treated, control, looks) if verdict == Verdict.NOT_SHOWN else None
    return Comparison(treated, control, verdict, rate_difference(treated, control), bounds, more)


def has_enough(treated: Arm, control: Arm) -> bool:
    """Whether so much has happened that anything may be said of rates."""
    fewest = min(treated.members, control.members)
    return fewest >= FEWEST_MEMBERS and treated.events + control.events >= FEWEST_EVENTS


def judge_means(
    treated: Sample, control: Sample, *, share: float | None, looks: Looks, fewer_is_better: bool = False
) -> Comparison[Sample]:
    """Means of values."""
    forbidden = _what_forbids(treated, control, share)
    found = mean_difference(treated, control)
    if forbidden is not None or found is None or not found.error:
        return _silent(treated, control, forbidden or Verdict.TOO_FEW)
    alpha = looks.alpha
    if looks.is_always_valid:
        bounds = mean_bounds(treated, control, alpha) or (found.low, found.high)
    else:
        level = mean_difference(treated, control, 1 - alpha) or found
        bounds = level.low, level.high
    verdict = _of_bounds(bounds, fewer_is_better)
    more = _more_for_means(treated, control, found, looks) if verdict == Verdict.NOT_SHOWN else None
    return Comparison(treated, control, verdict, found, bounds, more)


def _what_forbids(treated: Arm | Sample, control: Arm | Sample, share: float | None) -> Verdict | None:
    if not share and not control.members:
        return Verdict.NO_CONTROL
    if not treated.members + control.members:
        return Verdict.TOO_EARLY
    if min(treated.members, control.members) < FEWEST_MEMBERS:
        return Verdict.TOO_FEW
    if share is not None and 0 < share < 1:
        p = sample_ratio_p((control.members, treated.members), (share, 1 - share))
        return Verdict.UNEVEN if is_uneven(p) else None
    return None


def _silent(treated: One, control: One, verdict: Verdict) -> Comparison[One]:
    more = _more_to_tell(treated, control) if verdict == Verdict.TOO_FEW else None
    return Comparison(treated, control, verdict, more=more)


def _more_to_tell(treated: Arm | Sample, control: Arm | Sample) -> int | None:
    """Further members of the control before anything may be said; None where too little has happened to know."""
    if control.members < FEWEST_MEMBERS:
        return FEWEST_MEMBERS - control.members
    if not isinstance(treated, Arm) or not isinstance(control, Arm):
        return None
    events = treated.events + control.events
    return max(ceil(control.members * (FEWEST_EVENTS / events - 1)), 1) if 0 < events < FEWEST_EVENTS else None


def _of_bounds(bounds: tuple[float, float], fewer_is_better: bool) -> Verdict:
    low, high = bounds
    if low <= 0 <= high:
        return Verdict.NOT_SHOWN
    return Verdict.HELPS if (high < 0) == fewer_is_better else Verdict.HARMS


def _more_for_rates(treated: Arm, control: Arm, looks: Looks) -> int | None:
    """None where the rates are equal: no number of members shows a difference of 0."""
    reached, base = treated.events / treated.members, control.events / control.members
    found = rate_information(treated, control)
    return _more(
        treated.members, control.members, looks, found,
        lambda share, alpha: members_needed(reached - base, base, share, alpha=alpha),
    )  # fmt: skip


def _more_for_means(treated: Sample, control: Sample, found: Difference, looks: Looks) -> int | None:
    information = mean_information(treated, control)
    size = found.value * MEAN_SCALE / (found.error * sqrt(information)) if information else 0.0
    return _more(
        treated.members, control.members, looks, information,
        lambda share, alpha: members_for_size(size, share, alpha=alpha),
    )  # fmt: skip


def _more(
    treated: int, control: int, looks: Looks, information: float, needed: Callable[[float, float], int | None]
) -> int | None:
    """Further members of the control. needed: members of both arms for a share of the control and an alpha; the alpha
    of an always-valid bound is that of its critical value with as many members.
    """
    there = treated + control
    alpha, wanted = looks.alpha, needed(control / there, looks.alpha)
    for _round in range(ROUNDS if looks.is_always_valid else 0):
        if wanted is None:
            break
        alpha = float(two_sided_alpha(critical_value(information * wanted / there, looks.alpha)))
        wanted = needed(control / there, alpha)
    return None if wanted is None else max(ceil(wanted * control / there) - control, 0) or None
