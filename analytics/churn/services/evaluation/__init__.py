"""The learner judged on any table: by folds, or trained on one part and judged on the other."""

from typing import Any

import numpy as np

from analytics.churn.learners.settings import Settings
from analytics.churn.queries.files import Table
from analytics.churn.services.evaluation.judging import judge
from analytics.churn.services.evaluation.preparation import Prepared, prepare
from analytics.churn.services.evaluation.report import report
from analytics.churn.services.evaluation.task import Task
from retention.core.errors import Invalid

__all__ = ["Task", "evaluate"]


def evaluate(table: Table, task: Task, settings: Settings | None = None) -> dict[str, Any]:
    """Accuracy figures, dropped and suspected columns, and notes. Invalid, in a sentence, when it cannot be judged."""
    prepared = prepare(table, task)
    _check_rows(prepared)
    rounds = [judge(prepared, repeat, settings) for repeat in range(task.repeats)]
    return report(rounds, prepared)


def _check_rows(prepared: Prepared) -> None:
    """Each fold needs both outcomes; with groups, groups of both."""
    task, label, groups = prepared.task, prepared.label, prepared.groups
    if task.split is not None:
        return
    named, what = (np.arange(len(label)), "rows") if groups is None else (groups, "groups")
    stayers, leavers = (len(np.unique(named[label == value])) for value in (0, 1))
    if min(stayers, leavers) < 2 * task.folds:
        raise Invalid(
            f"Too few {what} for {task.folds} folds: {leavers} of {prepared.group_count} have"
            f" {task.target} = {task.positive}.",
            code="too_few",
        )
