"""From a table and a task to arms, outcome and covariates of the rows that count."""

from dataclasses import dataclass, field

import numpy as np

from analytics.churn.queries.cells.typing import type_columns
from analytics.churn.queries.files import Table
from analytics.evaluation.rules.balance import UNEVEN_BELOW
from analytics.evaluation.services.tables.arms import Arms, read_arms
from analytics.evaluation.services.tables.covariates import Covariates, read_covariates
from analytics.evaluation.services.tables.outcomes import Outcome, read_outcome
from analytics.evaluation.services.tables.task import Task
from retention.core.errors import Invalid


@dataclass(frozen=True)
class Prepared:
    """Rows with arm and outcome. code: of the arm, 0 for the control; rows: of the table; lost: rows of each arm whose
    outcome is not known; doubts: of the comparison itself.
    """

    task: Task
    arms: list[str]
    code: np.ndarray
    outcome: Outcome
    covariates: Covariates
    rows: int
    lost: list[int]
    doubts: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def values(self) -> np.ndarray:
        return self.outcome.values


def prepare(table: Table, task: Task) -> Prepared:
    """Invalid, in a sentence, when the table is no experiment with this treatment and outcome."""
    task = task.on(table)
    frame = table.frame
    asked = list(task.covariates) or [name for name in frame.columns if name not in (task.treatment, task.outcome)]
    arms = read_arms(frame[task.treatment], task.control, task.treatment)
    typed, reading = type_columns(frame[[task.outcome, *asked]])
    outcome = read_outcome(frame[task.outcome], typed[task.outcome], task.positive, task.outcome)
    known = (arms.code >= 0) & ~np.isnan(outcome.values)
    lost, doubts = _lost(arms, outcome)
    code, values = arms.code[known], outcome.values[known]
    if not len(code):
        raise Invalid(
            f"No row has both {task.treatment} and {task.outcome}: nothing can be compared.", code="no_outcomes"
        )
    covariates = read_covariates(
        typed.loc[known, asked].reset_index(drop=True), code, values, named=bool(task.covariates)
    )
    notes = [*table.notes, *arms.notes, *outcome.notes, *reading, *covariates.notes]
    used = Outcome(values, outcome.positive)
    return Prepared(task, arms.names, code, used, covariates, len(frame), lost, doubts, notes)


def _lost(arms: Arms, outcome: Outcome) -> tuple[list[int], list[str]]:
    """(rows of each arm without an outcome, a doubt where one arm lost more than another)."""
    # Loading scipy.stats takes most of a second; a process that asks for none does not wait for it.
    from scipy import stats

    blank = np.isnan(outcome.values)
    size = len(arms.names)
    members = np.bincount(arms.code[arms.code >= 0], minlength=size)
    lost = np.bincount(arms.code[(arms.code >= 0) & blank], minlength=size)
    if 0 < lost.sum() < members.sum():
        p = float(stats.chi2_contingency(np.array([lost, members - lost])).pvalue)
        if p < UNEVEN_BELOW:
            shares = ", ".join(
                f"{100 * part / whole:.1f} % of '{name}'"
                for name, part, whole in zip(arms.names, lost, members, strict=True)
            )
            return lost.tolist(), [f"Doubtful: the arms lost their outcomes unequally ({shares} are blank)."]
    return lost.tolist(), []
