"""Histograms of features and scores for comparing two nights: no rows are stored, and chunks add up.

A *reference* holds the bins of every feature and of the score with the shares of the rows it was made from. A *sketch*
counts other rows into these bins. Both are plain JSON:

    reference  {"as_of": date or null, "rows": n, "features": {name: BINS}, "score": BINS}
    BINS       {"kind": "number", "edges": [...], "shares": [...]}
               {"kind": "level", "levels": [...], "shares": [...]}
    sketch     {"rows": n, "features": {name: [counts]}, "score": [counts], "score_sum": sum of the probabilities}

Bin i of a number holds edges[i-1] < value <= edges[i], with one bin below the first edge and one above the last; of a
category, bin i is levels[i], then come all other levels. The last bin of both is for blanks.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

Json: TypeAlias = dict[str, Any]

BINS = 10
LEVELS = 12
# Columns of a frame besides the model's features.
NOT_FEATURES = frozenset({"subscriber_id", "subscriber_no", "customer_id", "left", "tenure_cohort", "monthly_spend"})
# How far below the smallest known value its bin reaches, as a share of it (or of 1).
LOWEST_BIN_MARGIN = 1e-3


def reference_of(frame: pd.DataFrame, probability: np.ndarray, *, as_of: date | None = None) -> Json:
    """Bins and shares of the rows that later nights are compared with.

    frame: the features (other columns of a scoring frame are ignored); probability: one per row; as_of: the date of
    the rows, used to separate calendar effects from drift.
    """
    score = pd.Series(np.asarray(probability, dtype=np.float64))
    return {
        "as_of": str(as_of) if as_of else None,
        "rows": len(frame),
        "features": {name: _learn(frame[name]) for name in _features(frame)},
        "score": _learn(score),
    }


def count(frame: pd.DataFrame, probability: np.ndarray, reference: Json) -> Json:
    """The sketch of these rows in the bins of the reference. Features unknown to the reference are left out."""
    scores = np.asarray(probability, dtype=np.float64)
    known = reference["features"]
    return {
        "rows": len(frame),
        "features": {name: _count(frame[name], known[name]).tolist() for name in _features(frame) if name in known},
        "score": _count(pd.Series(scores), reference["score"]).tolist(),
        "score_sum": float(scores.sum()),
    }


def add(a: Json, b: Json) -> Json:
    """The sketch of the rows of both; either may be empty ({}) or lack a feature."""
    if not a or not b:
        return a or b
    names = dict.fromkeys([*a["features"], *b["features"]])
    return {
        "rows": a["rows"] + b["rows"],
        "features": {name: _sum(a["features"].get(name), b["features"].get(name)) for name in names},
        "score": _sum(a["score"], b["score"]),
        "score_sum": a["score_sum"] + b["score_sum"],
    }


def total(sketches: Iterable[Json]) -> Json:
    """The sum of all sketches, {} for none."""
    found: Json = {}
    for one in sketches:
        found = add(found, one)
    return found


def shares(counts: Iterable[float]) -> list[float]:
    """Counts as shares of their sum; zeros for an empty sum."""
    held = np.asarray(list(counts), dtype=np.float64)
    return (held / held.sum() if held.sum() else held).tolist()


def _features(frame: pd.DataFrame) -> list[str]:
    return [str(name) for name in frame.columns if name not in NOT_FEATURES]


def _learn(values: pd.Series) -> Json:
    if not _is_number(values):
        levels = [str(level) for level in values.dropna().astype(str).value_counts().index[:LEVELS]]
        bins: Json = {"kind": "level", "levels": levels}
    else:
        bins = {"kind": "number", "edges": _edges(values.to_numpy(dtype=np.float64, na_value=np.nan))}
    return bins | {"shares": [round(share, 8) for share in shares(_count(values, bins))]}


def _edges(numbers: np.ndarray) -> list[float]:
    """One bin per value where there are few, else distinct quantiles. There is a bin below the smallest value too: a
    changed unit or a broken feed brings values outside the known range."""
    filled = numbers[np.isfinite(numbers)].astype(np.float32)
    if not len(filled):
        return []
    distinct = np.unique(filled)
    if len(distinct) > BINS + 2:
        inner = np.quantile(filled, np.arange(1, BINS) / BINS, method="lower")
        distinct = np.unique(inner)
    low = float(filled.min())
    return [low - LOWEST_BIN_MARGIN * max(abs(low), 1.0), *(float(edge) for edge in distinct)]


def _count(values: pd.Series, bins: Json) -> np.ndarray:
    return _count_numbers(values, bins["edges"]) if bins["kind"] == "number" else _count_levels(values, bins["levels"])


def _count_numbers(values: pd.Series, edges: list[float]) -> np.ndarray:
    """Values that are not numbers count as blank."""
    read = values if _is_number(values) else pd.to_numeric(values, errors="coerce")
    numbers = read.to_numpy(dtype=np.float32, na_value=np.nan)
    filled = numbers[~np.isnan(numbers)]
    place = np.searchsorted(np.asarray(edges, dtype=np.float32), filled, side="left")
    found = np.bincount(place, minlength=len(edges) + 1)
    return np.append(found, len(numbers) - len(filled))


def _count_levels(values: pd.Series, levels: list[str]) -> np.ndarray:
    codes, distinct = pd.factorize(values)
    place = {level: number for number, level in enumerate(levels)}
    other, blank = len(levels), len(levels) + 1
    of_code = np.array([*(place.get(str(level), other) for level in distinct), blank], dtype=np.int64)
    return np.bincount(of_code[codes], minlength=blank + 1)


def _is_number(values: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)


def _sum(a: list[int] | None, b: list[int] | None) -> list[int]:
    if a is None or b is None:
        return a or b or []
    return [x + y for x, y in zip(a, b, strict=True)]
