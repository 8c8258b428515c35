"""How a number is cut into bins."""

import math
from dataclasses import dataclass

BINS = 20
STEPS = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True)
class Scale:
    """Bin i holds [low + i * step, low + (i + 1) * step); the first takes all below, the last all above."""

    low: float
    step: float
    bins: int

    def edge(self, place: int) -> float:
        return round(self.low + place * self.step, 10)


def scale_of(low: float, high: float, *, whole: bool) -> Scale:
    """BINS bins or so with round borders from `low` to `high`, the 1st and 99th percentile. whole: of whole numbers."""
    width = max((high - low) / BINS, 0.0)
    if whole:
        width = max(width, 1.0)
    step = _round_up(width) if width > 0 else _round_up(abs(low) / BINS or 1.0)
    if whole:
        step = float(math.ceil(step))
    first = math.floor(low / step + 1e-9) * step
    return Scale(first, step, int((high - first) / step + 1e-9) + 1)


def _round_up(width: float) -> float:
    unit = 10.0 ** math.floor(math.log10(width))
    return next(size * unit for size in STEPS if size * unit >= width * (1 - 1e-9))
