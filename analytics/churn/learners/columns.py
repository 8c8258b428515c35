"""Column types: number, date or category, unusable with the reason, or suspected of leaking the label."""

import re
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd

from analytics.churn.learners.metrics import auc

# Levels of a category that get an indicator each; wider categories are encoded by rate and size.
NARROW_LEVELS = 12
# Share of the filled cells that must parse as a number (a date) for the column to be one.
READABLE_SHARE = 0.95
DATE_SHAPES = re.compile(
    r"^(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4}|\d{1,2}[- ][A-Za-z]{3,9}[- ]\d{2,4})([ T].*)?$"
)
COMPACT_DATE = re.compile(r"^(19[5-9]|20\d|210)\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])$")
EPOCH = np.datetime64("1970-01-01", "D")
OTHER_SIGNS = re.compile(r"[,\s$¥€£%]")


class Kind(StrEnum):
    NUMBER = "number"
    DATE = "date"
    CATEGORY = "category"


@dataclass(frozen=True)
class Column:
    """A column that a model may use. levels: of a category, most frequent first, "" for a blank."""

    name: str
    kind: Kind
    levels: tuple[str, ...] = ()
    day_first: bool = False

    @property
    def is_narrow(self) -> bool:
        return self.kind == Kind.CATEGORY and len(self.levels) <= NARROW_LEVELS


@dataclass(frozen=True)
class Dropped:
    column: str
    why: str


def classify_column(name: str, values: pd.Series) -> Column | Dropped:
    """The column's type, from its training rows."""
    filled = values.dropna()
    if filled.empty:
        return Dropped(name, "empty")
    if filled.nunique() == 1 and len(filled) == len(values):
        return Dropped(name, "constant")
    if pd.api.types.is_datetime64_any_dtype(values):
        return Column(name, Kind.DATE)
    if pd.api.types.is_bool_dtype(filled) or not pd.api.types.is_numeric_dtype(values):
        return _look_at_text(name, values, filled.astype(str))
    return _look_at_numbers(name, filled.to_numpy(dtype=np.float64))


def _look_at_text(name: str, values: pd.Series, filled: pd.Series) -> Column | Dropped:
    distinct = pd.Series(filled.unique())
    shaped = filled.str.match(DATE_SHAPES).mean() >= READABLE_SHARE
    if shaped or filled.str.match(COMPACT_DATE).mean() >= READABLE_SHARE:
        day_first = bool(distinct.str.extract(r"^(\d{1,2})[-/.]", expand=False).astype(float).max() > 12)
        if np.isfinite(_days_of_text(filled, day_first)).mean() >= READABLE_SHARE:
            return Column(name, Kind.DATE, day_first=day_first)
    parsed = _numbers_of_text(filled)
    readable = np.isfinite(parsed)
    if readable.mean() >= READABLE_SHARE:
        return _look_at_numbers(name, parsed[readable])
    if len(distinct) > max(20, 0.5 * len(filled)):
        words = distinct.str.count(r"\S+").mean()
        return Dropped(name, "free text" if words >= 3 else "identifier")
    counts = as_levels(values).value_counts()
    return Column(name, Kind.CATEGORY, levels=tuple(str(level) for level in counts.index))


def _look_at_numbers(name: str, numbers: np.ndarray) -> Column | Dropped:
    return Dropped(name, "identifier") if _is_identifier(numbers) else Column(name, Kind.NUMBER)


def _is_identifier(numbers: np.ndarray) -> bool:
    """Whether the values are identifiers: distinct whole numbers, dense as serial or long as phone numbers."""
    if len(numbers) < 30 or (numbers != np.floor(numbers)).any() or len(np.unique(numbers)) < len(numbers):
        return False
    low, high = numbers.min(), numbers.max()
    same_length = low >= 1e6 and len(str(int(low))) == len(str(int(high)))
    return bool(same_length or high - low < min(20 * len(numbers), len(numbers) ** 2 / 20))


def as_levels(values: pd.Series) -> pd.Series:
    """Text of each cell, "" for a blank."""
    return values.astype(object).where(values.notna(), "").astype(str)


def numbers(values: pd.Series, column: Column) -> np.ndarray:
    """A number or date column as float64, NaN where blank or unreadable. Dates are days since 1970."""
    if column.kind == Kind.DATE:
        return days(values, column.day_first)
    if pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values):
        found = values.to_numpy(dtype=np.float64, na_value=np.nan)
        return np.where(np.isfinite(found), found, np.nan)
    return _numbers_of_text(values.astype("str"))


def days(values: pd.Series, day_first: bool) -> np.ndarray:
    if pd.api.types.is_datetime64_any_dtype(values):
        return _as_days(values)
    return _days_of_text(values.astype("str"), day_first)


def _numbers_of_text(text: pd.Series) -> np.ndarray:
    found = pd.to_numeric(text, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    missed = ~np.isfinite(found) & text.notna().to_numpy()
    if missed.any():
        bare = text[missed].str.replace(OTHER_SIGNS, "", regex=True)
        found = found.copy()
        found[missed] = pd.to_numeric(bare, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    return np.where(np.isfinite(found), found, np.nan)


def _days_of_text(text: pd.Series, day_first: bool) -> np.ndarray:
    codes, distinct = pd.factorize(text)
    plain = pd.Series(distinct, dtype="str").str.replace(r"^(\d{4})(\d{2})(\d{2})$", r"\1-\2-\3", regex=True)
    moments = pd.to_datetime(plain, errors="coerce", format="mixed", dayfirst=day_first, utc=True)
    found = np.append(_as_days(moments), np.nan)
    return found[codes]


def _as_days(moments: pd.Series) -> np.ndarray:
    plain = moments.dt.tz_localize(None) if getattr(moments.dt, "tz", None) is not None else moments
    found = (plain.to_numpy(dtype="datetime64[s]") - EPOCH.astype("datetime64[s]")).astype(np.float64) / 86_400
    return np.where(plain.isna().to_numpy(), np.nan, found)


SUSPECT_AUC = 0.90
EXCLUDED_AUC = 0.98
SUSPECT_BINS = 24
SUSPECT_ROWS = 30_000


@dataclass(frozen=True)
class Suspect:
    """auc: of the column alone, its bins evaluated on rows they were not made from."""

    column: str
    auc: float
    used: bool


def find_suspects(
    frame: pd.DataFrame,
    label: np.ndarray,
    found: list[Column | Dropped],
    seed: int,
    groups: np.ndarray | None = None,
) -> list[Suspect]:
    """Columns that separate the label too well. Checks dropped columns too: a blank alone may leak the label.

    groups: rows of one group stay in one half, so that a column that only names the group is no suspect.
    """
    random = np.random.default_rng(seed)
    rows = np.sort(random.permutation(len(frame))[:SUSPECT_ROWS])
    half = random.integers(0, 2, len(rows)).astype(bool)
    if groups is not None:
        half = half[pd.factorize(groups[rows])[0]]
    suspects = []
    for one in found:
        name = one.name if isinstance(one, Column) else one.column
        bins = _suspect_bins(one, frame[name].iloc[rows])
        strength = _strength(bins, label[rows], half)
        if strength >= SUSPECT_AUC:
            used = isinstance(one, Column) and strength < EXCLUDED_AUC
            suspects.append(Suspect(name, round(strength, 4), used))
    return suspects


def _suspect_bins(one: Column | Dropped, values: pd.Series) -> np.ndarray:
    if isinstance(one, Dropped):
        return values.isna().to_numpy().astype(int)
    if one.kind == Kind.CATEGORY:
        return pd.factorize(as_levels(values))[0]
    read = numbers(values, one)
    filled = np.isfinite(read)
    edges = (
        np.unique(np.quantile(read[filled], np.linspace(0, 1, SUSPECT_BINS + 1)[1:-1])) if filled.any() else np.empty(0)
    )
    return np.where(filled, np.searchsorted(edges, read, side="right") + 1, 0)


def _strength(bins: np.ndarray, label: np.ndarray, half: np.ndarray) -> float:
    """AUC of the bins' rates, each half of the rows scored by the rates of the other."""
    count = int(bins.max()) + 1
    score = np.empty(len(bins))
    for inside in (half, ~half):
        if not inside.any() or inside.all():
            return 0.5
        hits = np.bincount(bins[~inside], weights=label[~inside], minlength=count)
        rows = np.bincount(bins[~inside], minlength=count)
        mean = label[~inside].mean()
        score[inside] = ((hits + mean) / (rows + 1))[bins[inside]]
    return auc(label, score) if 0 < label.sum() < len(label) else 0.5
