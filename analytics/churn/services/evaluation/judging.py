"""Models of a prepared table, each judged on rows it has not seen."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from analytics.churn.learners.calibration import Cohorts
from analytics.churn.learners.fitting import assign_folds, fit
from analytics.churn.learners.model import ChurnModel
from analytics.churn.learners.settings import Settings
from analytics.churn.queries.cells.labels import same_value
from analytics.churn.services.evaluation.preparation import Prepared
from retention.core.errors import Invalid

REASONS = 5
FIRST_SEED = 7


@dataclass
class Judged:
    """Out-of-sample predictions of the models of one round. rates: the rate of the rows that each model learnt from;
    offered: how many rows it could have learnt from."""

    probability: np.ndarray
    seen: np.ndarray
    rates: list[float] = field(default_factory=list)
    offered: list[int] = field(default_factory=list)
    weights: dict[str, float] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=lambda: {"fit": 0.0, "score": 0.0, "reason": 0.0})
    additivity_error: float = 0.0
    models: list[ChurnModel] = field(default_factory=list)


def judge(prepared: Prepared, repeat: int, settings: Settings | None) -> Judged:
    """One round over the folds, or over the split."""
    rows = len(prepared.label)
    judged = Judged(np.zeros(rows), np.zeros(rows, dtype=bool))
    for train, test in parts(prepared, repeat):
        _judge_part(judged, prepared, train, test, settings)
    return judged


def parts(prepared: Prepared, repeat: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Training and judged rows of each fold or of the split. No group has rows in both.

    A split that runs through groups is taken by folds of groups: each is judged by a model of the other groups.
    """
    task, label, groups = prepared.task, prepared.label, prepared.groups
    if task.split is None:
        fold = assign_folds(label, task.folds, FIRST_SEED + repeat, groups)
        for number in range(task.folds):
            yield _checked(label, fold != number, fold == number)
        return
    train = same_value(prepared.frame[task.split[0]], task.split[1])
    for part, name in ((train, "train on"), (~train, "judge")):
        if len(np.unique(label[part])) < 2:
            raise Invalid(f"The rows to {name} hold only one outcome or none.", code="one_class")
    if not split_groups(prepared):
        yield train, ~train
        return
    fold = assign_folds(label, task.folds, FIRST_SEED, groups)
    for number in range(task.folds):
        inside = fold == number
        if (~train & inside).any():
            yield _checked(label, train & ~inside, ~train & inside)


def split_groups(prepared: Prepared) -> int:
    """How many groups have rows on both sides of the split."""
    if prepared.groups is None or prepared.task.split is None:
        return 0
    train = same_value(prepared.frame[prepared.task.split[0]], prepared.task.split[1])
    return len(np.intersect1d(prepared.groups[train], prepared.groups[~train]))


def _checked(label: np.ndarray, train: np.ndarray, test: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    if len(np.unique(label[train])) < 2:
        raise Invalid("Too few groups: the rows to train on hold only one outcome in a fold.", code="too_few")
    return train, test


def _judge_part(
    judged: Judged, prepared: Prepared, train: np.ndarray, test: np.ndarray, settings: Settings | None
) -> None:
    task, features, label, groups = prepared.task, prepared.features, prepared.label, prepared.groups
    begun = time.perf_counter()
    model = fit(
        features[train],
        label[train],
        settings=settings,
        prior=task.prior,
        groups=None if groups is None else groups[train],
        cohorts=Cohorts(*task.cohort) if task.cohort else None,
    )
    model.top_factors()  # makes the tables that reasons are read from, so that their second counts as fitting
    fitted = time.perf_counter()
    said = model.probability(features[test])
    scored = time.perf_counter()
    found = model.explain(features[test])
    found.top(REASONS)
    explained = time.perf_counter()
    judged.probability[test] = said
    judged.seen |= test
    judged.additivity_error = max(judged.additivity_error, found.additivity_error)
    for name, weight in zip(model.plan.factors, np.abs(found.contributions).sum(axis=1), strict=True):
        judged.weights[name] = judged.weights.get(name, 0.0) + float(weight)
    for step, seconds in (("fit", fitted - begun), ("score", scored - fitted), ("reason", explained - scored)):
        judged.seconds[step] += seconds
    judged.models.append(model)
    judged.rates.append(float(label[train].mean()))
    judged.offered.append(int(train.sum()))
