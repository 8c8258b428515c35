"""Measuring: seconds of a call, percentiles, and the dict a benchmark gives back."""

import time
from collections.abc import Callable, Sequence

import numpy as np


def seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def alternately(ours: Callable[[], object], floor: Callable[[], object], times: int) -> tuple[list[float], list[float]]:
    """Seconds of both, in turns, so that what else the machine does meets both alike."""
    measured: tuple[list[float], list[float]] = [], []
    for _ in range(times):
        measured[0].append(seconds(ours))
        measured[1].append(seconds(floor))
    return measured


def percentile(values: Sequence[float], share: float) -> float:
    return float(np.percentile(values, share))


def beside(*, figure: float, floor: float, unit: str, floor_is: str, goal: str, reached: bool, **seen: object) -> dict:
    """The figure beside its floor. `seen`: what else the benchmark tells."""
    return {
        "figure": round(figure, 2), "unit": unit, "floor": round(floor, 2), "floor_is": floor_is,
        "ratio": round(figure / floor, 2) if floor else None, "goal": goal, "reached": bool(reached), **seen,
    }  # fmt: skip
