"""The factor tables of a month: information gain of every factor, and the bands in which most lines leave."""

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from django.db import transaction

from analytics.churn.queries import dataset, definitions
from analytics.outcomes.models import FactorGain, RiskBand
from analytics.outcomes.rules import Bands, cut_bands, information_gain, tally, wilson
from customers.fields.choices import TenureCohort
from customers.profile.models import ProfileSnapshot
from customers.profile.queries.snapshots import snapshot_dates

# A sample ranks factors as well as the whole base, and fits into a worker's memory.
SAMPLE_LINES = 200_000
MIN_LEAVERS = 20
BANDS_STORED = 30
# Minimum lines, and minimum share of all lines, of a risky band.
MIN_BAND_LINES, MIN_BAND_SHARE = 50, 0.005
ALL_COHORTS = ""


def record_factors(*, as_of: date) -> int:
    """The tables of the newest month end whose outcome is known by `as_of`. Returns the rows written.

    No rows when they exist or when too few lines left; cohorts with too few leavers are left out.
    """
    snapshot = _newest(as_of)
    if snapshot is None or FactorGain.objects.filter(snapshot=snapshot).exists():
        return 0
    lines = ProfileSnapshot.objects.filter(as_of=snapshot).count()
    frame = dataset.labelled(snapshot=snapshot, every=max(1, lines // SAMPLE_LINES))
    rows = 0
    with transaction.atomic():
        for cohort in (ALL_COHORTS, *TenureCohort.values):
            inside = frame if cohort == ALL_COHORTS else frame[frame["tenure_cohort"] == cohort]
            if inside["left"].sum() >= MIN_LEAVERS:
                rows += _record(snapshot, cohort, inside)
    return rows


def _newest(as_of: date) -> date | None:
    kept = set(snapshot_dates(as_of))
    known = [end for end in definitions.month_ends(as_of, 3) if end in kept]
    return known[-1] if known else None


def _record(snapshot: date, cohort: str, frame: pd.DataFrame) -> int:
    label = frame["left"].to_numpy(dtype=np.float64)
    where = {"snapshot": snapshot, "cohort": cohort}
    gains, bands = [], []
    for factor in frame.columns.drop(dataset.NOT_FEATURES):
        cutting = cut_bands(frame[factor])
        rows, leavers = tally(cutting, label)
        found, ratio = information_gain(rows, leavers)
        totals = {"lines": len(frame), "leavers": int(label.sum())}
        gains.append(FactorGain(**where, factor=factor, gain=found, gain_ratio=ratio, **totals))
        risky = riskiest(cutting, rows, leavers)
        if risky:
            bands.append(RiskBand(**where, factor=factor, **risky))
    _rank(gains, lambda one: one.gain)
    _rank(bands, lambda one: one.rate_low)
    FactorGain.objects.bulk_create(gains)
    RiskBand.objects.bulk_create(bands[:BANDS_STORED])
    return len(gains) + len(bands[:BANDS_STORED])


def riskiest(cutting: Bands, rows: np.ndarray, leavers: np.ndarray) -> dict | None:
    """The band with the highest lower limit of its churn rate; None when none is above the overall rate."""
    usual = leavers.sum() / rows.sum()
    low, high = wilson(leavers, rows)
    large = rows >= max(MIN_BAND_LINES, MIN_BAND_SHARE * rows.sum())
    if cutting.levels:
        large[len(cutting.levels)] = False  # the rare levels together have no name
    if not large.any():
        return None
    band = int(np.argmax(np.where(large, low, -1.0)))
    rate = leavers[band] / rows[band]
    if rate <= usual or rows[band] == rows.sum():
        return None
    first, beyond = cutting.limits(band)
    return {
        "low": first,
        "high": beyond,
        "level": cutting.level(band)[:80],
        "is_blank": band == cutting.blank,
        "lines": int(rows[band]),
        "leavers": int(leavers[band]),
        "rate": float(rate),
        "rate_low": float(low[band]),
        "rate_high": float(high[band]),
        "lift": float(rate / usual),
    }


def _rank(rows: list, by: Callable[[Any], float]) -> None:
    rows.sort(key=lambda one: (-by(one), one.factor))
    for place, row in enumerate(rows, start=1):
        row.rank = place
