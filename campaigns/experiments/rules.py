"""Size and power of a comparison of two arms. Pure; the power is that of statsmodels.

Rates are compared on the scale of Cohen's h (Cohen, Statistical Power Analysis, 1988, chapter 6), on which the error of
an estimate does not depend on the rate: h = 2 asin sqrt(p) - 2 asin sqrt(q).
"""

from dataclasses import dataclass
from math import asin, ceil, pi, sin, sqrt

# The chance to show a change that is there, and to show one that is not.
POWER, ALPHA = 0.8, 0.05
# Of ALPHA, what looks before the end and the look at the end may each use up (docs/decisions/0032).
ALPHA_EARLY, ALPHA_END = 0.01, 0.04


def smallest_visible_difference(
    treated: int, control: int, base_rate: float, power: float = POWER, alpha: float = ALPHA
) -> float | None:
    """The smallest fall of the rate below `base_rate` that arms of these sizes show with this power, a share above 0.

    None where they show none: an arm is empty, the base rate is not between 0 and 1, or not even a fall to 0 is seen.
    """
    size = smallest_visible_size(treated, control, power, alpha)
    if size is None or not 0 < base_rate < 1:
        return None
    angle = 2 * asin(sqrt(base_rate)) - size
    return base_rate - sin(angle / 2) ** 2 if angle >= 0 else None


def smallest_visible_rise(
    treated: int, control: int, base_rate: float, power: float = POWER, alpha: float = ALPHA
) -> float | None:
    """The same for a rise above `base_rate`, which may be 0."""
    size = smallest_visible_size(treated, control, power, alpha)
    if size is None or not 0 <= base_rate < 1:
        return None
    angle = 2 * asin(sqrt(base_rate)) + size
    return sin(angle / 2) ** 2 - base_rate if angle <= pi else None


def smallest_visible_size(treated: float, control: float, power: float = POWER, alpha: float = ALPHA) -> float | None:
    """The smallest difference in standard deviations (Cohen's d, or h of rates); None where an arm is empty."""
    if min(treated, control) < 1:
        return None
    from statsmodels.stats.power import NormalIndPower

    found = NormalIndPower().solve_power(
        nobs1=control, ratio=treated / control, power=power, alpha=alpha, alternative="two-sided"
    )
    return float(found)


def members_needed(
    difference: float, base_rate: float, control_share: float, power: float = POWER, alpha: float = ALPHA
) -> int | None:
    """Members of both arms together that show a change of the rate from `base_rate` by `difference` (below 0: a fall).

    None where no number does: no difference, a rate outside 0 to 1, or a share that leaves an arm empty.
    """
    reached = base_rate + difference
    if not difference or not 0 <= base_rate <= 1 or not 0 <= reached <= 1:
        return None
    return members_for_size(2 * asin(sqrt(reached)) - 2 * asin(sqrt(base_rate)), control_share, power, alpha)


def members_for_size(size: float, control_share: float, power: float = POWER, alpha: float = ALPHA) -> int | None:
    """Members of both arms together that show a difference of so many standard deviations."""
    if not size or not 0 < control_share < 1:
        return None
    from statsmodels.stats.power import NormalIndPower

    ratio = (1 - control_share) / control_share
    control = NormalIndPower().solve_power(effect_size=abs(size), ratio=ratio, power=power, alpha=alpha)
    return ceil(float(control) / control_share)


@dataclass(frozen=True)
class Visibility:
    """What an experiment can show before it runs. smallest: fall of the rate that is seen, None where none is;
    needed: people with whom the halving of the base rate is seen, None where that cannot be known.
    """

    people: int
    control: int
    base_rate: float
    smallest: float | None
    needed: int | None

    @property
    def treated(self) -> int:
        return self.people - self.control


def visibility(*, people: int, control_share: float, base_rate: float) -> Visibility:
    """What so many people show at the end of the experiment, where the share of `control_share` is held out."""
    control = round(people * control_share)
    smallest = smallest_visible_difference(people - control, control, base_rate, alpha=ALPHA_END)
    needed = members_needed(-base_rate / 2, base_rate, control_share, alpha=ALPHA_END)
    return Visibility(people, control, base_rate, smallest, needed)
