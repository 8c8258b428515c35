"""What is written of each scored line: probability, place, tier, expected gain, reasons and their sums by theme."""

import json
from collections.abc import Sequence
from functools import cache

import numpy as np
import pandas as pd

from analytics.churn import tiers
from analytics.churn.model import ChurnModel, Explained
from analytics.churn.scoring import ranking
from analytics.value.gain import Economics
from customers import fields, themes

TOP = 5
# A theme that moves the log-odds by less is not worth keeping.
LEAST = 0.005


def scored(
    frame: pd.DataFrame, found: Explained, model: ChurnModel, *, edges: list[float], lowest: dict[str, float],
    economics: Economics,
) -> pd.DataFrame:  # fmt: skip
    """Rows for customers.services.record_scores from a frame of dataset.to_score and its explanation."""
    probability = np.round(found.probability, 6)
    factors, added = found.top(TOP)
    return pd.DataFrame(
        {
            "subscriber_id": frame["subscriber_id"],
            "probability": probability,
            "decile": ranking.decile_of(found.log_odds, edges),
            "tier": tiers.tier_of(probability, lowest),
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
        texts += np.where(np.abs(total) < LEAST, "", f'"{key}": ' + fixed(total, 3) + ", ")
    return texts + f'"{themes.BASE}": ' + fixed(found.base, 3) + "}"


def reasons_as_json(
    frame: pd.DataFrame, names: list[str], factors: np.ndarray, contributions: np.ndarray
) -> np.ndarray:
    """One JSON text a row, as RiskScore.reasons wants it; made factor by factor, not row by row."""
    heads = np.array([f'{{"factor": {json.dumps(name)}, "contribution": ' for name in names], dtype=object)
    found = np.full(len(frame), "[", dtype=object)
    for place in range(factors.shape[1]):
        chosen = factors[:, place]
        values = np.empty(len(frame), dtype=object)
        for factor in np.unique(chosen):
            inside = np.flatnonzero(chosen == factor)
            values[inside] = _as_json(frame[names[factor]].iloc[inside])
        added = fixed(contributions[:, place], 4)
        found += (", " if place else "") + heads[chosen] + added + ', "value": ' + values + "}"
    return found + "]"


def fixed(numbers: np.ndarray, decimals: int) -> np.ndarray:
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
