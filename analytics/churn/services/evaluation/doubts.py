"""What a table may hold without saying so: one person in several rows."""

import numpy as np
import pandas as pd

# A column that may name a person: so many values, nearly all in several rows, nearly always with one outcome, where
# chance would give one outcome less often.
LEAST_VALUES = 30
SHARED_ROWS = 0.9
ONE_OUTCOME, BY_CHANCE = 0.98, 0.9
# With few columns rows repeat by chance.
LEAST_COLUMNS, REPEATED_SHARE = 8, 0.01
SHOWN = 3


def possible_persons(frame: pd.DataFrame, label: np.ndarray) -> list[str]:
    """Columns whose values stand in several rows that all have one outcome."""
    named = [str(name) for name in frame.columns if _may_name_persons(frame[name], label)]
    if not named:
        return []
    return [
        f"Doubtful: rows that share {' or '.join(named[:SHOWN])} nearly always have the same outcome. If a person has"
        " several rows, give the column that names the person as --id or --group."
    ]


def _may_name_persons(values: pd.Series, label: np.ndarray) -> bool:
    codes = pd.factorize(values)[0]
    rows = np.bincount(codes[codes >= 0])
    if len(rows) < LEAST_VALUES or rows[rows > 1].sum() < SHARED_ROWS * len(codes):
        return False
    leavers = np.bincount(codes[codes >= 0], weights=label[codes >= 0])
    shared = rows > 1
    uniform = (leavers == 0) | (leavers == rows)
    rate = label.mean()
    chance = rate ** rows[shared] + (1 - rate) ** rows[shared]
    weight = rows[shared] / rows[shared].sum()
    return bool(uniform[shared] @ weight >= ONE_OUTCOME and chance @ weight <= BY_CHANCE)


def repeated_rows(frame: pd.DataFrame) -> list[str]:
    """Rows that repeat another one in every column, where that is no chance."""
    if len(frame.columns) < LEAST_COLUMNS:
        return []
    repeated = int(frame.duplicated().sum())
    if repeated < REPEATED_SHARE * len(frame):
        return []
    return [
        f"Doubtful: {repeated} rows repeat another row in every column. If they are the same persons, a copy may be"
        " learnt from and its original judged: leave the copies out."
    ]
