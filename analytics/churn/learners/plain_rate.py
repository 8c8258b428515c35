"""Whether scores beat the plain rate, which gives every row the same chance. Judged on rows the model has not seen.

Two questions: do leavers rank above stayers by more than chance would make them (Mann and Whitney's test, with its
correction for ties), and is the log-loss lower than that of the rate itself. Both must be answered yes.
"""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from analytics.churn.learners.metrics import auc, prior_weights

# One in 200 models that tell nothing passes: 99 % of a normal distribution lies within so many deviations.
CERTAIN = 2.576
# Below so many rows of the rarer outcome the test says nothing, whatever it finds.
FEWEST = 8


@dataclass(frozen=True)
class AgainstPlainRate:
    """leavers: rows of the positive outcome, of so many persons (cases); deviations: of the ranks from chance; losses:
    mean log-loss a row."""

    rows: int
    leavers: int
    cases: int
    auc: float
    auc_by_chance: float
    deviations: float
    log_loss: float
    plain_log_loss: float

    @property
    def is_better(self) -> bool:
        enough = min(self.cases, self.rows - self.leavers) >= FEWEST
        return enough and self.deviations >= CERTAIN and self.log_loss < self.plain_log_loss

    def as_dict(self) -> dict[str, Any]:
        return {
            "better": self.is_better,
            "rows": self.rows,
            "leavers": self.leavers,
            "auc": round(self.auc, 5),
            "auc_by_chance": round(self.auc_by_chance, 5),
            "log_loss": round(self.log_loss, 6),
            "plain_log_loss": round(self.plain_log_loss, 6),
        }

    @classmethod
    def of(
        cls,
        label: np.ndarray,
        said: np.ndarray,
        *,
        rate: float,
        prior: float | None = None,
        groups: np.ndarray | None = None,
    ) -> Self:
        """label: both outcomes; said: probabilities; rate: the plain one, of the rows learnt from (or the prior).

        groups: the person of each row; leavers of one person are one case. auc_by_chance: what scores that tell
        nothing reach once in 200 times on so many leavers.
        """
        leavers, rows = int(label.sum()), len(label)
        cases = leavers if groups is None else len(np.unique(groups[label == 1]))
        alike = float(np.sqrt(leavers / cases))
        found, deviation = auc(label, said), alike * _deviation(said, leavers)
        weight = prior_weights(label, prior)
        return cls(
            rows,
            leavers,
            cases,
            found,
            min(1.0, 0.5 + CERTAIN * alike * _deviation(np.arange(rows), leavers)),
            (found - 0.5) / deviation if deviation else 0.0,
            _log_loss(label, said, weight),
            _log_loss(label, np.full(rows, prior or rate), weight),
        )


def _deviation(said: np.ndarray, leavers: int) -> float:
    """The standard deviation of the AUC of scores that tell nothing; 0 where all are equal."""
    rows = len(said)
    ties = np.unique(said, return_counts=True)[1].astype(np.float64)
    spread = (rows + 1) - (ties**3 - ties).sum() / (rows * (rows - 1))
    return float(np.sqrt(max(spread, 0.0) / (12 * leavers * (rows - leavers))))


def _log_loss(label: np.ndarray, said: np.ndarray, weight: np.ndarray) -> float:
    known = np.clip(said, 1e-6, 1 - 1e-6)
    return float(np.average(-(label * np.log(known) + (1 - label) * np.log(1 - known)), weights=weight))
