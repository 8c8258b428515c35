"""Pairs of columns worth comparing: spend within the fee, age of the handset within the tenure ... found, not listed.

Trees can only cut one column at a time, so a ratio costs them many cuts. On real customers (Cell2Cell) a dozen shares
are worth .01 of AUC; where they do not help rows held out, none is kept.
"""

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analytics.churn import forest
from analytics.churn.columns import Kind, numbers
from analytics.churn.features import Plan, share
from analytics.churn.forest import Growth

if TYPE_CHECKING:
    from analytics.churn.settings import Settings

QUICK = Growth(depth=6, rate=0.1, trees=200, patience=30)
# Columns whose pairs are tried: the strongest. 12 give 66 pairs.
STRONGEST = 12
DISTINCT = 10
ROWS = 40_000


def choose_shares(
    plan: Plan, frame: pd.DataFrame, matrix: np.ndarray, label: np.ndarray, fold: np.ndarray, settings: "Settings"
) -> list[tuple[str, str]]:
    """The pairs that a quick model uses most, or none when it does no better with them on the first fold."""
    if not settings.shares:
        return []
    rows = np.sort(np.random.default_rng(settings.seed).permutation(len(label))[:ROWS])
    matrix, label, inside = matrix[rows], label[rows], fold[rows] == 0
    plain = _Quick(matrix, label, inside, settings)
    names = _strongest_numbers(plan, plain.weights, matrix)
    pairs = list(combinations(names, 2))
    if not pairs:
        return []
    wanted = [column for column in plan.columns if column.name in names]
    read = {column.name: numbers(frame[column.name].iloc[rows], column) for column in wanted}
    extra = np.column_stack([share(read[a], read[b]) for a, b in pairs]).astype(np.float32)
    richer = _Quick(np.column_stack([matrix, extra]), label, inside, settings)
    if richer.loss >= plain.loss:
        return []
    used = richer.weights[matrix.shape[1] :]
    return [pairs[place] for place in np.argsort(-used, kind="stable")[: settings.shares] if used[place] > 0]


class _Quick:
    """A small model of the rows outside the fold: its loss inside, and how much it uses each feature."""

    def __init__(self, matrix: np.ndarray, label: np.ndarray, inside: np.ndarray, settings: "Settings") -> None:
        held_out = matrix[inside], label[inside]
        model = forest.grow(
            matrix[~inside], label[~inside], held_out, QUICK, seed=settings.seed, threads=settings.threads
        )
        self.loss = model.get_best_score()["validation"]["Logloss"]
        self.weights = np.asarray(model.get_feature_importance())


def _strongest_numbers(plan: Plan, weights: np.ndarray, matrix: np.ndarray) -> list[str]:
    numeric = {column.name for column in plan.columns if column.kind != Kind.CATEGORY}
    order = np.argsort(-weights[: len(plan.features)], kind="stable")
    features = plan.features
    own = [place for place in order if features[place].label in numeric and weights[place] > 0]
    return [features[place].label for place in own if len(np.unique(matrix[:, place])) > DISTINCT][:STRONGEST]
