"""Difference of two arms with interval and p, for one look."""

from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np

from analytics.evaluation.rules.arms import Arm, Sample

LEVEL = 0.95


@dataclass(frozen=True)
class Difference:
    """Treated less control. error: standard error where both arms are alike; low, high: interval of one look; p: that
    a difference so large arises where there is none, two-sided.
    """

    value: float
    error: float
    low: float
    high: float
    p: float


def rate_difference(treated: Arm, control: Arm, level: float = LEVEL) -> Difference | None:
    """Interval of Newcombe (Statistics in Medicine 17, 1998, method 10), score test. None where an arm is empty."""
    # Loading statsmodels or scipy.stats takes a second or more; pages without an effect do not wait for it.
    from statsmodels.stats.proportion import test_proportions_2indep

    if not treated.members or not control.members:
        return None
    error = common_error(treated, control)
    low, high = rate_interval(treated, control, 1 - level)
    p = 1.0
    if error:
        with np.errstate(divide="ignore", invalid="ignore"):  # ratios that nobody asks for, of an arm without events
            found = test_proportions_2indep(
                treated.events, treated.members, control.events, control.members, method="score", compare="diff"
            )
        p = float(found.pvalue)
    return Difference(_rate(treated) - _rate(control), error, low, high, p)


def rate_interval(treated: Arm, control: Arm, alpha: float) -> tuple[float, float]:
    low, high = newcombe(treated.members, treated.events, control.members, control.events, alpha)
    return float(low), float(high)


def newcombe(treated: Any, treated_events: Any, control: Any, control_events: Any, alpha: Any) -> tuple[Any, Any]:
    """Interval of the difference that misses the true one with a chance of alpha; of numbers or of arrays."""
    from statsmodels.stats.proportion import confint_proportions_2indep

    return confint_proportions_2indep(treated_events, treated, control_events, control, method="newcomb", alpha=alpha)


def common_error(treated: Arm, control: Arm) -> float:
    """Standard error of the difference if both arms have the rate of all members."""
    rate = (treated.events + control.events) / (treated.members + control.members)
    return sqrt(rate * (1 - rate) * (1 / treated.members + 1 / control.members))


def mean_difference(treated: Sample, control: Sample, level: float = LEVEL) -> Difference | None:
    """Interval and test of Welch (unequal variances). None where an arm has fewer than two values."""
    from scipy import stats

    if min(treated.members, control.members) < 2:
        return None
    parts = treated.variance / treated.members, control.variance / control.members
    value, error = treated.mean - control.mean, sqrt(sum(parts))
    if not error:
        return Difference(value, 0.0, value, value, float(value == 0))
    freedom = error**4 / (parts[0] ** 2 / (treated.members - 1) + parts[1] ** 2 / (control.members - 1))
    low, high = stats.t.interval(level, freedom, loc=value, scale=error)
    found = stats.ttest_ind_from_stats(
        treated.mean, sqrt(treated.variance), treated.members,
        control.mean, sqrt(control.variance), control.members, equal_var=False,
    )  # fmt: skip
    return Difference(value, error, float(low), float(high), float(found.pvalue))


def _rate(arm: Arm) -> float:
    return arm.events / arm.members
