"""From a raw score to a probability, overall and within each tenure cohort.

Every step is linear in the log-odds, so that rows keep their order and reasons still add up: slope and intercept
(Platt), then a shift when the true rate is not the training rate. A cohort's log-odds then pass through a rising
curve of two straight pieces, learnt from held-out scores and drawn towards the identity (more pieces were tried and
fit noise). It is fitted only where the rarer outcome occurs often enough; a blank tenure is left as it is."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy as np
import pandas as pd

from analytics.churn.learners.columns import Column, Kind, numbers
from analytics.churn.learners.metrics import cohort_names, cohort_of

# With fewer rows of the rarer label a slope is at most 1: stretching scores on the word of so few would be noise.
ENOUGH_FOR_SLOPE = 30
SLOPES = (0.2, 5.0)
PLATT_STEPS = 50


@dataclass(frozen=True)
class Calibration:
    slope: float = 1.0
    intercept: float = 0.0
    shift: float = 0.0

    def log_odds(self, raw: np.ndarray) -> np.ndarray:
        return self.slope * raw + self.intercept + self.shift

    def probability(self, raw: np.ndarray) -> np.ndarray:
        return probability(self.log_odds(raw))


def fit_calibration(raw: np.ndarray, label: np.ndarray, prior: float | None = None) -> Calibration:
    """Fit on out-of-sample raw scores. prior: the true rate where the rows were sampled by label.

    The slope is shrunk by how far the scores beat the plain rate: by (G - 1) / G, where G is twice the log-likelihood
    gained (van Houwelingen and le Cessie 1990). Scores that tell nothing get the slope 0: every row is given the rate.
    """
    plain = logit(float(label.mean()))
    shift = 0.0 if prior is None else logit(prior) - plain
    few = min(label.sum(), len(label) - label.sum()) < ENOUGH_FOR_SLOPE
    slope = float(np.clip(_slope(raw, label), SLOPES[0], 1.0 if few else SLOPES[1]))
    fitted = _log_likelihood(label, slope * raw + _intercept(slope * raw, label))
    gained = 2 * (fitted - _log_likelihood(label, np.full(len(raw), plain)))
    if gained <= 1:
        return Calibration(0.0, plain, shift)
    slope *= (gained - 1) / gained
    return Calibration(slope, _intercept(slope * raw, label), shift)


def _slope(raw: np.ndarray, label: np.ndarray) -> float:
    """The slope of highest likelihood (Platt): Newton's method on standardised scores, steps halved while they lose."""
    spread = float(raw.std())
    if spread < 1e-9:
        return 0.0
    columns = np.column_stack([np.ones(len(raw)), (raw - raw.mean()) / spread])
    found = np.array([logit(float(label.mean())), 0.0])
    best = _log_likelihood(label, columns @ found)
    for _ in range(PLATT_STEPS):
        predicted = probability(columns @ found)
        curve = (columns * (predicted * (1 - predicted) + 1e-12)[:, None]).T @ columns
        step = np.linalg.solve(curve, columns.T @ (label - predicted))
        while (reached := _log_likelihood(label, columns @ (found + step))) < best and np.abs(step).max() > 1e-9:
            step /= 2
        found, best = found + step, max(best, reached)
        if np.abs(step).max() < 1e-9:
            break
    return float(found[1]) / spread


def _intercept(log_odds: np.ndarray, label: np.ndarray) -> float:
    """What to add, so that the mean probability is the rate: by bisection, which cannot run away."""
    rate = float(label.mean())
    low, high = logit(rate) - float(log_odds.max()), logit(rate) - float(log_odds.min())
    for _ in range(PLATT_STEPS):
        middle = (low + high) / 2
        if probability(log_odds + middle).mean() < rate:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _log_likelihood(label: np.ndarray, log_odds: np.ndarray) -> float:
    return float(label @ log_odds - np.logaddexp(0.0, log_odds).sum())


def probability(log_odds: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-np.clip(log_odds, -40, 40)))


def logit(rate: float) -> float:
    return float(np.log(rate / (1 - rate)))


ENOUGH_FOR_CURVE = 50  # minimum rows of the rarer outcome for a cohort's own curve
ENOUGH_FOR_KNOT = 100  # ... for each knot in it
KNOTS = 1
CURVE_SHRINKAGE = 1.0  # shrinkage towards the identity, in rows of log-odds 1
LEAST_SLOPE = 0.15
CURVE_STEPS = 60


@dataclass(frozen=True)
class Curve:
    """start + slope * z + sum of bends[i] * max(z - knots[i], 0)."""

    start: float = 0.0
    slope: float = 1.0
    knots: tuple[float, ...] = ()
    bends: tuple[float, ...] = ()

    def at(self, z: np.ndarray) -> np.ndarray:
        found = self.start + self.slope * z
        for knot, bend in zip(self.knots, self.bends, strict=True):
            found = found + bend * np.maximum(z - knot, 0.0)
        return found

    @property
    def least_slope(self) -> float:
        return float(np.min(self.slope + np.append(0.0, np.cumsum(self.bends))))


@dataclass(frozen=True)
class Cohorts:
    """column: of the table, in months; edges as in metrics.cohort_of; a curve for each cohort, in their order."""

    column: str
    edges: tuple[float, ...]
    curves: tuple[Curve, ...] = ()

    @property
    def names(self) -> list[str]:
        return cohort_names(self.edges)

    def of(self, frame: pd.DataFrame) -> np.ndarray:
        """The number of each row's cohort, -1 where its column is blank."""
        return cohort_of(numbers(frame[self.column], Column(self.column, Kind.NUMBER)), self.edges)

    def bend(self, z: np.ndarray, cohort: np.ndarray) -> np.ndarray:
        found = z.copy()
        for number, curve in enumerate(self.curves):
            inside = cohort == number
            found[inside] = curve.at(z[inside])
        return found

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, kept: dict[str, Any]) -> Self:
        curves = tuple(
            Curve(one["start"], one["slope"], tuple(one["knots"]), tuple(one["bends"])) for one in kept["curves"]
        )
        return cls(kept["column"], tuple(kept["edges"]), curves)


def fit_curves(cohorts: Cohorts, z: np.ndarray, label: np.ndarray, cohort: np.ndarray) -> Cohorts:
    """z: calibrated out-of-sample log-odds."""
    curves = [_fit_curve(z[cohort == number], label[cohort == number]) for number in range(len(cohorts.names))]
    return Cohorts(cohorts.column, cohorts.edges, tuple(curves))


def _fit_curve(z: np.ndarray, label: np.ndarray) -> Curve:
    rarer = int(min(label.sum(), len(label) - label.sum()))
    if rarer < ENOUGH_FOR_CURVE:
        return Curve()
    for count in range(min(KNOTS, rarer // ENOUGH_FOR_KNOT), -1, -1):
        knots = np.unique(np.quantile(z, np.linspace(0, 1, count + 2)[1:-1]))
        curve = _penalised(z, label, knots)
        if curve.least_slope >= LEAST_SLOPE:
            return curve
    return Curve()


def _penalised(z: np.ndarray, label: np.ndarray, knots: Sequence[float] | np.ndarray) -> Curve:
    """Newton's method on the log-likelihood, less PULL times the squared distance of slope and bends from 1 and 0."""
    columns = np.column_stack([np.ones(len(z)), z, *(np.maximum(z - knot, 0.0) for knot in knots)])
    identity = np.zeros(columns.shape[1])
    identity[1] = 1.0
    pull = np.full(len(identity), CURVE_SHRINKAGE)
    pull[0] = 1e-6
    found = identity.copy()
    for _ in range(CURVE_STEPS):
        p = probability(columns @ found)
        curve = (columns * (p * (1 - p))[:, None]).T @ columns + np.diag(pull)
        step = np.linalg.solve(curve, columns.T @ (label - p) - pull * (found - identity))
        found += np.clip(step, -2, 2)
        if np.abs(step).max() < 1e-9:
            break
    start, slope, *bends = (float(one) for one in found)
    return Curve(start, slope, tuple(float(knot) for knot in knots), tuple(bends))
