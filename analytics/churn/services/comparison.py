"""Two models on the same rows: a paired bootstrap of what one gains over the other, and calibration in every cohort.

Resampling draws lines, not scores, so what both models share cancels out (paired). A row drawn n times weighs n, which
lets both rankings be sorted once: one draw is a few cumulative sums.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from analytics.churn.learners import metrics

DRAWS = 400
LEVEL = 0.95
TOP = 0.10
# A cohort's calibration may be worse by chance alone: by this much, or by this part of what chance makes of it.
SLACK = 0.002
OF_CHANCE = 0.5


@dataclass(frozen=True)
class Gain:
    """A figure of both models and the interval of the difference, new less old."""

    old: float
    new: float
    low: float
    high: float

    @property
    def is_sure(self) -> bool:
        return self.low > 0


@dataclass(frozen=True)
class CohortCalibration:
    cohort: str
    rows: int
    old: float
    new: float
    chance: float

    @property
    def is_worse(self) -> bool:
        return self.new > self.old + max(SLACK, OF_CHANCE * self.chance)


@dataclass(frozen=True)
class Comparison:
    """gains: by figure (average_precision, lift_at_10, auc). is_better: significantly better and worse in no cohort."""

    rows: int
    gains: Mapping[str, Gain]
    cohorts: list[CohortCalibration]

    @property
    def is_better(self) -> bool:
        found = self.gains["average_precision"].is_sure and self.gains["lift_at_10"].is_sure
        return found and not any(one.is_worse for one in self.cohorts)

    def as_dict(self) -> dict[str, Any]:
        return {
            "rows": self.rows,
            "better": self.is_better,
            "gains": {name: asdict(gain) | {"sure": gain.is_sure} for name, gain in self.gains.items()},
            "cohorts": [asdict(one) | {"worse": one.is_worse} for one in self.cohorts],
        }


def compare(
    label: np.ndarray, old: np.ndarray, new: np.ndarray, cohort: np.ndarray, *, draws: int = DRAWS, seed: int = 11
) -> Comparison:
    """label: 0 or 1 of each row; old, new: probabilities by the two models; cohort: a name for each row."""
    label = np.asarray(label, dtype=np.float64)
    random = np.random.default_rng(seed)
    rankings = _Ranking(label, old), _Ranking(label, new)
    differences = np.empty((draws, 3))
    for draw in range(draws):
        weight = np.bincount(random.integers(0, len(label), len(label)), minlength=len(label)).astype(np.float64)
        differences[draw] = rankings[1].figures(weight) - rankings[0].figures(weight)
    ones = np.ones(len(label))
    was, now = rankings[0].figures(ones), rankings[1].figures(ones)
    low, high = np.quantile(differences, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    names = ("average_precision", "lift_at_10", "auc")
    gains = {
        name: Gain(*(round(float(value), 6) for value in (was[i], now[i], low[i], high[i])))
        for i, name in enumerate(names)
    }
    return Comparison(len(label), gains, _calibration(label, old, new, cohort))


class _Ranking:
    """Rows sorted by one model's score. Ties keep their order: scores of boosted trees hardly tie."""

    def __init__(self, label: np.ndarray, score: np.ndarray) -> None:
        self.order = np.argsort(-score, kind="stable")
        self.label = label[self.order]

    def figures(self, weight: np.ndarray) -> np.ndarray:
        """(average precision, lift of the top tenth, AUC) with a weight for each row."""
        own = weight[self.order]
        hits, rows = np.cumsum(own * self.label), np.cumsum(own)
        leavers, total = max(hits[-1], 1e-9), rows[-1]
        found = own * self.label
        precision = float((hits / np.maximum(rows, 1e-9) * found).sum() / leavers)
        lift = float(np.interp(TOP * total, rows, hits) / TOP / leavers)
        stayers = rows - hits
        auc = 1 - float(((stayers - own * (1 - self.label) / 2) * found).sum() / leavers / max(stayers[-1], 1e-9))
        return np.array([precision, lift, auc])


def _calibration(label: np.ndarray, old: np.ndarray, new: np.ndarray, cohort: np.ndarray) -> list[CohortCalibration]:
    found = []
    for name in sorted(set(cohort.astype(str))):
        inside = cohort.astype(str) == name
        ones = np.ones(int(inside.sum()))
        figures = (
            metrics.calibration_error(label[inside], old[inside], ones),
            metrics.calibration_error(label[inside], new[inside], ones),
            metrics.calibration_error_by_chance(new[inside], ones),
        )
        found.append(CohortCalibration(name, len(ones), *(round(value, 6) for value in figures)))
    return found
