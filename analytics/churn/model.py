"""A fitted churn model: plan, trees and calibration together. Scores any table with the columns it was fitted on."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from catboost import CatBoost

from analytics.churn.calibration import Calibration, probability
from analytics.churn.features import Plan
from analytics.churn.forest import as_document
from analytics.churn.reasons import ReasonTables, read_trees, strongest
from retention.core.errors import Invalid


@dataclass(frozen=True)
class Explained:
    """Scores of rows with their strongest factors. factors: numbers into `Plan.factors`, (rows, count)."""

    probability: np.ndarray
    factors: np.ndarray
    contributions: np.ndarray
    additivity_error: float


@dataclass
class ChurnModel:
    """notes: what about the fit a reader should know, as sentences. held_out: probabilities of the rows fitted on, each
    from the trees that did not see it; known after a fit by folds, not kept with the artefact."""

    plan: Plan
    forest: CatBoost
    calibration: Calibration
    notes: list[str] = field(default_factory=list)
    details: dict[str, Any] = field(default_factory=dict)
    held_out: np.ndarray | None = None

    @cached_property
    def tables(self) -> ReasonTables:
        """Made on first use: about a second for 1,500 trees."""
        return ReasonTables(*read_trees(as_document(self.forest)), self.plan.factor_shares())

    @property
    def base(self) -> float:
        """Log-odds of a row of which nothing is known."""
        return float(self.calibration.log_odds(np.array([self.tables.base]))[0])

    def probability(self, frame: pd.DataFrame) -> np.ndarray:
        return probability(self.log_odds(self.matrix(frame)))

    def log_odds(self, matrix: np.ndarray) -> np.ndarray:
        raw = self.forest.predict(matrix, prediction_type="RawFormulaVal", thread_count=-1)
        return self.calibration.log_odds(np.asarray(raw, dtype=np.float64))

    def contributions(self, matrix: np.ndarray) -> np.ndarray:
        """(factors, rows): what each source column adds to the calibrated log-odds; base + sum is `log_odds`."""
        found = self.tables.contributions(matrix)
        found *= self.calibration.slope
        return found

    def explain(self, frame: pd.DataFrame, count: int = 5) -> Explained:
        """Score and explain rows. additivity_error: the largest distance between the score and base + contributions."""
        matrix = self.matrix(frame)
        said = self.log_odds(matrix)
        found = self.contributions(matrix)
        error = float(np.abs(self.base + found.sum(axis=0) - said).max()) if len(frame) else 0.0
        factors, added = strongest(found, count)
        return Explained(probability(said), factors, added, error)

    def matrix(self, frame: pd.DataFrame) -> np.ndarray:
        missing = [name for name in self.plan.factors if name not in frame.columns]
        if missing:
            raise Invalid(f"The table lacks what the model was fitted on: {', '.join(missing)}.", code="other_features")
        return self.plan.matrix(frame)
