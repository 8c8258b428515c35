"""Each kind of part by folds: fitted without each fold and averaged, with what each said of the fold it did not see."""

from collections.abc import Sequence

import numpy as np
from catboost import CatBoost
from joblib import Parallel, delayed
from threadpoolctl import threadpool_limits

from analytics.churn import forest
from analytics.churn.calibration import probability
from analytics.churn.forest import Growth
from analytics.churn.linear import Linear, average_lines, fit_line, learn_scales
from analytics.churn.settings import Settings
from analytics.churn.shallow import Shallow, average_shallow, grow_shallow
from analytics.churn.trees import Trees


def fit_trees(
    matrix: np.ndarray, label: np.ndarray, fold: np.ndarray, shares: np.ndarray, settings: Settings
) -> tuple[Trees, np.ndarray, Growth]:
    growth = _choose_growth(matrix, label, fold, settings)
    models, said = _grow_folds(matrix, label, fold, growth, settings)
    return Trees(forest.average(models), shares), said, growth


def fit_lines(
    matrix: np.ndarray, label: np.ndarray, fold: np.ndarray, shares: np.ndarray, settings: Settings
) -> tuple[Linear, np.ndarray]:
    scales, lines, said = learn_scales(matrix), [], np.zeros(len(label))
    for number in range(int(fold.max()) + 1):
        inside = fold == number
        line = fit_line(matrix[~inside], label[~inside], scales, shares, settings.seed + number)
        lines.append(line)
        said[inside] = line.raw(matrix[inside])
    return average_lines(lines), said


def fit_shallow(
    matrix: np.ndarray, label: np.ndarray, fold: np.ndarray, shares: np.ndarray, settings: Settings
) -> tuple[Shallow, np.ndarray]:
    numbers = range(int(fold.max()) + 1)
    # A fold a thread: threads within one fit wait for each other by spinning, ten times as long beside other work.
    with threadpool_limits(1):
        models = Parallel(n_jobs=settings.threads, prefer="threads")(
            delayed(grow_shallow)(matrix[fold != number], label[fold != number], seed=settings.seed + number)
            for number in numbers
        )
        said = np.zeros(len(label))
        for number, model in zip(numbers, models, strict=True):
            said[fold == number] = model.decision_function(matrix[fold == number])
    return average_shallow(models, shares), said


def _rounds(rows: int) -> int:
    """Small tables are grown twice with other seeds: what one forest happens to see weighs less (AUC + .0002)."""
    return 2 if rows < 20_000 else 1


def _rate(rows: int) -> float:
    return 0.04 if rows < 20_000 else 0.08 if rows < 60_000 else 0.12


def _choose_growth(matrix: np.ndarray, label: np.ndarray, fold: np.ndarray, settings: Settings) -> Growth:
    """The depth that tells the first two folds best."""
    candidates = [Growth(depth, _rate(len(label))) for depth in settings.depths]
    if len(candidates) == 1:
        return candidates[0]
    first = fold < 2
    losses = []
    for growth in candidates:
        _, said = _grow_folds(matrix, label, fold, growth, settings, only=(0, 1))
        losses.append(log_loss(label[first], said[first]))
    return candidates[int(np.argmin(losses))]


def _grow_folds(
    matrix: np.ndarray,
    label: np.ndarray,
    fold: np.ndarray,
    growth: Growth,
    settings: Settings,
    only: Sequence[int] = (),
) -> tuple[list[CatBoost], np.ndarray]:
    models, said = [], np.zeros(len(label))
    for number in only or range(int(fold.max()) + 1):
        inside = fold == number
        held_out = matrix[inside], label[inside]
        grown = [
            forest.grow(matrix[~inside], label[~inside], held_out, growth, seed=seed, threads=settings.threads)
            for seed in _seeds(settings.seed + number, 1 if only else _rounds(len(label)))
        ]
        models += grown
        said[inside] = np.mean([forest.raw(model, held_out[0]) for model in grown], axis=0)
    return models, said


def _seeds(first: int, count: int) -> range:
    return range(first, first + 1000 * count, 1000)


def log_loss(label: np.ndarray, raw: np.ndarray) -> float:
    said = np.clip(probability(raw), 1e-12, 1 - 1e-12)
    return float(-np.mean(label * np.log(said) + (1 - label) * np.log(1 - said)))
