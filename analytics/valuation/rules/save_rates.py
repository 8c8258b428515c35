"""Save rate of a treatment: prior and randomised tests combined, with an interval. Pure.

A test of treated and control lines gives the log of the relative risk of leaving, L = ln(rt / rc), with the variance
1/a - 1/n + 1/b - 1/m (Katz, Baptista, Azen & Pike, Biometrics 34, 1978; half a leaver is added to each arm). The prior
is normal around ln(1 - rate) with variance 2 / weight, that of a test with `weight` leavers in each arm.
Tests are combined by random effects (statsmodels, Paule & Mandel): campaigns differ by more than chance, and what they
agree on is known no better than that. The prior and what tests say are weighted by precision (the conjugate normal).
The save rate is 1 - exp(L): negative where the treated leave more often than the control group.

A segment uses, in turn, tests of all lines, tests of its cohort or of its value band, and its own tests; each step
takes the result of the one before as its prior, with the configured weight again, because segments differ.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import exp, log, sqrt

import numpy as np

# Two-sided 95 %.
Z_95 = 1.959964


@dataclass(frozen=True)
class Arms:
    """A test: treated and control lines, leavers of each; cohort and band are "" for all."""

    cohort: str
    band: str
    treated: int
    treated_left: int
    control: int
    control_left: int

    @property
    def leavers(self) -> int:
        return self.treated_left + self.control_left

    def log_risk(self) -> tuple[float, float]:
        """(ln of the relative risk, its variance)."""
        a, n = self.treated_left + 0.5, self.treated + 0.5
        b, m = self.control_left + 0.5, self.control + 0.5
        return log(a / n) - log(b / m), max(1 / a - 1 / n + 1 / b - 1 / m, 1e-12)


@dataclass(frozen=True)
class Prior:
    """The prior of a Treatment."""

    rate: float
    weight: float
    enough: int


@dataclass(frozen=True)
class SaveRate:
    """rate, low and high: shares of leavers kept, negative for a harmful treatment. tests: number of tests used;
    leavers: in tests that cover the segment, used or not; needed: the minimum."""

    rate: float
    low: float
    high: float
    tests: int
    leavers: int
    needed: int

    @property
    def is_learned(self) -> bool:
        return self.tests > 0

    @property
    def does_harm(self) -> bool:
        return self.rate < 0


@dataclass(frozen=True)
class Measured:
    """What tests of a treatment show by themselves, the belief left out. people: of both arms; rate, low, high: shares
    of leavers kept."""

    tests: int
    people: int
    leavers: int
    rate: float
    low: float
    high: float


def measured(tests: Sequence[Arms]) -> Measured | None:
    """None without a test."""
    if not tests:
        return None
    mean, variance = _combined(tuple(tests))
    spread = Z_95 * sqrt(variance)
    people, leavers = sum(one.treated + one.control for one in tests), sum(one.leavers for one in tests)
    return Measured(len(tests), people, leavers, 1 - exp(mean), 1 - exp(mean + spread), 1 - exp(mean - spread))


def save_rate(belief: Prior, tests: Iterable[Arms], *, cohort: str, band: str) -> SaveRate:
    """The save rate of one treatment in a segment, from all its tests."""
    covering = [one for one in tests if one.cohort in ("", cohort) and one.band in ("", band)]
    mean, variance = log(1 - belief.rate), 2 / belief.weight
    heard = 0
    for level in range(3):
        group = [one for one in covering if (one.cohort != "") + (one.band != "") == level]
        if sum(one.leavers for one in group) < belief.enough:
            continue
        mean, variance = _pool(mean, 2 / belief.weight, group)
        heard += len(group)
    spread = Z_95 * sqrt(variance)
    seen = sum(one.leavers for one in covering)
    return SaveRate(
        1 - exp(mean), 1 - exp(mean + spread), 1 - exp(mean - spread), heard, seen, belief.enough
    )  # fmt: skip


def _pool(mean: float, variance: float, tests: Sequence[Arms]) -> tuple[float, float]:
    found, its_variance = _combined(tuple(tests))
    precision = 1 / variance + 1 / its_variance
    return (mean / variance + found / its_variance) / precision, 1 / precision


@lru_cache(maxsize=256)
def _combined(tests: tuple[Arms, ...]) -> tuple[float, float]:
    """(ln of the relative risk in all tests, its variance)."""
    effects, variances = zip(*(one.log_risk() for one in tests), strict=True)
    if len(tests) == 1:
        return effects[0], variances[0]
    # Loading statsmodels takes a second or more; pages without two tests of a treatment do not wait for it.
    from statsmodels.stats.meta_analysis import combine_effects

    found = combine_effects(np.array(effects), np.array(variances), method_re="iterated")
    return float(found.mean_effect_re), float(found.sd_eff_w_re**2)
