"""Bounds that hold at every look: the normal mixture of the sequential probability ratio test.

Robbins, Annals of Mathematical Statistics 41, 1970; as confidence sequences Howard, Ramdas, McAuliffe & Sekhon, Annals
of Statistics 49, 2021; for averages of any distribution Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas, Annals of
Statistics 52, 2024. With the error s of the difference, a mixture of effects N(0, t^2) and r = t^2 / s^2, the interval

    difference +- s sqrt((1 + 1/r) (ln(1 + r) - 2 ln alpha))

covers the true difference at all looks together with a chance of at least 1 - alpha (asymptotically). The effects of
the mixture are set before any data: for rates relative to the rate of all members, so that r grows with the events
seen, for values in their standard deviations.
"""

from typing import Any

import numpy as np

from analytics.evaluation.rules.arms import Arm, Sample
from analytics.evaluation.rules.differences import mean_difference, newcombe

# Standard deviation of the effects of the mixture: half of the rate, a tenth of the standard deviation of values.
RATE_SCALE, MEAN_SCALE = 0.5, 0.1
# Two-sided levels below this cannot be turned into a number of standard errors.
LEAST_LEVEL = 1e-12
# A number, or an array with one of each look.
Looked = Any


def critical_value(information: Looked, alpha: float) -> Looked:
    """How many standard errors the bound lies away. information: r above; infinite where nothing is known yet."""
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.sqrt((1 + 1 / np.asarray(information, float)) * (np.log1p(information) - 2 * np.log(alpha)))
    return np.where(np.asarray(information) > 0, found, np.inf)[()]


def rate_information(treated: Arm, control: Arm) -> float:
    """r of a difference of rates; 0 while nobody or everybody had the outcome."""
    return float(_information(treated.members, treated.events, control.members, control.events))


def mean_information(treated: Sample, control: Sample) -> float:
    """r of a difference of means; 0 while no arm varies."""
    found = mean_difference(treated, control)
    if found is None or not found.error:
        return 0.0
    freedom = treated.members + control.members - 2
    spread = (treated.variance * (treated.members - 1) + control.variance * (control.members - 1)) / freedom
    return MEAN_SCALE**2 * spread / found.error**2


def rate_bounds(treated: Arm, control: Arm, alpha: float) -> tuple[float, float]:
    """Always-valid interval of a difference of rates."""
    low, high = rate_bounds_at_looks(treated.members, treated.events, control.members, control.events, alpha)
    return float(low), float(high)


def rate_bounds_at_looks(
    treated: Looked, treated_events: Looked, control: Looked, control_events: Looked, alpha: float
) -> tuple[Looked, Looked]:
    """The same over arrays, one look an element: the interval of Newcombe at the critical value of the mixture, because
    the plain error is too small where an arm has few events. From -1 to 1 while an arm is empty.
    """
    value = critical_value(_information(treated, treated_events, control, control_events), alpha)
    with np.errstate(divide="ignore", invalid="ignore"):
        low, high = newcombe(treated, treated_events, control, control_events, two_sided_alpha(value))
    return np.nan_to_num(low, nan=-1.0), np.nan_to_num(high, nan=1.0)


def mean_bounds(treated: Sample, control: Sample, alpha: float) -> tuple[float, float] | None:
    """Always-valid interval of a difference of means; None where it cannot be told yet."""
    found, information = mean_difference(treated, control), mean_information(treated, control)
    if found is None or information <= 0:
        return None
    away = float(critical_value(information, alpha)) * found.error
    return found.value - away, found.value + away


def always_valid_p(z: float, information: float) -> float:
    """The p that may be read at any look: the alpha at which the bound just reaches 0. z: difference over its error."""
    if information <= 0:
        return 1.0
    log_p = np.log1p(information) / 2 - z**2 * information / (2 * (1 + information))
    return float(np.exp(min(log_p, 0.0)))


def two_sided_alpha(value: Looked) -> Looked:
    """The chance that a normal variable lies further away than `value`."""
    # Loading scipy.stats takes most of a second; a process that asks for none does not wait for it.
    from scipy import stats

    return np.maximum(2 * stats.norm.sf(value), LEAST_LEVEL)


def _information(treated: Looked, treated_events: Looked, control: Looked, control_events: Looked) -> Looked:
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = (np.asarray(treated_events, float) + control_events) / (np.asarray(treated, float) + control)
        variance = rate * (1 - rate) * (1 / np.asarray(treated, float) + 1 / np.asarray(control, float))
        found = RATE_SCALE**2 * rate**2 / variance
    return np.where(variance > 0, found, 0.0)[()]
