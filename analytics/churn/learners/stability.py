"""How far two distributions over the same bins lie apart, without the tables that they were counted from. Pure."""

from collections.abc import Iterable

import numpy as np

# Rows added to each bin on both sides, so that an empty bin has a bounded effect.
SMOOTHING = 0.5


def psi(
    expected: Iterable[float], expected_rows: float, counts: Iterable[float], smoothing: float = SMOOTHING
) -> float:
    """Population stability index: sum over the bins of (p - q) ln(p / q).

    q: the expected shares, p: the shares found. Both with `smoothing` rows added to each of the k bins, that is
    q = (expected_rows * share + 0.5) / (expected_rows + 0.5 k) and p likewise, which keeps an empty bin from making
    the index infinite and shrinks small samples towards each other. By chance alone, n expected and m found rows give
    about (k - 1)(1/n + 1/m): see `noise`.
    """
    found = np.asarray(list(counts), dtype=np.float64)
    held = np.asarray(list(expected), dtype=np.float64) * expected_rows
    if not found.sum() or not held.sum():
        return 0.0
    p = (found + smoothing) / (found.sum() + smoothing * len(found))
    q = (held + smoothing) / (held.sum() + smoothing * len(held))
    return float(np.sum((p - q) * np.log(p / q)))


def noise(bins: int, expected_rows: float, rows: float) -> float:
    """The expected index of two samples of the same population."""
    if not expected_rows or not rows:
        return 0.0
    return (bins - 1) * (1 / expected_rows + 1 / rows)
