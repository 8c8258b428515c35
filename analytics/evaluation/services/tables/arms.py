"""The arms of a table: which values the treatment column holds, and which of them were left alone."""

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.churn.queries.cells.labels import key_of
from analytics.churn.queries.cells.spelling import quoted
from retention.core.errors import Invalid

MOST_ARMS = 20
# Folded values that say control, surest first.
CONTROL_NAMES = re.compile(
    r"(control|ctrl|control group|holdout|hold-out|held out|placebo|对照|对照组|空白组|空白对照|保留组)"
)
CONTROL_PHRASES = re.compile(
    r"(no|n|non|not|none|without|untreated|nothing|false|无|否|未\w*|不\w*)\b.*|.*(\bcontrol\b|\bholdout\b|对照).*"
)
CONTROL_NUMBERS = ("0",)


@dataclass(frozen=True)
class Arms:
    """names: as most rows write them, the control first; code: of each row, -1 for a blank."""

    names: list[str]
    code: np.ndarray
    notes: list[str]


def read_arms(values: pd.Series, control: str, column: str) -> Arms:
    """Invalid where the column holds one arm, or too many, or not the control that was named."""
    codes, distinct = pd.factorize(values.astype("str").mask(values.isna()))
    counts = np.bincount(codes[codes >= 0], minlength=len(distinct))
    if len(distinct) > 50 * MOST_ARMS:
        raise Invalid(_too_many(column, len(distinct)), code="too_many_arms")
    spelled: dict[str, list[int]] = {}
    for place, text in enumerate(distinct):
        spelled.setdefault(key_of(str(text)), []).append(place)
    if len(spelled) > MOST_ARMS:
        raise Invalid(_too_many(column, len(spelled)), code="too_many_arms")
    most = {key: str(distinct[max(places, key=lambda place: counts[place])]) for key, places in spelled.items()}
    if len(spelled) < 2:
        rows = f"'{next(iter(most.values()))}' in {counts.sum()} rows" if most else "blanks only"
        raise Invalid(f"The column {column} holds {rows}: there are no two arms to compare.", code="one_arm")
    first, notes = _control(most, control, column)
    keys = [first, *sorted((key for key in spelled if key != first), key=lambda key: most[key])]
    number = np.full(len(distinct) + 1, -1)
    for arm, key in enumerate(keys):
        number[spelled[key]] = arm
    notes += [
        f"Read as the arm '{most[key]}' of {column}: {quoted([str(distinct[place]) for place in spelled[key]], 5)}."
        for key in keys
        if len(spelled[key]) > 1
    ]
    blanks = int((codes == -1).sum())
    if blanks:
        notes.append(f"{blanks} rows without {column} were left out.")
    return Arms([most[key] for key in keys], number[codes], notes)


def _control(most: dict[str, str], control: str, column: str) -> tuple[str, list[str]]:
    """(the key of the control, a note where it was guessed)."""
    if control.strip():
        if key_of(control) not in most:
            raise Invalid(
                f"No row has {column} = {control.strip()}; it holds {quoted(sorted(most.values()), 8)}.",
                code="no_control",
            )
        return key_of(control), []
    keys = sorted(most)
    for is_one in (CONTROL_NAMES.fullmatch, CONTROL_PHRASES.fullmatch, CONTROL_NUMBERS.__contains__):
        named = [key for key in keys if is_one(key)]
        if len(named) == 1:
            return named[0], [f"'{most[named[0]]}' of {column} was taken as the control, by its name."]
    numbers = pd.to_numeric(pd.Series(keys), errors="coerce")
    first = keys[int(numbers.idxmin())] if numbers.notna().all() else keys[0]
    return first, [
        f"Doubtful: no value of {column} is named as a control; '{most[first]}' was taken, the first in order."
        " Name another as --control."
    ]


def _too_many(column: str, values: int) -> str:
    return f"The column {column} holds {values} different values; a treatment has at most {MOST_ARMS} arms."
