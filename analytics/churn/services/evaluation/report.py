"""What came of judging a table, as one JSON object."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from analytics.churn.learners import metrics
from analytics.churn.learners.model import ChurnModel
from analytics.churn.learners.plain_rate import AgainstPlainRate
from analytics.churn.services.evaluation.judging import Judged, split_groups
from analytics.churn.services.evaluation.preparation import Prepared
from analytics.churn.services.evaluation.task import Task

TOO_GOOD = 0.97


def report(rounds: Sequence[Judged], prepared: Prepared) -> dict[str, Any]:
    task, label, seen = prepared.task, prepared.label, rounds[0].seen
    models = [model for judged in rounds for model in judged.models]
    seconds = {step: sum(judged.seconds[step] for judged in rounds) for step in rounds[0].seconds}
    figures = [metrics.summary(label[seen], judged.probability[seen], task.prior) for judged in rounds]
    rate = float(np.mean(rounds[0].rates))
    groups = None if prepared.groups is None else prepared.groups[seen]
    plain = AgainstPlainRate.of(label[seen], rounds[0].probability[seen], rate=rate, prior=task.prior, groups=groups)
    found: dict[str, Any] = {
        "rows": len(label),
        "judged_rows": int(seen.sum()),
        "groups": None if prepared.groups is None else prepared.group_count,
        "features": max(len(model.plan.factors) for model in models),
        "positive_rate": round(float(label.mean()), 6),
        "prior": task.prior,
        "protocol": _protocol(task, prepared),
        **_means(figures),
        "ece_bins": f"{metrics.BINS} of equal weight",
        "plain_rate": plain.as_dict(),
        **{f"{step}_seconds": round(taken, 3) for step, taken in seconds.items()},
        "reason_us_per_row": round(1e6 * seconds["reason"] / max(1, int(seen.sum()) * len(rounds)), 2),
        "additivity_error": max(judged.additivity_error for judged in rounds),
        "top_factors": _top_factors(rounds),
        "dropped": _distinct(asdict(one) for model in models for one in model.plan.dropped),
        "suspicious": _suspicious(models),
    }
    if prepared.cohort is not None and task.cohort is not None:
        values, edges = prepared.cohort[seen], task.cohort[1]
        tables = [metrics.cohort_table(label[seen], one.probability[seen], values, edges, task.prior) for one in rounds]
        found["cohorts"] = [_means(rows) for rows in zip(*tables, strict=True)]
    if task.repeats > 1:
        found["auc_spread"] = round(float(np.std([one["auc"] for one in figures])), 5)
    found["notes"] = [*prepared.notes, *_notes(rounds, found, plain)]
    return found


def _protocol(task: Task, prepared: Prepared) -> str:
    folds = f"{task.repeats} x {task.folds} folds" if task.repeats > 1 else f"{task.folds} folds"
    apart = f" of {prepared.group_count} groups" if prepared.groups is not None else ""
    if task.split is None:
        return folds + apart
    split = f"split on {task.split[0]} = {task.split[1]}"
    return f"{split}, by {folds}{apart}" if split_groups(prepared) else split


def _means(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Each figure's mean over the rounds; what is the same in all stays as it is."""
    first = rows[0]
    return first | {
        name: round(float(np.mean([row[name] for row in rows])), 6)
        for name, value in first.items()
        if isinstance(value, float)
    }


def _top_factors(rounds: Sequence[Judged]) -> list[dict[str, Any]]:
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


def _notes(rounds: Sequence[Judged], found: dict[str, Any], plain: AgainstPlainRate) -> list[str]:
    notes, models = [], [model for judged in rounds for model in judged.models]
    if found["dropped"]:
        left_out = [f"{one['column']} ({one['why']})" for one in found["dropped"]]
        notes.append(f"Columns left out: {', '.join(left_out)}.")
    notes += [
        f"Doubtful: {one['column']} alone tells the outcome too well (AUC {one['auc_alone']:.3f}); it was"
        f" {'used' if one['used'] else 'left out'}. Was it measured at or after leaving?"
        for one in found["suspicious"]
    ]
    notes += dict.fromkeys(note for model in models for note in model.notes)
    learnt, offered = models[0].details["rows"], rounds[0].offered[0]
    if learnt < offered:
        notes.append(f"Learnt from {learnt:,} of {offered:,} rows, drawn at random.")
    if not plain.is_better:
        notes.append(
            f"No better than the plain rate: AUC {plain.auc:.3f} on {plain.leavers} leavers, where chance alone reaches"
            f" {plain.auc_by_chance:.3f}. Such a model would not be let score."
        )
    if found["auc"] > TOO_GOOD:
        notes.append(f"An AUC of {found['auc']:.3f} is rarely honest: look for columns measured at or after leaving.")
    return notes


def _distinct(rows: Iterator[dict[str, Any]]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for row in rows:
        if row not in found:
            found.append(row)
    return found
