"""A fitted churn model: the columns it reads, the mixture of parts that scores them, calibration by cohort.

Parts of different kinds are weighted in log-odds, then calibrated; contributions of factors stay exact."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import pandas as pd

from analytics.churn.learners.calibration import Calibration, Cohorts, probability
from analytics.churn.learners.features import Plan
from analytics.churn.learners.leaf_tables import strongest
from retention.core.errors import Invalid

# A second part of less weight than this only costs time.
LEAST_WEIGHT = 0.08
STACKING_STEPS = 50


class Part(Protocol):
    """raw: (rows,) log-odds; contributions: (factors, rows); base + the column's sum is raw."""

    @property
    def base(self) -> float: ...
    def raw(self, matrix: np.ndarray) -> np.ndarray: ...
    def contributions(self, matrix: np.ndarray) -> np.ndarray: ...
    def weights(self) -> np.ndarray: ...


@dataclass(frozen=True)
class Mixture:
    """Without parts every row scores the calibration's intercept."""

    parts: tuple[Part, ...]
    weights: tuple[float, ...]
    calibration: Calibration

    @property
    def base(self) -> float:
        """Log-odds of a row without known values, before a cohort's curve and the shift to the true rate."""
        raw = sum(weight * part.base for weight, part in zip(self.weights, self.parts, strict=True))
        return self.calibration.slope * raw + self.calibration.intercept

    def log_odds(self, matrix: np.ndarray) -> np.ndarray:
        found = np.zeros(len(matrix))
        for weight, part in zip(self.weights, self.parts, strict=True):
            found += weight * part.raw(matrix)
        return self.calibration.slope * found + self.calibration.intercept

    def contributions(self, matrix: np.ndarray, factors: int) -> np.ndarray:
        """(factors, rows): base + the column's sum is `log_odds`."""
        found = np.zeros((factors, len(matrix)))
        for weight, part in zip(self.weights, self.parts, strict=True):
            added = part.contributions(matrix)
            added *= weight * self.calibration.slope
            found += added
        return found

    def used(self, factors: int) -> np.ndarray:
        """Importance of each factor, summing to 1."""
        found = np.zeros(factors)
        for weight, part in zip(self.weights, self.parts, strict=True):
            found += weight * part.weights()
        return found / (found.sum() or 1.0)


def mix(held_out_scores: Sequence[np.ndarray], label: np.ndarray) -> tuple[float, ...]:
    """Weights, summing to 1, that maximise the likelihood of the mixed held-out scores (logistic stacking).

    held_out_scores: out-of-sample raw scores of each part. A part of too little weight gets 0.
    """
    if len(held_out_scores) == 1:
        return (1.0,)
    columns = np.column_stack([*held_out_scores, np.ones(len(label))])
    weights = np.append(np.full(len(held_out_scores), 1 / len(held_out_scores)), 0.0)
    for _ in range(STACKING_STEPS):
        p = probability(columns @ weights)
        curve = (columns * (p * (1 - p) + 1e-9)[:, None]).T @ columns + 1e-6 * np.eye(len(weights))
        step = np.linalg.solve(curve, columns.T @ (label - p))
        weights += np.clip(step, -2, 2)
        if np.abs(step).max() < 1e-9:
            break
    found = np.maximum(weights[:-1], 0.0)
    found /= found.sum() or 1.0
    found[found < LEAST_WEIGHT] = 0.0
    if not found.any():
        return (1.0,) + (0.0,) * (len(held_out_scores) - 1)
    return tuple(float(one) for one in found / found.sum())


@dataclass(frozen=True)
class Explained:
    """Scores of rows and their contributions: base + the column's sum of contributions is log_odds, row by row.

    base: (rows,), the log-odds of a row of which only the cohort is known; contributions: (factors, rows).
    """

    log_odds: np.ndarray
    base: np.ndarray
    contributions: np.ndarray

    @property
    def probability(self) -> np.ndarray:
        return probability(self.log_odds)

    @property
    def additivity_error(self) -> float:
        """The largest distance between a score and the sum of its reasons, in log-odds."""
        if not len(self.log_odds):
            return 0.0
        return float(np.abs(self.base + self.contributions.sum(axis=0) - self.log_odds).max())

    def top(self, count: int) -> tuple[np.ndarray, np.ndarray]:
        """The `count` factors that raise each row most, as indexes into Plan.factors, and their contributions."""
        return strongest(self.contributions, count)


@dataclass
class ChurnModel:
    """own: mixtures fitted on one cohort alone, where better out of time; `general` scores the rest.

    notes: remarks on the fit, as sentences. held_out: out-of-sample probabilities of the training rows; known after a
    fit by folds, not stored with the artefact.
    """

    plan: Plan
    general: Mixture
    cohorts: Cohorts | None = None
    own: dict[int, Mixture] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    details: dict[str, Any] = field(default_factory=dict)
    held_out: np.ndarray | None = None

    @property
    def reads(self) -> list[str]:
        """Columns required in a table to be scored."""
        needed = [*self.plan.factors, *([self.cohorts.column] if self.cohorts else [])]
        return list(dict.fromkeys(needed))

    def matrix(self, frame: pd.DataFrame) -> np.ndarray:
        missing = [name for name in self.reads if name not in frame.columns]
        if missing:
            raise Invalid(f"The table lacks what the model was fitted on: {', '.join(missing)}.", code="other_features")
        return self.plan.matrix(frame)

    def probability(self, frame: pd.DataFrame) -> np.ndarray:
        return probability(self.log_odds(frame))

    def log_odds(self, frame: pd.DataFrame) -> np.ndarray:
        matrix, cohort = self.matrix(frame), self._cohort(frame)
        found = np.empty(len(frame))
        for mixture, rows in self._by_mixture(cohort):
            own = matrix if rows is None else matrix[rows]
            found[slice(None) if rows is None else rows] = mixture.log_odds(own)
        return self._bent(found, cohort)

    def explain(self, frame: pd.DataFrame) -> Explained:
        matrix, cohort = self.matrix(frame), self._cohort(frame)
        factors = len(self.plan.factors)
        plain, base = np.empty(len(frame)), np.empty(len(frame))
        added = np.empty((factors, len(frame)))
        for mixture, rows in self._by_mixture(cohort):
            own = matrix if rows is None else matrix[rows]
            place = slice(None) if rows is None else rows
            plain[place], base[place] = mixture.log_odds(own), mixture.base
            added[:, place] = mixture.contributions(own, factors)
        scored, start = self._bent(plain, cohort), self._bent(base, cohort)
        if self.cohorts is not None:
            added *= _stretch(plain - base, scored - start)
        return Explained(scored, start, added)

    def top_factors(self, count: int = 20) -> list[dict[str, Any]]:
        """[{"factor", "weight"}]: importance in the general mixture, weights summing to 1, largest first."""
        weights = self.general.used(len(self.plan.factors))
        order = np.argsort(-weights)[:count]
        return [{"factor": self.plan.factors[one], "weight": round(float(weights[one]), 4)} for one in order]

    def _cohort(self, frame: pd.DataFrame) -> np.ndarray | None:
        return None if self.cohorts is None else self.cohorts.of(frame)

    def _by_mixture(self, cohort: np.ndarray | None) -> list[tuple[Mixture, np.ndarray | None]]:
        """(mixture, its rows); None for all rows."""
        if cohort is None or not self.own:
            return [(self.general, None)]
        parted = [(mixture, np.flatnonzero(cohort == number)) for number, mixture in self.own.items()]
        rest = np.flatnonzero(~np.isin(cohort, list(self.own)))
        return [(mixture, rows) for mixture, rows in [*parted, (self.general, rest)] if len(rows)]

    def _bent(self, z: np.ndarray, cohort: np.ndarray | None) -> np.ndarray:
        """Applies the cohort's curve, then the shift to the true rate."""
        bent = z if self.cohorts is None or cohort is None else self.cohorts.bend(z, cohort)
        return bent + self.general.calibration.shift


def _stretch(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """A curve changes the whole score; contributions are scaled in proportion, so that they still add up."""
    still = np.abs(before) < 1e-12
    return np.where(still, 1.0, after / np.where(still, 1.0, before))
