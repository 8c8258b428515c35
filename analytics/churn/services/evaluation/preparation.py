"""From a table and a task to features, labels and groups, with notes on what was changed, left out or doubted."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from analytics.churn.queries.cells.labels import key_of, read_label
from analytics.churn.queries.cells.typing import type_columns
from analytics.churn.queries.files import Table
from analytics.churn.services.evaluation.doubts import possible_persons, repeated_rows
from analytics.churn.services.evaluation.task import Task
from retention.core.errors import Invalid


@dataclass(frozen=True)
class Prepared:
    """Rows whose outcome is known. frame: text, as read; features: typed; groups: a number for each row's person, None
    where each row is one; cohort: the value of the cohort column."""

    task: Task
    frame: pd.DataFrame
    features: pd.DataFrame
    label: np.ndarray
    groups: np.ndarray | None
    cohort: np.ndarray | None
    notes: list[str] = field(default_factory=list)

    @property
    def group_count(self) -> int:
        return len(self.label) if self.groups is None else len(np.unique(self.groups))


def prepare(table: Table, task: Task) -> Prepared:
    """Invalid, in a sentence, when the table cannot be judged by the task."""
    task = task.on(table)
    if set(table.frame.columns) <= set(task.set_aside):
        raise Invalid("No column is left to learn from.", code="no_columns")
    found = read_label(table.frame[task.target], task.positive, task.target)
    frame = table.frame[found.known].reset_index(drop=True)
    label = found.is_positive[found.known].astype(np.float64)
    groups, notes = find_groups(frame, task)
    typed, reading = type_columns(frame.drop(columns=[task.target, *_names_only(task)]))
    kept = [name for name in typed.columns if name not in task.set_aside]
    if groups is None:
        notes += possible_persons(frame[kept], label)
        notes += [] if task.id_column else repeated_rows(frame)
    cohort = _cohort(typed, frame, task)
    mentioned = [*table.notes, *found.notes, *notes, *reading]
    return Prepared(task, frame, typed[kept], label, groups, cohort, mentioned)


def _names_only(task: Task) -> list[str]:
    """Columns that are compared as text, unless they also make the cohorts."""
    cohort = task.cohort[0] if task.cohort else ""
    return [name for name in task.set_aside if name not in (task.target, cohort)]


def find_groups(frame: pd.DataFrame, task: Task) -> tuple[np.ndarray | None, list[str]]:
    """(a number for each row's person, a note): by the group column and by an id that repeats, linked where both do."""
    columns = [task.group] if task.group else []
    if task.id_column and frame[task.id_column].dropna().map(_key).duplicated().any():
        columns.append(task.id_column)
    if not columns:
        return None, []
    groups = _linked([_codes(frame[name]) for name in columns])
    count, blanks = len(np.unique(groups)), int(frame[columns].isna().all(axis=1).sum())
    if count == len(groups):
        return None, [f"No two rows share {' or '.join(columns)}: there was nothing to keep together."]
    names = " and ".join(columns)
    notes = [f"Rows that share {names} stay in one fold: {len(groups)} rows are {count} groups."]
    if blanks:
        notes.append(f"{blanks} rows without {names} are a group each.")
    return groups, notes


def _key(value: object) -> str:
    return key_of(str(value))


def _codes(values: pd.Series) -> np.ndarray:
    """A number for each value, however it is written; one of its own for each blank."""
    distinct, texts = pd.factorize(values)
    own = pd.factorize(pd.Series(texts, dtype="object").map(_key))[0] if len(texts) else np.empty(0, dtype=np.int64)
    codes = np.append(own, -1)[distinct]
    blank = codes == -1
    codes[blank] = (own.max(initial=-1) + 1) + np.arange(blank.sum())
    return codes


def _linked(columns: list[np.ndarray]) -> np.ndarray:
    """Rows are one group that share a number in any column, directly or through other rows."""
    if len(columns) == 1:
        return columns[0]
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    first, second = columns
    width = int(first.max()) + 1
    size = width + int(second.max()) + 1
    links = coo_array((np.ones(len(first)), (first, second + width)), shape=(size, size))
    return connected_components(links, directed=False)[1][first]


def _cohort(typed: pd.DataFrame, frame: pd.DataFrame, task: Task) -> np.ndarray | None:
    if task.cohort is None:
        return None
    name = task.cohort[0]
    values = typed[name] if name in typed.columns else frame[name]
    if not pd.api.types.is_numeric_dtype(values):
        raise Invalid(f"The column {name} holds no numbers to make cohorts of.", code="bad_cohort")
    return values.to_numpy(dtype=np.float64, na_value=np.nan)
