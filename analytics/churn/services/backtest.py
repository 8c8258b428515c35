"""Replay of the last months: train on the facts known at a month end, score its lines, compare with their outcomes.

Outcomes used for training had matured by the origin; the outcome it is compared with has matured since. The
snapshots are those that training uses, so a backtest leaves no table that training would not have made.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import structlog

from analytics.churn.learners import metrics
from analytics.churn.learners.settings import Settings
from analytics.churn.queries import dataset, definitions
from analytics.churn.queries.dataset import features
from analytics.churn.services import training
from analytics.churn.services.oracle import Oracle
from customers.profile.services import build_snapshot
from customers.profile.services.snapshots import SAMPLE_LINES
from retention.core.errors import Invalid

Report = dict[str, Any]
COLUMNS = {
    "rows": "rows",
    "leavers": "leavers",
    "auc": "AUC",
    "lift_at_10": "lift@10",
    "average_precision": "AP",
    "ece": "ECE",
    "said": "said",
    "happened": "happened",
    "auc_there": "AUC there",
    "taught_auc": "taught AUC",
    "best_auc": "best AUC",
    "best_lift_at_10": "best lift",
}
FIGURES = ("auc", "lift_at_10", "average_precision", "ece")
log = structlog.get_logger("retention.churn")


@dataclass(frozen=True)
class Task:
    """months: origins, counted back from the newest whose outcome is known by `as_of`. sample: at most so many rows
    are learnt from at each origin (0: as many as training takes). truth: of a simulated operator."""

    as_of: date
    months: int
    sample: int = 0
    truth: Oracle | None = None


def backtest(task: Task) -> Report:
    """{"as_of", "months": [row of each origin], "skipped": [{"origin", "why"}], "overall": means of the figures}.

    A row: origin, trained_on, trained_rows, rows, leavers, said, happened, the figures, cohorts (the same for each
    cohort) and with truth what `Truth.judge` adds. Invalid, in a sentence, when no month can be judged.
    """
    if task.months < 1:
        raise Invalid("At least one month must be replayed.", code="no_months")
    rows, skipped = [], []
    for origin in definitions.month_ends(task.as_of, task.months):
        try:
            rows.append(_replay(origin, task))
        except Invalid as error:
            skipped.append({"origin": str(origin), "why": str(error.message)})
        log.info("replayed", origin=str(origin))
    if not rows:
        why = skipped[-1]["why"] if skipped else ""
        raise Invalid(f"No month could be replayed. {why}".strip(), code="nothing_replayed")
    return {"as_of": str(task.as_of), "months": rows, "skipped": skipped, "overall": _overall(rows)}


def _replay(origin: date, task: Task) -> Report:
    judged = _frame_of(origin)
    if not 0 < judged["left"].sum() < len(judged):
        raise Invalid(f"All or none of the lines of {origin} left: nothing to judge by.", code="one_class")
    known = training.known_months(origin)
    if sum(int(frame["left"].sum()) for _end, frame in known) < 2:
        raise Invalid(f"On {origin} no month with leavers was known yet: nothing to learn from.", code="no_history")
    model = training.learn(known, settings=_settings(task.sample))
    label = judged["left"].to_numpy(dtype=np.float64)
    said = model.probability(features(judged))
    row = {
        "origin": str(origin),
        "trained_on": [str(end) for end, _frame in known],
        "trained_rows": sum(len(frame) for _end, frame in known),
        **_judge(label, said),
        "cohorts": _cohorts(judged["tenure_cohort"].to_numpy(), label, said),
    }
    if task.truth:
        row |= task.truth.judge((origin, judged), said, taught_on=known, settings=_settings(task.sample))
    return row


def _frame_of(end: date) -> pd.DataFrame:
    build_snapshot(as_of=end, sample=SAMPLE_LINES)
    return dataset.labelled(snapshot=end)


def _settings(sample: int) -> Settings:
    settings = training.SETTINGS
    return replace(settings, max_rows=min(sample, settings.max_rows)) if sample else settings


def _judge(label: np.ndarray, said: np.ndarray) -> Report:
    found: Report = {
        "rows": len(label),
        "leavers": int(label.sum()),
        "said": round(float(said.mean()), 6),
        "happened": round(float(label.mean()), 6),
    }
    if 0 < found["leavers"] < found["rows"]:
        summary = metrics.summary(label, said)
        found |= {name: summary[name] for name in FIGURES}
    return found


def _cohorts(cohort: np.ndarray, label: np.ndarray, said: np.ndarray) -> list[Report]:
    names = sorted(set(cohort.astype(str)))
    return [{"cohort": name} | _judge(label[cohort == name], said[cohort == name]) for name in names]


def _overall(rows: list[Report]) -> Report:
    """Means over the origins; for all rows together the predicted and the observed churn rate."""
    names = [
        name
        for name in (*FIGURES, "auc_there", "taught_auc", "best_auc", "best_lift_at_10")
        if rows[0].get(name) is not None
    ]
    means = {name: round(float(np.mean([row[name] for row in rows if row.get(name) is not None])), 5) for name in names}
    total = sum(row["rows"] for row in rows)
    return {
        "rows": total,
        "leavers": sum(row["leavers"] for row in rows),
        "said": round(sum(row["said"] * row["rows"] for row in rows) / total, 6),
        "happened": round(sum(row["leavers"] for row in rows) / total, 6),
        **means,
    }


def as_lines(report: Report) -> list[str]:
    """The report as a table of fixed width, each origin followed by its cohorts."""
    rows = report["months"]
    shown = {name: head for name, head in COLUMNS.items() if any(row.get(name) is not None for row in rows)}
    lines = [f"{'origin':<12}" + "".join(f"{head:>11}" for head in shown.values())]
    for row in rows:
        lines.append(_line(row["origin"], row, shown))
        lines += [_line(f"  {one['cohort']}", one, shown) for one in row["cohorts"]]
    lines.append(_line("all", report["overall"], shown))
    lines += [f"{one['origin']} skipped: {one['why']}" for one in report["skipped"]]
    return lines


def _line(head: str, row: Report, shown: Iterable[str]) -> str:
    cells = [row.get(name) for name in shown]
    return f"{head:<12}" + "".join(f"{'-' if cell is None else f'{cell:.5g}':>11}" for cell in cells)
