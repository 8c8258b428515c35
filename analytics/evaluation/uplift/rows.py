"""Rows that a model of uplift learns from and is judged on."""

from dataclasses import dataclass
from typing import Self

import numpy as np


@dataclass(frozen=True)
class Rows:
    """features: n x m numbers, centred, without gaps; outcome: of each row, more is better; treated: whether it was;
    is_rate: whether the outcome is 0 or 1.
    """

    features: np.ndarray
    outcome: np.ndarray
    treated: np.ndarray
    is_rate: bool

    def __len__(self) -> int:
        return len(self.outcome)

    def take(self, places: np.ndarray) -> Self:
        return type(self)(self.features[places], self.outcome[places], self.treated[places], self.is_rate)

    @property
    def propensity(self) -> float:
        return float(self.treated.mean())

    def can_teach(self, fewest: int) -> bool:
        """Whether both arms hold so many rows, of rates also so many with the outcome and so many without."""
        if not self.is_rate:
            return min(self.treated.sum(), (~self.treated).sum()) >= fewest
        counts = [np.sum(self.treated == arm, where=self.outcome == value) for arm in (0, 1) for value in (0, 1)]
        return min(int(count) for count in counts) >= fewest
