"""Numbers with a decimal point or a decimal comma, with thousands separators, signs of currency and per cent.

A comma may end the thousands or the whole part. One cell cannot always tell ("1,234"), its column often can ("43,69"
beside it), else the other columns of the table: every file is written by one hand.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.churn.learners.columns import READABLE_SHARE

POINT, COMMA = ".", ","
SIGN = r"[-+]?"
# Forms of a number, from what only one convention writes to what both do.
PLAIN = rf"{SIGN}(\d+\.?\d*|\.\d+)(e[-+]?\d+)?"
SURE_COMMA = rf"{SIGN}(\d{{1,3}}(\.\d{{3}})+,\d*|\d{{1,3}}(\.\d{{3}}){{2,}}|\d*,\d+)"
SURE_POINT = rf"{SIGN}(\d{{1,3}}(,\d{{2,3}})+\.\d*|\d{{1,3}}(,\d{{2,3}}){{2,}})"
OPEN_COMMA = rf"{SIGN}[1-9]\d{{0,2}},\d{{3}}"
OPEN_POINT = rf"{SIGN}[1-9]\d{{0,2}}\.\d{{3}}"
POINTS = rf"{SIGN}\d*\.\d+(e[-+]?\d+)?"
CURRENCY = r"[$¥€£₽₹₩元]|\b(?:usd|eur|gbp|rmb|cny)\b"


@dataclass(frozen=True)
class NumberTexts:
    """Distinct folded texts of a column with how many cells hold each; bare: without signs and thousands blanks.

    plain: the number of each, where all are written as computers write them.
    """

    texts: pd.Series
    counts: np.ndarray
    bare: pd.Series
    plain: np.ndarray | None = None

    @classmethod
    def of(cls, texts: pd.Series, counts: np.ndarray) -> "NumberTexts | None":
        """None when too few of the cells are numbers."""
        found = cls(texts, counts, _bare(texts))
        return found if counts[found.readable].sum() >= READABLE_SHARE * counts.sum() else None

    def cells(self, form: str) -> int:
        return int(self.counts[self._match(form).to_numpy()].sum())

    @property
    def readable(self) -> np.ndarray:
        """Which texts are numbers, in any convention."""
        return self._match(f"(?:{PLAIN})|(?:{SURE_COMMA})|(?:{SURE_POINT})").to_numpy()

    @property
    def says(self) -> str:
        """The decimal sign that the column itself shows, "" when it shows none."""
        if self.plain is not None:
            return ""
        comma, point = self.cells(SURE_COMMA) - self.cells(OPEN_COMMA), self.cells(SURE_POINT)
        if comma == point:
            return ""
        return COMMA if comma > point else POINT

    @property
    def contradicts_itself(self) -> bool:
        if self.plain is not None:
            return False
        points = self.cells(POINTS) - self.cells(OPEN_POINT) + self.cells(SURE_POINT)
        return self.cells(SURE_COMMA) > self.cells(OPEN_COMMA) and points > 0

    @property
    def is_open(self) -> bool:
        """Whether its fractions, if they are some, all have three digits: "1,234" and "12.345" say nothing."""
        return not self.says and bool(self._has_open_commas or self._only_open_points)

    @property
    def has_commas(self) -> bool:
        return self.plain is None and bool(self.bare.str.contains(",", regex=False).any())

    @property
    def _has_open_commas(self) -> bool:
        return self.plain is None and self.cells(OPEN_COMMA) > 0

    @property
    def _only_open_points(self) -> bool:
        return 0 < self.cells(POINTS) == self.cells(OPEN_POINT)

    def decimal_sign(self, table_says: str) -> str:
        """table_says: what the other columns show, "" for nothing."""
        if self.says:
            return self.says
        if self._has_open_commas:
            return table_says or POINT
        return COMMA if table_says == COMMA and self._only_open_points else POINT

    def values(self, sign: str) -> np.ndarray:
        """The number of each text, not-a-number where it is none. A cell that only the other sign explains keeps it."""
        if self.plain is not None and sign == POINT:
            return self.plain
        sure_comma = self._match(SURE_COMMA) & ~self._match(OPEN_COMMA) & ~self._match(SURE_POINT)
        by_comma = sure_comma
        if sign == COMMA:
            by_comma = sure_comma | self._match(OPEN_POINT) | self._match(OPEN_COMMA)
        text = self.bare.str.replace(",", "", regex=False)
        commas = self.bare.str.replace(".", "", regex=False).str.replace(",", ".", regex=False)
        found = pd.to_numeric(text.mask(by_comma, commas), errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
        return np.where(self.readable & np.isfinite(found), found, np.nan)

    def _match(self, form: str) -> pd.Series:
        return self.bare.str.fullmatch(form).astype(bool)


def _bare(texts: pd.Series) -> pd.Series:
    """Without currency, per cent, and the blanks or apostrophes between thousands; (5) and 5- are -5."""
    bare = texts.str.replace(CURRENCY, "", regex=True).str.replace("%", "", regex=False).str.strip()
    bare = bare.str.replace(r"(?<=\d)[ '’_](?=\d{3}(?!\d))", "", regex=True)
    bare = bare.str.replace(r"^\((\d.*)\)$", r"-\1", regex=True)
    return bare.str.replace(r"^(\d.*)-$", r"-\1", regex=True).str.replace(r"^([-+]) ", r"\1", regex=True)


def signs_of(texts: pd.Series) -> list[str]:
    """Signs of currency and per cent that the texts hold, in order of appearance."""
    return list(dict.fromkeys(texts.str.extract(f"({CURRENCY}|%)", expand=False).dropna()))
