"""The stored result of each scored line: probability, decile, tier, expected gain, reasons and their sums by theme."""

import json
from collections.abc import Sequence
from functools import cache

import numpy as np
import pandas as pd

from analytics.churn.learners.model import ChurnModel, Explained
from analytics.valuation.rules.economics import Economics
from customers import fields
from customers.fields.choices import RiskTier
from customers.risk.text import themes

# tier: (times the usual rate, but never above this probability)
TIER_STEPS = {RiskTier.MEDIUM: (2.0, 0.25), RiskTier.HIGH: (4.0, 0.40), RiskTier.CRITICAL: (8.0, 0.60)}


def tier_thresholds(base_rate: float) -> dict[str, float]:
    """{tier: lowest probability}, for a base of which `base_rate` leaves."""
    return {tier.value: round(min(times * base_rate, limit), 4) for tier, (times, limit) in TIER_STEPS.items()}


def tier_of(probability: np.ndarray, lowest: dict[str, float]) -> np.ndarray:
    found = np.full(len(probability), RiskTier.LOW.value, dtype=object)
    for tier in TIER_STEPS:
        found[probability >= lowest[tier.value]] = tier.value
    return found


LOWEST_LOG_ODDS, HIGHEST_LOG_ODDS, HISTOGRAM_BINS = -14.0, 10.0, 2400
BIN_WIDTH = (HIGHEST_LOG_ODDS - LOWEST_LOG_ODDS) / HISTOGRAM_BINS


def log_odds_histogram(log_odds: np.ndarray) -> list[int]:
    """Counts of rows in bins of a hundredth of log-odds; values outside count at the ends."""
    place = np.clip(((log_odds - LOWEST_LOG_ODDS) / BIN_WIDTH).astype(np.int64), 0, HISTOGRAM_BINS - 1)
    return [int(count) for count in np.bincount(place, minlength=HISTOGRAM_BINS)]


def decile_edges(histograms: list[list[int]]) -> list[float]:
    """The nine log-odds that part the counted rows into tenths, lowest first."""
    counts = np.sum(np.asarray(histograms, dtype=np.int64), axis=0)
    up_to = np.append(0, np.cumsum(counts)).astype(np.float64)
    borders = LOWEST_LOG_ODDS + BIN_WIDTH * np.arange(HISTOGRAM_BINS + 1)
    # Where no row lies the count stands still: the first border at which it is reached.
    grown = np.append(True, np.diff(up_to) > 0)
    return [float(edge) for edge in np.interp(np.arange(0.1, 0.95, 0.1) * up_to[-1], up_to[grown], borders[grown])]


def decile_of(log_odds: np.ndarray, edges: list[float]) -> np.ndarray:
    """1 is the tenth of the base most at risk, 10 the least."""
    return 10 - np.searchsorted(np.asarray(edges), log_odds, side="right")


TOP_REASONS = 5
# A theme that moves the log-odds by less is not worth keeping.
LEAST_THEME = 0.005


def build_score_rows(
    frame: pd.DataFrame, found: Explained, model: ChurnModel, *, edges: list[float], lowest: dict[str, float],
    economics: Economics,
) -> pd.DataFrame:  # fmt: skip
    """Rows for customers.risk.services.record_scores from a frame of dataset.to_score and its explanation."""
    probability = np.round(found.probability, 6)
    factors, added = found.top(TOP_REASONS)
    return pd.DataFrame(
        {
            "subscriber_id": frame["subscriber_id"],
            "probability": probability,
            "decile": decile_of(found.log_odds, edges),
            "tier": tier_of(probability, lowest),
            "cohort": frame["tenure_cohort"],
            "expected_gain": economics.expected_gain(probability, frame),
            "reasons": reasons_as_json(frame, model.plan.factors, factors, added),
            "themes": themes_as_json(model.plan.factors, found),
        }
    )


def themes_as_json(names: Sequence[str], found: Explained) -> np.ndarray:
    """One JSON text a row: what each business reason adds to the log-odds, and the base they start from."""
    keys = [themes.theme_of(name) for name in names]
    texts = np.full(len(found.base), "{", dtype=object)
    for key in dict.fromkeys(keys):
        total = found.contributions[[place for place, own in enumerate(keys) if own == key]].sum(axis=0)
        texts += np.where(np.abs(total) < LEAST_THEME, "", f'"{key}": ' + format_fixed(total, 3) + ", ")
    return texts + f'"{themes.BASE_THEME}": ' + format_fixed(found.base, 3) + "}"


def reasons_as_json(
    frame: pd.DataFrame, names: list[str], factors: np.ndarray, contributions: np.ndarray
) -> np.ndarray:
    """One JSON text a row in the form of RiskScore.reasons; made factor by factor, not row by row."""
    heads = np.array([f'{{"factor": {json.dumps(name)}, "contribution": ' for name in names], dtype=object)
    found = np.full(len(frame), "[", dtype=object)
    for place in range(factors.shape[1]):
        chosen = factors[:, place]
        values = np.empty(len(frame), dtype=object)
        for factor in np.unique(chosen):
            inside = np.flatnonzero(chosen == factor)
            values[inside] = _as_json(frame[names[factor]].iloc[inside])
        added = format_fixed(contributions[:, place], 4)
        found += (", " if place else "") + heads[chosen] + added + ', "value": ' + values + "}"
    return found + "]"


def format_fixed(numbers: np.ndarray, decimals: int) -> np.ndarray:
    """Numbers as text of so many decimals. Those below ten are looked up, which takes a tenth of formatting each."""
    scale = 10**decimals
    places = np.rint(numbers * scale)
    small = np.abs(places) <= 10 * scale
    found = _texts_below_ten(decimals)[np.where(small, places, 0).astype(np.int64) + 10 * scale]
    if not small.all():
        found[~small] = np.char.mod(f"%.{decimals}f", numbers[~small]).astype(object)
    return found


@cache
def _texts_below_ten(decimals: int) -> np.ndarray:
    scale = 10**decimals
    return np.array([f"{place / scale:.{decimals}f}" for place in range(-10 * scale, 10 * scale + 1)], dtype=object)


def _as_json(values: pd.Series) -> np.ndarray:
    """The column's values as JSON, null where there is none."""
    if pd.api.types.is_numeric_dtype(values):
        numbers = values.to_numpy(dtype=np.float64)
        text = np.char.mod("%.6g", np.nan_to_num(numbers)).astype(object)
        text[np.isnan(numbers)] = "null"
        return text
    codes, levels = pd.factorize(values)
    field = fields.FIELDS.get(str(values.name))
    flags = {"t": "true", "f": "false"} if field and field.kind == fields.Kind.FLAG else {}
    said = np.array(
        [*(flags.get(level) or json.dumps(level, ensure_ascii=False) for level in levels), "null"], dtype=object
    )
    return said[codes]
