"""CatBoost's trees as a part of a model: their raw score, and what each factor adds to it."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from catboost import CatBoost

from analytics.churn import forest
from analytics.churn.leaf_tables import ReasonTables
from analytics.churn.oblivious import read_trees, reason_tables


@dataclass
class Trees:
    """shares: what part of each feature's contribution goes to which factor, (features, factors)."""

    forest: CatBoost
    shares: np.ndarray

    @cached_property
    def tables(self) -> ReasonTables:
        """Made on first use: about a second for 1,500 trees."""
        return reason_tables(*read_trees(forest.as_document(self.forest)), self.shares)

    @property
    def base(self) -> float:
        return self.tables.base

    def raw(self, matrix: np.ndarray) -> np.ndarray:
        return forest.raw(self.forest, matrix)

    def contributions(self, matrix: np.ndarray) -> np.ndarray:
        return self.tables.contributions(matrix)

    def weights(self) -> np.ndarray:
        return self.tables.weights()
