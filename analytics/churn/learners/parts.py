"""Fitting the parts of a mixture fold by fold, and selecting pairs of columns for ratio features.

Trees can only cut one column at a time, so a ratio (spend within the fee, age of the handset within the tenure)
costs them many cuts. On real customers (Cell2Cell) a dozen ratios are worth .01 of AUC; without a gain on held-out
rows none is used."""

from collections.abc import Sequence
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from threadpoolctl import threadpool_limits

from analytics.churn.learners import forest
from analytics.churn.learners.calibration import probability
from analytics.churn.learners.columns import Kind, numbers
from analytics.churn.learners.features import Plan, share
from analytics.churn.learners.forest import Growth, Trees
from analytics.churn.learners.linear import Linear, average_lines, fit_line, learn_scales
from analytics.churn.learners.settings import Settings
from analytics.churn.learners.shallow import Shallow, average_shallow, grow_shallow


def fit_trees(
    matrix: np.ndarray, label: np.ndarray, fold: np.ndarray, shares: np.ndarray, settings: Settings
) -> tuple[Trees, np.ndarray, Growth]:
    growth = _choose_growth(matrix, label, fold, settings)
    models, scores = _grow_folds(matrix, label, fold, growth, settings)
    return Trees(forest.average_forests(models), shares), scores, growth


def fit_lines(
    matrix: np.ndarray, label: np.ndarray, fold: np.ndarray, shares: np.ndarray, settings: Settings
) -> tuple[Linear, np.ndarray]:
    scales, lines, scores = learn_scales(matrix), [], np.zeros(len(label))
    for number in range(int(fold.max()) + 1):
        inside = fold == number
        line = fit_line(matrix[~inside], label[~inside], scales, shares, settings.seed + number)
        lines.append(line)
        scores[inside] = line.raw(matrix[inside])
    return average_lines(lines), scores


def fit_shallow(
    matrix: np.ndarray, label: np.ndarray, fold: np.ndarray, shares: np.ndarray, settings: Settings
) -> tuple[Shallow, np.ndarray]:
    numbers = range(int(fold.max()) + 1)
    # One thread per fold: threads within one fit spin while waiting, ten times as long beside other work.
    with threadpool_limits(1):
        models = Parallel(n_jobs=settings.threads, prefer="threads")(
            delayed(grow_shallow)(matrix[fold != number], label[fold != number], seed=settings.seed + number)
            for number in numbers
        )
        scores = np.zeros(len(label))
        for number, model in zip(numbers, models, strict=True):
            scores[fold == number] = model.decision_function(matrix[fold == number])
    return average_shallow(models, shares), scores


def _rounds(rows: int) -> int:
    """Small tables are fitted twice with other seeds, which reduces variance (AUC + .0002)."""
    return 2 if rows < 20_000 else 1


def _rate(rows: int) -> float:
    return 0.04 if rows < 20_000 else 0.08 if rows < 60_000 else 0.12


def _choose_growth(matrix: np.ndarray, label: np.ndarray, fold: np.ndarray, settings: Settings) -> Growth:
    """The depth with the lowest loss on the first two folds."""
    candidates = [Growth(depth, _rate(len(label)), settings.trees) for depth in settings.depths]
    if len(candidates) == 1:
        return candidates[0]
    first = fold < 2
    losses = []
    for growth in candidates:
        _, scores = _grow_folds(matrix, label, fold, growth, settings, only=(0, 1))
        losses.append(log_loss(label[first], scores[first]))
    return candidates[int(np.argmin(losses))]


def _grow_folds(
    matrix: np.ndarray,
    label: np.ndarray,
    fold: np.ndarray,
    growth: Growth,
    settings: Settings,
    only: Sequence[int] = (),
) -> "tuple[list[CatBoost], np.ndarray]":
    models, scores = [], np.zeros(len(label))
    for number in only or range(int(fold.max()) + 1):
        inside = fold == number
        held_out = matrix[inside], label[inside]
        grown = [
            forest.grow_forest(matrix[~inside], label[~inside], held_out, growth, seed=seed, threads=settings.threads)
            for seed in _seeds(settings.seed + number, 1 if only else _rounds(len(label)))
        ]
        models += grown
        scores[inside] = np.mean([forest.raw_scores(model, held_out[0]) for model in grown], axis=0)
    return models, scores


def _seeds(first: int, count: int) -> range:
    return range(first, first + 1000 * count, 1000)


def log_loss(label: np.ndarray, raw: np.ndarray) -> float:
    scores = np.clip(probability(raw), 1e-12, 1 - 1e-12)
    return float(-np.mean(label * np.log(scores) + (1 - label) * np.log(1 - scores)))


if TYPE_CHECKING:
    from catboost import CatBoost

    from analytics.churn.learners.settings import Settings

QUICK = Growth(depth=6, rate=0.1, trees=200, patience=30)
# Number of the strongest columns whose pairs are tried: 12 give 66 pairs.
STRONGEST_COLUMNS = 12
DISTINCT_VALUES = 10
SHARE_ROWS = 40_000


def choose_shares(
    plan: Plan, frame: pd.DataFrame, matrix: np.ndarray, label: np.ndarray, fold: np.ndarray, settings: "Settings"
) -> list[tuple[str, str]]:
    """The pairs with the highest importance in a quick model, or none without a gain on the first fold."""
    if not settings.shares:
        return []
    rows = np.sort(np.random.default_rng(settings.seed).permutation(len(label))[:SHARE_ROWS])
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
    """A small model of the rows outside the fold: its loss inside, and the importance of each feature."""

    def __init__(self, matrix: np.ndarray, label: np.ndarray, inside: np.ndarray, settings: "Settings") -> None:
        held_out = matrix[inside], label[inside]
        model = forest.grow_forest(
            matrix[~inside], label[~inside], held_out, QUICK, seed=settings.seed, threads=settings.threads
        )
        self.loss = model.get_best_score()["validation"]["Logloss"]
        self.weights = np.asarray(model.get_feature_importance())


def _strongest_numbers(plan: Plan, weights: np.ndarray, matrix: np.ndarray) -> list[str]:
    numeric = {column.name for column in plan.columns if column.kind != Kind.CATEGORY}
    order = np.argsort(-weights[: len(plan.features)], kind="stable")
    features = plan.features
    own = [place for place in order if features[place].label in numeric and weights[place] > 0]
    return [features[place].label for place in own if len(np.unique(matrix[:, place])) > DISTINCT_VALUES][
        :STRONGEST_COLUMNS
    ]
