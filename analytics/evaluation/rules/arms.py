"""What is known of one arm: of rates two counts, of values their number, mean and variance."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Arm:
    """Members of which the outcome is known, and of these those who had it."""

    members: int = 0
    events: int = 0

    @property
    def rate(self) -> float | None:
        return self.events / self.members if self.members else None


@dataclass(frozen=True)
class Sample:
    """Members with a value. variance: of the values, with n - 1; 0 where there are fewer than two."""

    members: int = 0
    mean: float = 0.0
    variance: float = 0.0

    @classmethod
    def of(cls, values: np.ndarray) -> "Sample":
        if not len(values):
            return cls()
        return cls(len(values), float(np.mean(values)), float(np.var(values, ddof=1)) if len(values) > 1 else 0.0)
