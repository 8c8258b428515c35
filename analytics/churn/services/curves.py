"""Figures that the model pages draw, computed once at training from the judged rows: curves and factor shapes."""

from typing import Any

import numpy as np
import pandas as pd

from analytics.churn.learners.columns import Column, Kind, as_levels, numbers
from analytics.churn.learners.model import ChurnModel, Explained

GAIN_POINTS = 20


def curves(label: np.ndarray, probability: np.ndarray) -> dict:
    """gain: [(share of the list, share of the leavers)]; calibration: [(mean score, rate, rows)]; lift: [by decile]."""
    order = np.argsort(-probability, kind="stable")
    hits = np.cumsum(label[order])
    places = np.unique((np.linspace(0, 1, GAIN_POINTS + 1)[1:] * len(label)).astype(int))
    places = places[places > 0]
    leavers = max(hits[-1], 1)
    parts = np.array_split(order, 10)
    rate = max(float(label.mean()), 1e-12)
    return {
        "gain": [
            [0.0, 0.0],
            *([round(place / len(label), 4), round(float(hits[place - 1] / leavers), 4)] for place in places),
        ],
        "calibration": [
            [round(float(probability[part].mean()), 5), round(float(label[part].mean()), 5), len(part)]
            for part in parts[::-1]
            if len(part)
        ],
        "lift": [round(float(label[part].mean()) / rate, 3) for part in parts if len(part)],
    }


SHAPED_FACTORS = 16
SHAPE_BINS, SHAPE_LEVELS = 12, 10
FEWEST_ROWS = 20


def shapes(model: ChurnModel, frame: pd.DataFrame, label: np.ndarray, found: Explained) -> list[dict[str, Any]]:
    """One for each of the factors used most, on judged rows:

    {"factor", "kind", "points": [{"from", "to"} or {"level"} or {"blank": true}, "rows", "added" (mean log-odds),
    "low", "high" (the middle 80 % of rows), "rate" (share that left)]}.
    """
    mean = np.abs(found.contributions).mean(axis=1) if len(frame) else np.zeros(len(model.plan.factors))
    strongest = [place for place in np.argsort(-mean)[:SHAPED_FACTORS] if mean[place] > 0]
    made = []
    for place in strongest:
        column = model.plan.columns[place]
        points = _points(column, frame[column.name], np.asarray(label, dtype=np.float64), found.contributions[place])
        made.append({"factor": column.name, "kind": column.kind.value, "points": points})
    return made


def _points(column: Column, values: pd.Series, label: np.ndarray, added: np.ndarray) -> list[dict[str, Any]]:
    if column.kind == Kind.CATEGORY:
        text = as_levels(values).to_numpy()
        common = pd.Series(text).value_counts().head(SHAPE_LEVELS).index
        parts = [({"level": str(level)} if level else {"blank": True}, text == level) for level in common]
    else:
        read = numbers(values, column)
        parts = [*_bins(read), ({"blank": True}, np.isnan(read))]
    return [
        place | _shape_point(label[inside], added[inside]) for place, inside in parts if inside.sum() >= FEWEST_ROWS
    ]


def _bins(read: np.ndarray) -> list[tuple[dict[str, Any], np.ndarray]]:
    known = read[~np.isnan(read)]
    if not len(known):
        return []
    edges = np.unique(np.quantile(known, np.linspace(0, 1, SHAPE_BINS + 1)))
    if len(edges) == 1:
        return [({"from": float(edges[0]), "to": float(edges[0])}, read == edges[0])]
    place = np.clip(np.searchsorted(edges, read, side="right") - 1, 0, len(edges) - 2)
    place[np.isnan(read)] = -1
    found = []
    for number in range(len(edges) - 1):
        inside = place == number
        if inside.any():
            found.append(({"from": float(read[inside].min()), "to": float(read[inside].max())}, inside))
    return found


def _shape_point(label: np.ndarray, added: np.ndarray) -> dict[str, Any]:
    low, high = np.quantile(added, [0.1, 0.9])
    return {
        "rows": len(label),
        "added": round(float(added.mean()), 4),
        "low": round(float(low), 4),
        "high": round(float(high), 4),
        "rate": round(float(label.mean()), 5),
    }
