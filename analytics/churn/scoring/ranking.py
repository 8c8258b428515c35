"""Places in the whole base without holding the base: how log-odds lie, counted in narrow bins, chunk by chunk."""

import numpy as np

LOW, HIGH, BINS = -14.0, 10.0, 2400
WIDTH = (HIGH - LOW) / BINS


def histogram(log_odds: np.ndarray) -> list[int]:
    """How many rows lie in each bin of a hundredth of log-odds; what lies outside counts at the ends."""
    place = np.clip(((log_odds - LOW) / WIDTH).astype(np.int64), 0, BINS - 1)
    return [int(count) for count in np.bincount(place, minlength=BINS)]


def decile_edges(histograms: list[list[int]]) -> list[float]:
    """The nine log-odds that part the counted rows into tenths, lowest first."""
    counts = np.sum(np.asarray(histograms, dtype=np.int64), axis=0)
    up_to = np.append(0, np.cumsum(counts)).astype(np.float64)
    borders = LOW + WIDTH * np.arange(BINS + 1)
    # Where no row lies the count stands still: the first border at which it is reached.
    grown = np.append(True, np.diff(up_to) > 0)
    return [float(edge) for edge in np.interp(np.arange(0.1, 0.95, 0.1) * up_to[-1], up_to[grown], borders[grown])]


def decile_of(log_odds: np.ndarray, edges: list[float]) -> np.ndarray:
    """1 is the tenth of the base most at risk, 10 the least."""
    return 10 - np.searchsorted(np.asarray(edges), log_odds, side="right")
