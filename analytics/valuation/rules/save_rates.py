"""Save rate of a treatment: prior and randomised tests combined, with an interval. Pure.

A test of treated and control lines gives the log of the relative risk of leaving, L = ln(rt / rc), with the variance
1/a - 1/n + 1/b - 1/m (Katz, Baptista, Azen & Pike, Biometrics 34, 1978; half a leaver is added to each arm). The prior
is normal around ln(1 - rate) with variance 2 / weight, that of a test with `weight` leavers in each arm.
Tests are combined weighted by precision, and so is the prior with them (the conjugate normal). The save rate
is 1 - exp(L): negative where the treated leave more often than the control group.

A segment uses, in turn, tests of all lines, tests of its cohort or of its value band, and its own tests; each step
takes the result of the one before as its prior, with the configured weight again, because segments differ.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import exp, log, sqrt

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
    precision, weighted = 1 / variance, mean / variance
    for one in tests:
        found, its_variance = one.log_risk()
        precision += 1 / its_variance
        weighted += found / its_variance
    return weighted / precision, 1 / precision
