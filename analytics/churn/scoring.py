"""Scoring everybody: profiles stream through the model in blocks, so memory does not grow with the base."""

import json
from datetime import date

import numpy as np
import pandas as pd

from analytics.churn import dataset, gain, tiers
from analytics.churn.model import ChurnModel
from customers import fields
from customers.services import record_scores

TOP = 5
NOT_FEATURES = ["subscriber_id", "tenure_cohort", "monthly_spend"]


def score_base(*, as_of: date, model: ChurnModel, version: str, lowest: dict[str, float]) -> tuple[int, int]:
    """Score every line in service. Returns (lines scored, scores that are new or changed).

    Two passes: deciles are places in the whole base, known only when every probability is.
    """
    said = [model.probability(frame.drop(columns=NOT_FEATURES)) for frame in dataset.to_score(as_of=as_of)]
    if not said:
        return 0, 0
    edges = tiers.decile_edges(np.concatenate(said))
    written = 0
    for frame in dataset.to_score(as_of=as_of):
        written += record_scores(as_of=as_of, frame_or_rows=_scored(frame, model, edges, lowest), model_version=version)
    return sum(map(len, said)), written


def _scored(frame: pd.DataFrame, model: ChurnModel, edges: np.ndarray, lowest: dict[str, float]) -> pd.DataFrame:
    features = frame.drop(columns=NOT_FEATURES)
    found = model.explain(features, TOP)
    probability = np.round(found.probability, 6)
    return pd.DataFrame(
        {
            "subscriber_id": frame["subscriber_id"],
            "probability": probability,
            "decile": tiers.decile_of(found.probability, edges),
            "tier": tiers.tier_of(probability, lowest),
            "cohort": frame["tenure_cohort"],
            "expected_gain": gain.expected_gain(probability, frame["monthly_spend"].to_numpy()),
            "reasons": reasons_as_json(features, model.plan.factors, found.factors, found.contributions),
        }
    )


def reasons_as_json(
    frame: pd.DataFrame, names: list[str], factors: np.ndarray, contributions: np.ndarray
) -> np.ndarray:
    """One JSON text a row, as RiskScore.reasons wants it; made column by column, not row by row."""
    texts = [_as_json(frame[name]) for name in names]
    heads = np.array([f'{{"factor": {json.dumps(name)}, "contribution": ' for name in names], dtype=object)
    rows = np.arange(len(frame))
    found = np.full(len(frame), "[", dtype=object)
    for place in range(factors.shape[1]):
        chosen = factors[:, place]
        values = np.empty(len(frame), dtype=object)
        for factor in np.unique(chosen):
            inside = chosen == factor
            values[inside] = texts[factor][rows[inside]]
        added = np.char.mod("%.4f", contributions[:, place]).astype(object)
        found += (", " if place else "") + heads[chosen] + added + ', "value": ' + values + "}"
    return found + "]"


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
