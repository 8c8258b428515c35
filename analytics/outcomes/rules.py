"""Information gain of a factor: entropy in bits over bands of its values. Pure, on arrays."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

BAND_COUNT = 10
LEVEL_COUNT = 20
Z_95 = 1.96


@dataclass(frozen=True)
class Bands:
    """A factor cut into bands. code: the band of each row; edges: between the bands of a number; levels: of a category.

    The last band is that of the blanks; of a category, the one before it is that of all rare levels together.
    """

    code: np.ndarray
    count: int
    edges: np.ndarray | None = None
    levels: tuple[str, ...] = ()

    @property
    def blank(self) -> int:
        return self.count - 1

    def limits(self, band: int) -> tuple[float | None, float | None]:
        """Lower limit, and upper limit (exclusive); None where unbounded."""
        if self.edges is None or band == self.blank:
            return None, None
        low = float(self.edges[band - 1]) if band > 0 else None
        high = float(self.edges[band]) if band < len(self.edges) else None
        return low, high

    def level(self, band: int) -> str:
        return self.levels[band] if band < len(self.levels) else ""


def cut_bands(values: pd.Series) -> Bands:
    """About ten bands with equally many rows of a number; the commonest levels of anything else."""
    if pd.api.types.is_numeric_dtype(values):
        numbers = values.to_numpy(dtype=np.float64)
        known = numbers[np.isfinite(numbers)]
        edges = (
            np.unique(np.quantile(known, np.arange(1, BAND_COUNT) / BAND_COUNT, method="inverted_cdf"))
            if len(known)
            else np.empty(0)
        )
        edges = edges[edges > known.min()] if len(known) else edges
        code = np.searchsorted(edges, numbers, side="right")
        code = np.where(np.isfinite(numbers), code, len(edges) + 1)
        return Bands(code.astype(np.int64), len(edges) + 2, edges=edges)
    text = values.astype(object).where(values.notna() & (values != ""), None)
    levels = tuple(str(level) for level in text.value_counts().index[:LEVEL_COUNT])
    place = {level: number for number, level in enumerate(levels)}
    codes, distinct = pd.factorize(text)
    of_distinct = np.array([*(place.get(str(one), len(levels)) for one in distinct), len(levels) + 1])
    return Bands(of_distinct[codes].astype(np.int64), len(levels) + 2, levels=levels)


def tally(bands: Bands, label: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rows and leavers of each band."""
    rows = np.bincount(bands.code, minlength=bands.count)
    return rows, np.bincount(bands.code, weights=label, minlength=bands.count)


def information_gain(rows: np.ndarray, leavers: np.ndarray) -> tuple[float, float]:
    """Information gain in bits and gain ratio, less the gain expected by chance."""
    total = rows.sum()
    there = rows > 0
    if not total or there.sum() < 2:
        return 0.0, 0.0
    share = rows[there] / total
    within = float((share * _entropy(leavers[there] / rows[there])).sum())
    chance = (there.sum() - 1) / (2 * total * np.log(2))
    found = max(float(_entropy(np.array([leavers.sum() / total]))[0]) - within - chance, 0.0)
    return found, found / float(-(share * np.log2(share)).sum())


def wilson(leavers: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The 95 % interval of each rate; 0 to 1 without rows."""
    n = np.maximum(rows, 1e-9)
    rate = leavers / n
    middle = (rate + Z_95**2 / (2 * n)) / (1 + Z_95**2 / n)
    half = Z_95 * np.sqrt(rate * (1 - rate) / n + Z_95**2 / (4 * n**2)) / (1 + Z_95**2 / n)
    return np.clip(middle - half, 0, 1), np.clip(middle + half, 0, 1)


def _entropy(rate: np.ndarray) -> np.ndarray:
    inside = np.clip(rate, 1e-15, 1 - 1e-15)
    return np.where((rate <= 0) | (rate >= 1), 0.0, -(inside * np.log2(inside) + (1 - inside) * np.log2(1 - inside)))
