"""What became of scores: once the outcome of a month end is known, the night's scores are held against it."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.churn import metrics

# 99 %: four intervals a month (each cohort and all), and hardly one a year should lie by chance.
SURE = 2.576
TOP = 0.10


@dataclass(frozen=True)
class Realised:
    """auc, lift: None unless both outcomes are there. gap: how far the whole interval of happened / said lies from 1,
    0 when it holds 1. lift_most: the upper end of the lift's interval."""

    rows: int
    leavers: int
    said: float
    happened: float
    gap: float
    auc: float | None = None
    lift: float | None = None
    lift_most: float | None = None


def realised(label: np.ndarray, probability: np.ndarray) -> Realised:
    """label: 0 or 1; probability: what was said of each row. At least one row."""
    rows, leavers = len(label), int(label.sum())
    said, happened = float(probability.mean()), leavers / rows
    found = Realised(rows, leavers, said, happened, calibration_gap(leavers, float(probability.sum())))
    if not 0 < leavers < rows:
        return found
    lift = metrics.lift(label, probability, np.ones(rows), TOP)
    most = wilson(lift * TOP, leavers)[1] / TOP
    return Realised(rows, leavers, said, happened, found.gap, metrics.auc(label, probability), lift, min(most, 1 / TOP))


def by_cohort(frame: pd.DataFrame) -> dict[str, Realised]:
    """frame: left, probability, cohort. "" is everybody."""
    found = {"": realised(frame["left"].to_numpy(), frame["probability"].to_numpy())}
    for cohort, part in frame.groupby("cohort"):
        found[str(cohort)] = realised(part["left"].to_numpy(), part["probability"].to_numpy())
    return found


def calibration_gap(leavers: int, expected: float) -> float:
    """Distance of the interval of leavers / expected from 1. The interval is that of a count (square-root scale)."""
    if expected <= 0:
        return 0.0
    root = np.sqrt(leavers + 0.375)
    low = max(root - SURE / 2, 0.0) ** 2 / expected
    high = (root + SURE / 2) ** 2 / expected
    if low > 1:
        return float(low - 1)
    return float(1 / high - 1) if high < 1 else 0.0


def wilson(share: float, count: int) -> tuple[float, float]:
    """The interval of a share seen in `count` cases."""
    square = SURE**2
    middle = (share + square / (2 * count)) / (1 + square / count)
    half = SURE / (1 + square / count) * np.sqrt(share * (1 - share) / count + square / (4 * count**2))
    return max(0.0, float(middle - half)), min(1.0, float(middle + half))


def lost_lift(found: Realised, promised: float) -> float | None:
    """The part of the promised lift that is lost even at the upper end of the interval."""
    if found.lift_most is None or promised <= 0:
        return None
    return max(0.0, 1 - found.lift_most / promised)
