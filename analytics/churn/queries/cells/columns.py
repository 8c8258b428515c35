"""A column of text, recognised as dates, numbers, numbers with units, or none of these."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import pandas as pd

from analytics.churn.learners.columns import READABLE_SHARE
from analytics.churn.queries.cells import units
from analytics.churn.queries.cells.dates import DateReading, read_dates
from analytics.churn.queries.cells.numbers import NumberTexts
from analytics.churn.queries.cells.spelling import folded

COMPACT_DATES = (19_500_101, 21_091_231)
TRIED_TEXTS = 1_000
Read = TypeVar("Read")


@dataclass
class TextColumn:
    """A column of text as its distinct folded texts. codes: the text of each row, -1 for a blank."""

    name: str
    codes: np.ndarray
    texts: pd.Series
    counts: np.ndarray
    dates: DateReading | None = None
    numbers: NumberTexts | None = None
    parts: units.UnitTexts | None = None

    @classmethod
    def of(cls, name: str, values: pd.Series) -> "TextColumn":
        codes, distinct = pd.factorize(values)
        plain = pd.to_numeric(pd.Series(distinct, dtype="str"), errors="coerce").to_numpy(dtype=np.float64)
        if not np.isfinite(plain).all():
            own, distinct = pd.factorize(folded(pd.Series(distinct, dtype="str")))
            codes = np.append(own, -1)[codes]
        counts = np.bincount(codes[codes >= 0], minlength=len(distinct))
        found = cls(name, codes, pd.Series(distinct, dtype="str"), counts)
        if len(distinct):
            found._recognise(plain if np.isfinite(plain).all() else None)
        return found

    def _recognise(self, plain: np.ndarray | None) -> None:
        """plain: the numbers of all texts, where each is one that needs no reading."""
        if plain is None or ((plain >= COMPACT_DATES[0]) & (plain <= COMPACT_DATES[1])).all():
            self.dates = self._tried(read_dates)
        if self.dates is not None:
            return
        if plain is not None:
            self.numbers = NumberTexts(self.texts, self.counts, self.texts, plain)
            return
        self.numbers = self._tried(NumberTexts.of)
        if self.numbers is not None:
            return
        parts = units.take_apart(self.texts, self.counts)
        if parts is not None and self._share(parts.cell) >= READABLE_SHARE:
            self.parts = parts
            self.numbers = NumberTexts.of(parts.number, self.counts[parts.cell])
            if self.numbers is None:
                self.parts = None

    def _tried(self, read: Callable[[pd.Series, np.ndarray], Read | None]) -> Read | None:
        """What `read` makes of the column, if it makes anything of its first texts: most columns need no more."""
        first, counts = self.texts.iloc[:TRIED_TEXTS], self.counts[:TRIED_TEXTS]
        if len(self.texts) > TRIED_TEXTS and read(first, counts) is None and read(first, np.ones_like(counts)) is None:
            return None
        return read(self.texts, self.counts)

    def _share(self, cells: np.ndarray) -> float:
        return float(self.counts[np.unique(cells)].sum() / self.counts.sum())

    def numbers_of(self, sign: str) -> np.ndarray:
        """The number of each distinct text."""
        assert self.numbers is not None
        found = self.numbers.values(sign)
        if self.parts is None:
            return found
        summed = np.bincount(self.parts.cell, weights=found * self.parts.size, minlength=len(self.texts))
        return np.where(np.isin(np.arange(len(self.texts)), self.parts.cell), summed, np.nan)

    def rows(self, of_texts: np.ndarray) -> np.ndarray:
        return np.append(of_texts, np.nan)[self.codes]
