"""Columns that alone nearly decide the label: named, and when they decide it, kept out of the model."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.churn.columns import Column, Dropped, Kind, as_levels, numbers
from analytics.churn.metrics import auc

NAMED = 0.90
LEFT_OUT = 0.98
BINS = 24
ROWS = 30_000


@dataclass(frozen=True)
class Suspect:
    """auc: what the column reaches alone, its bins judged on rows that did not make them."""

    column: str
    auc: float
    used: bool


def find_suspects(frame: pd.DataFrame, label: np.ndarray, found: list[Column | Dropped], seed: int) -> list[Suspect]:
    """Every column is asked, those that will be dropped as well: a blank alone may give the answer away."""
    random = np.random.default_rng(seed)
    rows = np.sort(random.permutation(len(frame))[:ROWS])
    half = random.integers(0, 2, len(rows)).astype(bool)
    suspects = []
    for one in found:
        name = one.name if isinstance(one, Column) else one.column
        bins = _bins(one, frame[name].iloc[rows])
        strength = _strength(bins, label[rows], half)
        if strength >= NAMED:
            used = isinstance(one, Column) and strength < LEFT_OUT
            suspects.append(Suspect(name, round(strength, 4), used))
    return suspects


def _bins(one: Column | Dropped, values: pd.Series) -> np.ndarray:
    if isinstance(one, Dropped):
        return values.isna().to_numpy().astype(int)
    if one.kind == Kind.CATEGORY:
        return pd.factorize(as_levels(values))[0]
    read = numbers(values, one)
    filled = np.isfinite(read)
    edges = np.unique(np.quantile(read[filled], np.linspace(0, 1, BINS + 1)[1:-1])) if filled.any() else np.empty(0)
    return np.where(filled, np.searchsorted(edges, read, side="right") + 1, 0)


def _strength(bins: np.ndarray, label: np.ndarray, half: np.ndarray) -> float:
    """AUC of the bins' rates, each half judged by the rates of the other."""
    count = int(bins.max()) + 1
    score = np.empty(len(bins))
    for inside in (half, ~half):
        if not inside.any() or inside.all():
            return 0.5
        hits = np.bincount(bins[~inside], weights=label[~inside], minlength=count)
        rows = np.bincount(bins[~inside], minlength=count)
        mean = label[~inside].mean()
        score[inside] = ((hits + mean) / (rows + 1))[bins[inside]]
    return auc(label, score) if 0 < label.sum() < len(label) else 0.5
