"""From a model's raw score to a probability that means what it says. Every step is linear in the log-odds, so that
rows keep their order and reasons still add up: slope and intercept (Platt), then a shift when the true rate is not the
training rate."""

from dataclasses import dataclass

import numpy as np

# With fewer rows of the rarer label than this only the mean is put right; a slope would be noise.
ENOUGH_FOR_SLOPE = 30
SLOPES = (0.2, 5.0)
STEPS = 50


@dataclass(frozen=True)
class Calibration:
    slope: float = 1.0
    intercept: float = 0.0
    shift: float = 0.0

    def log_odds(self, raw: np.ndarray) -> np.ndarray:
        return self.slope * raw + self.intercept + self.shift

    def probability(self, raw: np.ndarray) -> np.ndarray:
        return probability(self.log_odds(raw))


def fit_calibration(raw: np.ndarray, label: np.ndarray, prior: float | None = None) -> Calibration:
    """From raw scores that were made without seeing their rows' labels. prior: the true rate where rows were picked."""
    shift = 0.0 if prior is None else logit(prior) - logit(float(label.mean()))
    slope, intercept = 1.0, 0.0
    free_slope = min(label.sum(), len(label) - label.sum()) >= ENOUGH_FOR_SLOPE
    for _ in range(STEPS):
        said = probability(slope * raw + intercept)
        spread = said * (1 - said) + 1e-9
        error = label - said
        gradient = np.array([error @ raw if free_slope else 0.0, error.sum()])
        cross = spread @ raw if free_slope else 0.0
        curve = np.array([[spread @ raw**2 if free_slope else 1.0, cross], [cross, spread.sum()]])
        step = np.linalg.solve(curve + 1e-9 * np.eye(2), gradient)
        slope = float(np.clip(slope + step[0], *SLOPES))
        intercept += float(np.clip(step[1], -5, 5))
        if np.abs(step).max() < 1e-9:
            break
    return Calibration(slope, intercept, shift)


def probability(log_odds: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-np.clip(log_odds, -40, 40)))


def logit(rate: float) -> float:
    return float(np.log(rate / (1 - rate)))
