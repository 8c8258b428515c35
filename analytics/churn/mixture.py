"""Parts of different kinds as one score: weighted in log-odds, then calibrated. What factors add stays exact."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from analytics.churn.calibration import Calibration, probability

# A second part that is worth less than this share of the whole only costs time.
LEAST_WEIGHT = 0.08
STEPS = 50


class Part(Protocol):
    """raw: (rows,) log-odds; contributions: (factors, rows); base + the column's sum is raw."""

    @property
    def base(self) -> float: ...
    def raw(self, matrix: np.ndarray) -> np.ndarray: ...
    def contributions(self, matrix: np.ndarray) -> np.ndarray: ...
    def weights(self) -> np.ndarray: ...


@dataclass(frozen=True)
class Mixture:
    """No parts at all says the same of everybody: the calibration's intercept."""

    parts: tuple[Part, ...]
    weights: tuple[float, ...]
    calibration: Calibration

    @property
    def base(self) -> float:
        """Log-odds of a row of which nothing is known, before any cohort's curve and the shift to the true rate."""
        raw = sum(weight * part.base for weight, part in zip(self.weights, self.parts, strict=True))
        return self.calibration.slope * raw + self.calibration.intercept

    def log_odds(self, matrix: np.ndarray) -> np.ndarray:
        found = np.zeros(len(matrix))
        for weight, part in zip(self.weights, self.parts, strict=True):
            found += weight * part.raw(matrix)
        return self.calibration.slope * found + self.calibration.intercept

    def contributions(self, matrix: np.ndarray, factors: int) -> np.ndarray:
        """(factors, rows): base + the column's sum is `log_odds`."""
        found = np.zeros((factors, len(matrix)))
        for weight, part in zip(self.weights, self.parts, strict=True):
            added = part.contributions(matrix)
            added *= weight * self.calibration.slope
            found += added
        return found

    def used(self, factors: int) -> np.ndarray:
        """How much each factor is used, summing to 1."""
        found = np.zeros(factors)
        for weight, part in zip(self.weights, self.parts, strict=True):
            found += weight * part.weights()
        return found / (found.sum() or 1.0)


def mix(said: Sequence[np.ndarray], label: np.ndarray) -> tuple[float, ...]:
    """Weights, summing to 1, that make the parts' held-out scores most likely together (logistic stacking).

    said: raw scores of each part on rows it had not seen. A part of little weight gets none at all.
    """
    if len(said) == 1:
        return (1.0,)
    columns = np.column_stack([*said, np.ones(len(label))])
    weights = np.append(np.full(len(said), 1 / len(said)), 0.0)
    for _ in range(STEPS):
        p = probability(columns @ weights)
        curve = (columns * (p * (1 - p) + 1e-9)[:, None]).T @ columns + 1e-6 * np.eye(len(weights))
        step = np.linalg.solve(curve, columns.T @ (label - p))
        weights += np.clip(step, -2, 2)
        if np.abs(step).max() < 1e-9:
            break
    found = np.maximum(weights[:-1], 0.0)
    found /= found.sum() or 1.0
    found[found < LEAST_WEIGHT] = 0.0
    if not found.any():
        return (1.0,) + (0.0,) * (len(said) - 1)
    return tuple(float(one) for one in found / found.sum())
