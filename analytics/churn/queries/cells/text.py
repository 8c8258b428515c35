"""What was changed or doubted in reading the columns of a table, as sentences."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from analytics.churn.learners.columns import NARROW_LEVELS
from analytics.churn.queries.cells.columns import TextColumn
from analytics.churn.queries.cells.numbers import COMMA, NumberTexts, signs_of
from analytics.churn.queries.cells.spelling import quoted


def reading_notes(
    frame: pd.DataFrame, columns: Sequence[TextColumn], signs: Mapping[str, str], values: Mapping[str, np.ndarray]
) -> list[str]:
    """frame: as it was; signs: the decimal sign of each number column; values: of each distinct text, as read."""
    numbers = {one.name: one.numbers for one in columns if one.numbers is not None}
    notes = _comma_notes(numbers, signs)
    for name, one in numbers.items():
        notes += _doubts(name, one, signs[name]) + _sign_notes(name, one)
    for column in columns:
        notes += _unit_notes(column) + _date_notes(column)
        if column.name in values:
            notes += _unread(column, values[column.name])
        else:
            notes += _level_notes(frame[column.name], column)
    return notes


def _comma_notes(numbers: Mapping[str, NumberTexts], signs: Mapping[str, str]) -> list[str]:
    commas = [name for name in numbers if signs[name] == COMMA]
    grouped = [name for name in numbers if name not in commas and numbers[name].has_commas]
    notes = [f"Read with a decimal comma: {', '.join(commas)}."] if commas else []
    return notes + ([f"Commas between thousands were taken off: {', '.join(grouped)}."] if grouped else [])


def _doubts(name: str, one: NumberTexts, sign: str) -> list[str]:
    if one.plain is not None and sign != COMMA:
        return []
    if one.contradicts_itself:
        return [f"Doubtful: {name} holds decimal commas and decimal points; each cell was read for itself."]
    if not one.is_open:
        return []
    example = one.bare[one.bare.str.contains("[.,]", regex=True)].iloc[0]
    if "." in example and sign != COMMA:
        return []
    read = "points" if "." in example else "a decimal comma" if sign == COMMA else "commas"
    between = "" if read == "a decimal comma" else " between thousands"
    return [f"Doubtful: '{example}' in {name} can be read in two ways; it was read with {read}{between}."]


def _sign_notes(name: str, one: NumberTexts) -> list[str]:
    marks = signs_of(one.texts) if one.plain is None else []
    notes = [f"Signs were taken off in {name}: {' '.join(marks)}."] if marks else []
    if "%" in marks and not one.texts.str.contains("%", regex=False).all():
        notes.append(f"Doubtful: some cells of {name} have a % and some have none; 5% and 5 were both read as 5.")
    if len(set(marks) - {"%"}) > 1:
        notes.append(f"Doubtful: {name} holds several currencies; the figures were compared as they are.")
    return notes


def _unit_notes(one: TextColumn) -> list[str]:
    if one.parts is None:
        return []
    unit = f"in {one.parts.unit}" if one.parts.unit else "in ones"
    written = f" (written as {', '.join(one.parts.words)})" if one.parts.words != [one.parts.unit] else ""
    notes = [f"{one.name} was read as a number {unit}{written}."]
    if one.parts.bare:
        notes.append(f"Doubtful: {one.parts.bare} cells of {one.name} have no unit; they were read as the others.")
    return notes


def _date_notes(one: TextColumn) -> list[str]:
    if one.dates is None:
        return []
    notes = [f"Dates in words were read in {one.name}."] if one.dates.in_words else []
    return [*notes, f"Doubtful dates in {one.name}: {one.dates.doubt}."] if one.dates.doubt else notes


def _unread(one: TextColumn, values: np.ndarray) -> list[str]:
    missed = ~np.isfinite(values)
    if not missed.any():
        return []
    kind = "date" if one.dates is not None else "number"
    cells, texts = int(one.counts[missed].sum()), one.texts[missed].tolist()
    return [f"{cells} cells of {one.name} are no {kind} and were read as blank: {quoted(texts)}."]


def _level_notes(values: pd.Series, one: TextColumn) -> list[str]:
    """Levels that differ by case, width or blanks alone are kept apart, since they may mean something."""
    levels = sorted(values.dropna().astype(str).unique())
    if len(one.texts) > NARROW_LEVELS or len(levels) == len(one.texts):
        return []
    return [f"Doubtful: levels of {one.name} differ by spelling alone and were kept apart: {quoted(levels, 6)}."]
