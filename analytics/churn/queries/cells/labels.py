"""Who left, from a column in which people have written it: Yes, YES, y, 1, blanks and all."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.churn.queries.cells.spelling import fold
from retention.core.errors import Invalid

YES = frozenset({"yes", "y", "true", "1", "是", "有"})
NO = frozenset({"no", "n", "false", "0", "否", "无"})
UNKNOWN = frozenset({"unknown", "not known", "unk", "n/k", "未知", "不详", "不明"})
SHOWN = 5


@dataclass(frozen=True)
class Label:
    """is_positive: of every row; known: whether the row says anything at all."""

    is_positive: np.ndarray
    known: np.ndarray
    notes: list[str]


def same_value(values: pd.Series, wanted: str) -> np.ndarray:
    """Whether each cell is the wanted value, as a number or without regard to case, width and blanks."""
    codes, keys, _distinct = _keys(values)
    return np.append(keys == key_of(wanted), False)[codes]


def key_of(text: str) -> str:
    """What two spellings of one value share: a number as such, else the folded text."""
    folded = fold(text)
    number = pd.to_numeric(pd.Series([folded], dtype="str"), errors="coerce")[0]
    return f"{float(number):.12g}" if pd.notna(number) else folded


def read_label(values: pd.Series, positive: str, column: str) -> Label:
    """Rows whose cell is `positive`, in any spelling of it; yes, y, true and 1 are spellings of each other.

    Invalid when no row is, or no row is not.
    """
    codes, keys, distinct = _keys(values)
    counts = np.bincount(codes[codes >= 0], minlength=len(keys))
    wanted = key_of(positive)
    family = next((one for one in (YES, NO) if wanted in one), frozenset({wanted}))
    unknown = np.isin(keys, list(UNKNOWN - family))
    found = np.isin(keys, list(family))
    known = np.append(~unknown, False)[codes]
    label = np.append(found, False)[codes] & known
    if not label.any():
        values_there = _counted(distinct, counts, np.ones(len(keys), dtype=bool))
        raise Invalid(
            f"No row has {column} = {positive}; it holds {values_there or 'blanks only'}.", code="no_positives"
        )
    if label[known].all():
        raise Invalid(_one_sided(column, positive, int((~known).sum())), code="one_class")
    return Label(label, known, _notes(distinct, counts, found, unknown, positive, int((codes == -1).sum())))


def _keys(values: pd.Series) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """(the place of each row's text or -1, the key of each text, the texts)."""
    codes, distinct = pd.factorize(values.astype("str").mask(values.isna()))
    texts = [str(one) for one in distinct]
    return codes, np.array([key_of(text) for text in texts], dtype=object), texts


def _one_sided(column: str, positive: str, blanks: int) -> str:
    text = f"Every row with an outcome has {column} = {positive}: nothing to tell apart."
    if blanks:
        text += f" {blanks} rows are blank; if a blank means that the row stayed, write that into the column."
    return text


def _notes(
    distinct: list[str], counts: np.ndarray, found: np.ndarray, unknown: np.ndarray, positive: str, blanks: int
) -> list[str]:
    notes = []
    if found.sum() > 1:
        notes.append(f"Read as {positive}: {_counted(distinct, counts, found)}.")
    others = ~found & ~unknown
    keys = {key_of(text) for text, one in zip(distinct, others, strict=True) if one}
    if others.sum() > 1:
        start = "Read" if keys <= NO or keys <= YES or len(keys) == 1 else "Doubtful: read"
        notes.append(f"{start} as not {positive}: {_counted(distinct, counts, others)}.")
    if unknown.any():
        notes.append(f"Left out, for the outcome is not known: rows of {_counted(distinct, counts, unknown)}.")
    if blanks:
        notes.append(f"{blanks} rows without an outcome were left out.")
    return notes


def _counted(distinct: list[str], counts: np.ndarray, which: np.ndarray) -> str:
    """'no' (20), 'n' (3) and 2 more, most rows first."""
    order = sorted(np.flatnonzero(which), key=lambda place: -counts[place])
    shown = ", ".join(f"'{distinct[place]}' ({counts[place]} rows)" for place in order[:SHOWN])
    return f"{shown} and {len(order) - SHOWN} more" if len(order) > SHOWN else shown
