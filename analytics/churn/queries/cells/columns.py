"""A column of text, recognised as dates, numbers, numbers with units, or none of these."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.churn.learners.columns import READABLE_SHARE
from analytics.churn.queries.cells import units
from analytics.churn.queries.cells.dates import DateReading, read_dates
from analytics.churn.queries.cells.numbers import NumberTexts
from analytics.churn.queries.cells.spelling import folded


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
        own, texts = pd.factorize(folded(pd.Series(distinct, dtype="str")))
        codes = np.append(own, -1)[codes]
        counts = np.bincount(codes[codes >= 0], minlength=len(texts))
        found = cls(name, codes, pd.Series(texts, dtype="str"), counts)
        found._recognise()
        return found

    def _recognise(self) -> None:
        if self.texts.empty:
            return
        self.dates = read_dates(self.texts, self.counts)
        if self.dates is not None:
            return
        numbers = NumberTexts.of(self.texts, self.counts)
        if self.counts[numbers.readable].sum() >= READABLE_SHARE * self.counts.sum():
            self.numbers = numbers
            return
        parts = units.take_apart(self.texts, self.counts)
        if parts is not None and self._share(parts.cell) >= READABLE_SHARE:
            self.parts = parts
            self.numbers = NumberTexts.of(parts.number, self.counts[parts.cell])

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
