"""Calibration within groups of tenure: what a score means for a newcomer is not what it means after ten years.

Every cohort's log-odds pass through a rising curve of two straight pieces, learnt from held-out scores and drawn
towards the identity (more pieces were tried and fit noise). It is fitted only where the rarer outcome is there often
enough; a blank tenure is left as it is.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy as np
import pandas as pd

from analytics.churn.calibration import probability
from analytics.churn.columns import Column, Kind, numbers
from analytics.churn.metrics import cohort_names, cohort_of

ENOUGH = 50  # rows of the rarer outcome for a cohort's own curve
A_KNOT = 100  # ... for each knot in it
KNOTS = 1
PULL = 1.0  # towards the identity, in rows of log-odds 1
LEAST_SLOPE = 0.15
STEPS = 60


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
    """z: calibrated log-odds of rows that had not been seen when they were said."""
    curves = [_fit_curve(z[cohort == number], label[cohort == number]) for number in range(len(cohorts.names))]
    return Cohorts(cohorts.column, cohorts.edges, tuple(curves))


def _fit_curve(z: np.ndarray, label: np.ndarray) -> Curve:
    rarer = int(min(label.sum(), len(label) - label.sum()))
    if rarer < ENOUGH:
        return Curve()
    for count in range(min(KNOTS, rarer // A_KNOT), -1, -1):
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
    pull = np.full(len(identity), PULL)
    pull[0] = 1e-6
    found = identity.copy()
    for _ in range(STEPS):
        p = probability(columns @ found)
        curve = (columns * (p * (1 - p))[:, None]).T @ columns + np.diag(pull)
        step = np.linalg.solve(curve, columns.T @ (label - p) - pull * (found - identity))
        found += np.clip(step, -2, 2)
        if np.abs(step).max() < 1e-9:
            break
    start, slope, *bends = (float(one) for one in found)
    return Curve(start, slope, tuple(float(knot) for knot in knots), tuple(bends))
