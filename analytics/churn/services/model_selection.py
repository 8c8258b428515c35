"""Selects the kind of learner that predicts churn best: all kinds on rolling origins, judged out of sample.

For each of the last months whose outcome is known, every kind learns on the months before whose outcomes do not reach
into its own, and is judged on it. The kind with the lowest mean log-loss among those that explain themselves is chosen;
a cohort gets a model of its own where that is significantly better over all origins together (paired bootstrap of the
log-loss).
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from analytics.churn.learners import fitting, metrics
from analytics.churn.learners.candidates import DEFAULT, EXPLAINED, LearnerKind, fit_histogram, settings_of
from analytics.churn.learners.settings import Settings
from analytics.churn.queries.dataset import COHORTS, features, training_rows
from analytics.churn.queries.definitions import LEAVING, Outcome, windows_overlap
from retention.core.errors import Invalid

ORIGINS = 2
SETTINGS = Settings(folds=3, depths=(5,), shares=0, max_rows=20_000)
DRAWS = 400
OWN_MODELS = "own"  # the default kind with a model of its own in every cohort that has leavers enough

Month = tuple[date, pd.DataFrame]
Scorer = Callable[[pd.DataFrame], np.ndarray]


@dataclass
class Selection:
    """rows: one for each kind and origin; chosen: the kind that trains next; own: cohorts that get their own model."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    means: list[dict[str, Any]] = field(default_factory=list)
    chosen: str = DEFAULT.value
    own: list[int] = field(default_factory=list)


@dataclass
class _Pooled:
    """Predictions of one kind over all origins, for paired comparisons."""

    label: list[np.ndarray] = field(default_factory=list)
    said: list[np.ndarray] = field(default_factory=list)
    cohort: list[np.ndarray] = field(default_factory=list)

    def loss(self) -> tuple[np.ndarray, np.ndarray]:
        """(log-loss, cohort) of every row."""
        label, said = np.concatenate(self.label), np.clip(np.concatenate(self.said), 1e-6, 1 - 1e-6)
        return -(label * np.log(said) + (1 - label) * np.log(1 - said)), np.concatenate(self.cohort)


def select_learner(
    months: Sequence[Month],
    *,
    origins: int = ORIGINS,
    settings: Settings = SETTINGS,
    outcomes: Sequence[Outcome] = (LEAVING,),
) -> Selection:
    """Invalid when fewer than two months are known, or all their outcomes overlap."""
    if len(months) < 2:
        raise Invalid("A contest needs at least two months whose outcome is known.", code="few_months")
    result = Selection()
    pooled: dict[str, _Pooled] = {}
    for place in range(max(1, len(months) - origins), len(months)):
        origin, judged = months[place]
        earlier = [month for month in months[:place] if not windows_overlap(month[0], origin, outcomes)]
        if not earlier:
            continue
        for name in (*LearnerKind.values, OWN_MODELS):
            begun = time.perf_counter()
            says = _fit(name, earlier, settings)
            said = says(features(judged))
            row = _judge(name, origin, judged, said, time.perf_counter() - begun)
            result.rows.append(row)
            one = pooled.setdefault(name, _Pooled())
            one.label.append(judged["left"].to_numpy(dtype=np.float64))
            one.said.append(said)
            one.cohort.append(COHORTS.of(judged))
    if not result.rows:
        raise Invalid("The outcomes of the known months overlap: none can judge another.", code="few_months")
    result.means = _means(result.rows)
    losses = {row["kind"]: row["log_loss"] for row in result.means}
    result.chosen = min(EXPLAINED, key=lambda kind: losses[kind.value]).value
    result.own = _where_own_wins(pooled[OWN_MODELS], pooled[DEFAULT.value])
    return result


def _fit(name: str, months: list[Month], settings: Settings) -> Scorer:
    frame, label, groups = training_rows(months)
    if len(label) > settings.max_rows:
        rows = np.sort(np.random.default_rng(settings.seed).permutation(len(label))[: settings.max_rows])
        frame, label, groups = frame.iloc[rows].reset_index(drop=True), label[rows], groups[rows]
    if name == LearnerKind.HISTOGRAM:
        return fit_histogram(frame, label, groups, settings)
    own = range(len(COHORTS.names)) if name == OWN_MODELS else ()
    kind = DEFAULT if name == OWN_MODELS else LearnerKind(name)
    model = fitting.fit(
        frame, label, settings=replace(settings_of(kind, settings)), groups=groups, cohorts=COHORTS, own=own
    )
    return model.probability


def _judge(name: str, origin: date, judged: pd.DataFrame, said: np.ndarray, seconds: float) -> dict[str, Any]:
    label = judged["left"].to_numpy(dtype=np.float64)
    found = metrics.summary(label, said)
    clipped = np.clip(said, 1e-6, 1 - 1e-6)
    loss = float(-np.mean(label * np.log(clipped) + (1 - label) * np.log(1 - clipped)))
    kept = ("auc", "average_precision", "lift_at_10", "ece")
    return {"kind": name, "origin": str(origin), "rows": len(label), "seconds": round(seconds, 2)} | {
        "log_loss": round(loss, 6), **{figure: found[figure] for figure in kept}
    }  # fmt: skip


def _means(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The mean of each kind over the origins, best first."""
    found = []
    for kind in dict.fromkeys(row["kind"] for row in rows):
        own = [row for row in rows if row["kind"] == kind]
        figures = ("auc", "average_precision", "lift_at_10", "ece", "log_loss", "seconds")
        means = {name: round(float(np.mean([row[name] for row in own])), 6) for name in figures}
        found.append({"kind": kind, "origins": len(own)} | means)
    return sorted(found, key=lambda row: row["log_loss"])


def _where_own_wins(own: _Pooled, general: _Pooled) -> list[int]:
    """Cohorts whose own model is better by the whole interval of a paired bootstrap."""
    (theirs, cohort), (ours, _same) = own.loss(), general.loss()
    random = np.random.default_rng(3)
    winners = []
    for number in range(len(COHORTS.names)):
        gain = (ours - theirs)[cohort == number]
        if not len(gain) or not gain.any():
            continue
        drawn = [gain[random.integers(0, len(gain), len(gain))].mean() for _ in range(DRAWS)]
        if np.quantile(drawn, 0.025) > 0:
            winners.append(number)
    return winners
