"""The outcome of a table: yes or no, or a number."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from analytics.churn.queries.cells.labels import NO, UNKNOWN, YES, key_of, read_label
from analytics.churn.queries.cells.spelling import quoted
from retention.core.errors import Invalid

# So many distinct texts tell whether a column is one of yes and no.
LOOKED_AT = 200


@dataclass(frozen=True)
class Outcome:
    """values: of each row, 0 or 1 of a rate, not-a-number where it is not known; positive: the value counted, "" of a
    mean.
    """

    values: np.ndarray
    positive: str
    notes: list[str] = field(default_factory=list)

    @property
    def is_rate(self) -> bool:
        return bool(self.positive)


def read_outcome(values: pd.Series, typed: pd.Series, positive: str, column: str) -> Outcome:
    """values: as text; typed: the same read as numbers or dates where it can be. Invalid, in a sentence, when nothing
    can be counted and nothing averaged.
    """
    texts = values.astype("str").mask(values.isna())
    keys = {key_of(str(text)): str(text) for text in texts.dropna().unique()[:LOOKED_AT]}
    known = {key: text for key, text in keys.items() if key not in UNKNOWN}
    if not known:
        raise Invalid(f"The column {column} holds no outcome: all {len(values)} rows are blank.", code="no_outcomes")
    if positive.strip():
        return _count(texts, known, positive.strip(), column)
    if set(known) <= YES | NO:
        found = next((text for key, text in known.items() if key in YES), "1")
        return _count(texts, known, found, column)
    if pd.api.types.is_datetime64_any_dtype(typed):
        raise Invalid(f"The column {column} holds dates: name the value to be counted as --positive.", code="dates")
    if pd.api.types.is_numeric_dtype(typed) and not pd.api.types.is_bool_dtype(typed):
        return _number(typed, column)
    return _guessed(texts, known, column)


def _count(texts: pd.Series, known: dict[str, str], positive: str, column: str) -> Outcome:
    if set(known) <= NO and key_of(positive) in YES:
        # A small campaign in which nobody did it is a result, not an error.
        values = np.where(texts.isin([text for text in texts.dropna().unique() if key_of(text) in NO]), 0.0, np.nan)
        return Outcome(values, positive, [f"No row has {column} = {positive}.", *_blank_notes(values, column)])
    label = read_label(texts, positive, column)
    values = np.where(label.known, label.is_positive.astype(float), np.nan)
    return Outcome(values, positive, list(label.notes))


def _number(typed: pd.Series, column: str) -> Outcome:
    values = typed.to_numpy(dtype=np.float64, na_value=np.nan)
    values = np.where(np.isfinite(values), values, np.nan)
    distinct = np.unique(values[~np.isnan(values)])
    notes = _blank_notes(values, column)
    if not len(distinct):
        raise Invalid(f"The column {column} holds no number that can be read.", code="no_outcomes")
    if len(distinct) == 1:
        notes.append(f"Every row has {column} = {distinct[0]:g}: nothing to tell apart.")
    if len(distinct) == 2:
        low, high = distinct
        notes.append(
            f"Doubtful: {column} holds only {low:g} and {high:g}; {high:g} was counted. Name another as --positive."
        )
        return Outcome(np.where(np.isnan(values), np.nan, values == high), f"{high:g}", notes)
    return Outcome(values, "", [f"{column} is a number: means were compared.", *notes])


def _guessed(texts: pd.Series, known: dict[str, str], column: str) -> Outcome:
    if len(known) != 2:
        held = quoted(sorted(known.values()), 8)
        raise Invalid(
            f"The column {column} is neither a number nor yes or no; it holds {held}. Name the value to be counted as"
            " --positive.",
            code="no_positive",
        )
    counts = dict.fromkeys(known, 0)
    for text, rows in texts.value_counts().items():
        if key_of(str(text)) in counts:
            counts[key_of(str(text))] += int(rows)
    rarer = min(known, key=lambda key: (counts[key], key))
    found = _count(texts, known, known[rarer], column)
    note = f"Doubtful: {column} = {known[rarer]} was counted, the rarer value. Name another as --positive."
    return Outcome(found.values, found.positive, [note, *found.notes])


def _blank_notes(values: np.ndarray, column: str) -> list[str]:
    blank = int(np.isnan(values).sum())
    return [f"{blank} rows without {column} were left out."] if blank else []
