"""The learner judged on any table: by folds, or trained on one part and judged on the other."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from analytics.churn.learners import metrics
from analytics.churn.learners.calibration import Cohorts
from analytics.churn.learners.columns import Column, Kind, numbers
from analytics.churn.learners.fitting import assign_folds, fit
from analytics.churn.learners.model import ChurnModel
from analytics.churn.learners.settings import Settings
from retention.core.errors import Invalid

REASONS = 5
TOO_GOOD = 0.97


@dataclass(frozen=True)
class Task:
    """A learning task on a table. split: column and training value; cohort: column and edges.

    repeats: how often the folds are drawn anew; the figures are means. prior: the true rate of the positive value,
    where the table's rows were picked to another.
    """

    target: str
    positive: str
    id_column: str = ""
    ignore: Sequence[str] = ()
    folds: int = 5
    repeats: int = 1
    split: tuple[str, str] | None = None
    prior: float | None = None
    cohort: tuple[str, tuple[float, ...]] | None = None

    @property
    def set_aside(self) -> list[str]:
        """Columns that are no features."""
        named = [self.target, self.id_column, *self.ignore, self.split[0] if self.split else ""]
        return [name for name in dict.fromkeys(named) if name]


@dataclass
class _Judged:
    """Out-of-sample predictions of the models of one round."""

    probability: np.ndarray
    seen: np.ndarray
    weights: dict[str, float] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=lambda: {"fit": 0.0, "score": 0.0, "reason": 0.0})
    additivity_error: float = 0.0
    models: list[ChurnModel] = field(default_factory=list)


def evaluate(frame: pd.DataFrame, task: Task, settings: Settings | None = None) -> dict[str, Any]:
    """Accuracy figures, dropped and suspected columns, and notes.

    frame: text columns, as from `table.read_table`. Invalid, in a sentence, when it cannot be judged.
    """
    _check(frame, task)
    known = frame[task.target].notna()
    frame = frame[known].reset_index(drop=True)
    label = _equals(frame[task.target], task.positive).astype(np.float64)
    _check_label(label, task)
    features = frame.drop(columns=task.set_aside)
    rounds = []
    for repeat in range(task.repeats):
        judged = _Judged(np.zeros(len(frame)), np.zeros(len(frame), dtype=bool))
        for train, test in _parts(frame, label, task, repeat):
            _judge(judged, features, label, train, test, task, settings)
        rounds.append(judged)
    return _report(rounds, frame, label, task, blank_targets=int((~known).sum()))


def _judge(
    judged: _Judged, features: pd.DataFrame, label: np.ndarray, train: np.ndarray, test: np.ndarray, task: Task,
    settings: Settings | None,
) -> None:  # fmt: skip
    begun = time.perf_counter()
    cohorts = Cohorts(*task.cohort) if task.cohort else None
    model = fit(features[train], label[train], settings=settings, prior=task.prior, cohorts=cohorts)
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


def _report(
    rounds: Sequence[_Judged], frame: pd.DataFrame, label: np.ndarray, task: Task, blank_targets: int
) -> dict[str, Any]:
    seen = rounds[0].seen
    models = [model for judged in rounds for model in judged.models]
    seconds = {step: sum(judged.seconds[step] for judged in rounds) for step in rounds[0].seconds}
    figures = [metrics.summary(label[seen], judged.probability[seen], task.prior) for judged in rounds]
    report: dict[str, Any] = {
        "rows": len(frame),
        "judged_rows": int(seen.sum()),
        "features": max(len(model.plan.factors) for model in models),
        "positive_rate": round(float(label.mean()), 6),
        "prior": task.prior,
        "protocol": _protocol(task),
        **_means(figures),
        "ece_bins": f"{metrics.BINS} of equal weight",
        **{f"{step}_seconds": round(taken, 3) for step, taken in seconds.items()},
        "reason_us_per_row": round(1e6 * seconds["reason"] / max(1, int(seen.sum()) * len(rounds)), 2),
        "additivity_error": max(judged.additivity_error for judged in rounds),
        "top_factors": _top_factors(rounds),
        "dropped": _distinct(asdict(one) for model in models for one in model.plan.dropped),
        "suspicious": _suspicious(models),
        "notes": _notes(models, max(one["auc"] for one in figures), blank_targets),
    }
    if task.cohort:
        name, edges = task.cohort
        values = numbers(frame[name], Column(name, Kind.NUMBER))[seen]
        tables = [metrics.cohort_table(label[seen], one.probability[seen], values, edges, task.prior) for one in rounds]
        report["cohorts"] = [_means(rows) for rows in zip(*tables, strict=True)]
    if task.repeats > 1:
        report["auc_spread"] = round(float(np.std([one["auc"] for one in figures])), 5)
    return report


def _protocol(task: Task) -> str:
    if task.split is not None:
        return f"split on {task.split[0]} = {task.split[1]}"
    return f"{task.repeats} x {task.folds} folds" if task.repeats > 1 else f"{task.folds} folds"


def _means(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Each figure's mean over the rounds; what is the same in all stays as it is."""
    first = rows[0]
    return first | {
        name: round(float(np.mean([row[name] for row in rows])), 6)
        for name, value in first.items()
        if isinstance(value, float)
    }


def _top_factors(rounds: Sequence[_Judged]) -> list[dict[str, Any]]:
    """Mean absolute contribution of each factor, as a part of all."""
    names = {name for judged in rounds for name in judged.weights}
    weights = {name: sum(judged.weights.get(name, 0.0) for judged in rounds) for name in names}
    total = sum(weights.values()) or 1.0
    order = sorted(weights, key=lambda name: (-weights[name], name))
    return [{"factor": name, "weight": round(weights[name] / total, 5)} for name in order[:20]]


def _suspicious(models: Sequence[ChurnModel]) -> list[dict[str, Any]]:
    """Each suspect as the model saw it that found it strongest."""
    found = sorted((one for model in models for one in model.plan.suspects), key=lambda one: one.auc)
    strongest_of = {one.column: one for one in found}
    return [{"column": one.column, "auc_alone": one.auc, "used": one.used} for one in strongest_of.values()]


def _notes(models: Sequence[ChurnModel], auc: float, blank_targets: int) -> list[str]:
    notes = list(dict.fromkeys(note for model in models for note in model.notes))
    if blank_targets:
        notes.append(f"{blank_targets} rows without an outcome were left out.")
    if auc > TOO_GOOD:
        notes.append(f"An AUC of {auc:.3f} is rarely honest: look for columns measured at or after leaving.")
    return notes


def _distinct(rows: Iterator[dict[str, Any]]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for row in rows:
        if row not in found:
            found.append(row)
    return found


def _parts(frame: pd.DataFrame, label: np.ndarray, task: Task, repeat: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Training and judged rows of each fold, or of the split."""
    if task.split is None:
        fold = assign_folds(label, task.folds, seed=7 + repeat)
        for number in range(task.folds):
            yield fold != number, fold == number
        return
    train = _equals(frame[task.split[0]], task.split[1])
    for part, name in ((train, "train on"), (~train, "judge")):
        if len(np.unique(label[part])) < 2:
            raise Invalid(f"The rows to {name} hold only one outcome or none.", code="one_class")
    yield train, ~train


def _equals(values: pd.Series, wanted: str) -> np.ndarray:
    """As numbers where both are numbers, else as text, else without regard to case."""
    text = values.astype("str")
    same = text == wanted.strip()
    number = pd.to_numeric(pd.Series([wanted.strip()], dtype="str"), errors="coerce")[0]
    if pd.notna(number):
        same |= pd.to_numeric(text, errors="coerce") == number
    if not same.any():
        same = text.str.casefold() == wanted.strip().casefold()
    return same.fillna(False).to_numpy(dtype=bool)


def _check(frame: pd.DataFrame, task: Task) -> None:
    wanted = [*task.set_aside, *([task.cohort[0]] if task.cohort else [])]
    missing = [name for name in wanted if name not in frame.columns]
    if missing:
        raise Invalid(
            f"The table has no column {', '.join(missing)}; it has {', '.join(map(str, frame.columns[:40]))}.",
            code="no_column",
        )
    if task.prior is not None and not 0 < task.prior < 1:
        raise Invalid("The prior must lie between 0 and 1.", code="bad_prior")
    if task.folds < 2:
        raise Invalid("At least 2 folds are needed.", code="bad_folds")
    if task.repeats < 1 or task.repeats > 1 and task.split is not None:
        raise Invalid("Folds are drawn once or more often, and a split once.", code="bad_repeats")
    if len(frame.columns) == len(set(task.set_aside)):
        raise Invalid("No column is left to learn from.", code="no_columns")


def _check_label(label: np.ndarray, task: Task) -> None:
    positives, negatives = int(label.sum()), int(len(label) - label.sum())
    if positives == 0:
        raise Invalid(f"No row has {task.target} = {task.positive}.", code="no_positives")
    if negatives == 0:
        raise Invalid(f"Every row has {task.target} = {task.positive}: nothing to tell apart.", code="one_class")
    if task.split is None and min(positives, negatives) < 2 * task.folds:
        raise Invalid(
            f"Too few rows for {task.folds} folds: {positives} of {len(label)} have {task.target} = {task.positive}.",
            code="too_few",
        )
