"""Metrics of scores. They take weights, so that a balanced sample can be evaluated at the true rate."""

from collections.abc import Sequence
from typing import Any

import numpy as np

# Calibration error: this many bins of equal weight, by predicted probability.
BINS = 10


def prior_weights(label: np.ndarray, prior: float | None) -> np.ndarray:
    """Weights that make the label's rate equal to `prior`; all 1 without one."""
    rate = label.mean()
    if prior is None:
        return np.ones(len(label))
    return np.where(label == 1, prior / rate, (1 - prior) / (1 - rate))


def auc(label: np.ndarray, score: np.ndarray) -> float:
    """Chance that a leaver scores above a stayer, ties counting half. Does not depend on the label's rate."""
    _, place, counts = np.unique(score, return_inverse=True, return_counts=True)
    rank = (np.cumsum(counts) - (counts - 1) / 2)[place]
    positives = float(label.sum())
    negatives = len(label) - positives
    return float((rank[label == 1].sum() - positives * (positives + 1) / 2) / (positives * negatives))


def average_precision(label: np.ndarray, score: np.ndarray, weight: np.ndarray) -> float:
    hits, total = _from_the_top(label, score, weight)
    precision = np.cumsum(hits) / np.cumsum(total)
    return float((precision * hits).sum() / hits.sum())


def lift(label: np.ndarray, score: np.ndarray, weight: np.ndarray, top: float) -> float:
    """The label's rate in the `top` share of the list over its overall rate. Equal scores share their hits."""
    hits, total = _from_the_top(label, score, weight)
    place = np.append(0, np.cumsum(total))
    found = np.interp(top * place[-1], place, np.append(0, np.cumsum(hits)))
    return float(found / top / hits.sum())


def _from_the_top(label: np.ndarray, score: np.ndarray, weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Weight of the hits and of all rows per distinct score, highest first."""
    _, place = np.unique(-score, return_inverse=True)
    return np.bincount(place, weights=weight * label), np.bincount(place, weights=weight)


def brier(label: np.ndarray, probability: np.ndarray, weight: np.ndarray) -> float:
    return float(np.average((probability - label) ** 2, weights=weight))


def calibration_error(label: np.ndarray, probability: np.ndarray, weight: np.ndarray, bins: int = BINS) -> float:
    """ECE: mean distance between predicted and true rate over bins of equal weight, by predicted probability."""
    order = np.argsort(probability, kind="stable")
    middle = (np.cumsum(weight[order]) - weight[order] / 2) / weight.sum()
    place = np.minimum((middle * bins).astype(int), bins - 1)
    predictions = np.bincount(place, weights=(weight * probability)[order], minlength=bins)
    true = np.bincount(place, weights=(weight * label)[order], minlength=bins)
    return float(np.abs(predictions - true).sum() / weight.sum())


def calibration_error_by_chance(probability: np.ndarray, weight: np.ndarray, bins: int = BINS) -> float:
    """The ECE that true probabilities would show on so many rows: E|noise| of each bin, taken as normal.

    At an ECE near this figure no miscalibration is detectable on these rows.
    """
    order = np.argsort(probability, kind="stable")
    middle = (np.cumsum(weight[order]) - weight[order] / 2) / weight.sum()
    place = np.minimum((middle * bins).astype(int), bins - 1)
    spread = np.bincount(place, weights=(weight**2 * probability * (1 - probability))[order], minlength=bins)
    return float(np.sqrt(2 / np.pi) * np.sqrt(spread).sum() / weight.sum())


def summary(label: np.ndarray, probability: np.ndarray, prior: float | None = None) -> dict[str, float]:
    """All metrics of a set of rows with both labels."""
    weight = prior_weights(label, prior)
    return {
        "auc": round(auc(label, probability), 5),
        "average_precision": round(average_precision(label, probability, weight), 5),
        "lift_at_5": round(lift(label, probability, weight, 0.05), 4),
        "lift_at_10": round(lift(label, probability, weight, 0.10), 4),
        "brier": round(brier(label, probability, weight), 6),
        "ece": round(calibration_error(label, probability, weight), 6),
        "ece_by_chance": round(calibration_error_by_chance(probability, weight), 6),
        "mean_predicted": round(float(np.average(probability, weights=weight)), 6),
        "true_rate": round(float(np.average(label, weights=weight)), 6),
    }


def cohort_names(edges: Sequence[float]) -> list[str]:
    """Names of the groups between edges; a value on the last of several edges belongs below it."""
    limits = [f"{edge:g}" for edge in edges]
    between = [f"{low} to {high}" for low, high in zip(limits, limits[1:], strict=False)]
    return [f"under {limits[0]}", *between, f"over {limits[-1]}" if len(limits) > 1 else f"{limits[0]} and over"]


def cohort_of(values: np.ndarray, edges: Sequence[float]) -> np.ndarray:
    """The index of each value's group, -1 for a blank: below the first edge, between edges, above the last."""
    cuts = np.asarray(edges, dtype=np.float64)
    place = np.searchsorted(cuts, values, side="right")
    if len(cuts) > 1:
        place = np.where(values == cuts[-1], len(cuts) - 1, place)
    return np.where(np.isnan(values), -1, place)


def cohort_table(
    label: np.ndarray, probability: np.ndarray, values: np.ndarray, edges: Sequence[float], prior: float | None = None
) -> list[dict[str, Any]]:
    """The metrics within each group; a group without both labels has rows and rate only."""
    place = cohort_of(values, edges)
    weight = prior_weights(label, prior)
    table = []
    for number, name in [*enumerate(cohort_names(edges)), (-1, "blank")]:
        inside = place == number
        if number == -1 and not inside.any():
            continue
        row: dict[str, Any] = {"cohort": name, "rows": int(inside.sum())}
        if 0 < label[inside].sum() < inside.sum():
            own, predictions = label[inside], probability[inside]
            row |= {
                "positive_rate": round(float(own.mean()), 5),
                "auc": round(auc(own, predictions), 5),
                "lift_at_10": round(lift(own, predictions, weight[inside], 0.10), 4),
                "ece": round(calibration_error(own, predictions, weight[inside]), 6),
                "ece_by_chance": round(calibration_error_by_chance(predictions, weight[inside]), 6),
            }
        table.append(row)
    return table
