"""A table of text as numbers, dates and categories."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analytics.churn.queries.cells.columns import TextColumn
from analytics.churn.queries.cells.text import reading_notes

DAY_SECONDS = 86_400


def type_columns(frame: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """(the table with numbers as float64 and dates as datetime64, sentences on what was changed or doubted).

    A column is what at least 95 of 100 filled cells are; columns that are no text stay as they are.
    """
    typed = frame.copy(deep=False)
    columns = [TextColumn.of(name, frame[name]) for name in frame.columns if pd.api.types.is_string_dtype(frame[name])]
    says = _decimal_sign(columns)
    signs = {one.name: one.numbers.decimal_sign(says) for one in columns if one.numbers is not None}
    values: dict[str, np.ndarray] = {}
    for one in columns:
        if one.dates is not None:
            values[one.name] = one.dates.days
            typed[one.name] = pd.Series(_instants(one.rows(one.dates.days)), index=frame.index)
        elif one.numbers is not None:
            values[one.name] = one.numbers_of(signs[one.name])
            typed[one.name] = pd.Series(one.rows(values[one.name]), index=frame.index)
    return typed, reading_notes(frame, columns, signs, values)


def _instants(days: np.ndarray) -> np.ndarray:
    known = np.isfinite(days)
    found = np.full(len(days), np.datetime64("NaT", "s"), dtype="datetime64[s]")
    found[known] = (days[known] * DAY_SECONDS).round().astype(np.int64).astype("datetime64[s]")
    return found


def _decimal_sign(columns: Sequence[TextColumn]) -> str:
    """What most columns that show a decimal sign show; "" when none does."""
    says = [one.numbers.says for one in columns if one.numbers is not None and one.numbers.says]
    return max(sorted(set(says)), key=says.count) if says else ""
