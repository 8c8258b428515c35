"""Realised figures: scores of a month end compared with its outcome, once that is known."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from django.db.models import F

from analytics.churn.learners import metrics
from analytics.churn.models import ModelVersion
from analytics.churn.queries import dataset, definitions
from analytics.monitoring.models import AlarmKind, WatchValue
from analytics.monitoring.services.alarms import Figure, Values
from customers.fields.choices import WARNING_TIERS
from customers.profile.models import ProfileSnapshot
from customers.risk.models import RiskScore
from retention.core.db.copy import copy_out

# 99 %: with four intervals a month (each cohort and all), about one false alarm in two years.
Z_99 = 2.576
TOP_SHARE = 0.10


@dataclass(frozen=True)
class Realised:
    """auc, lift: None unless both outcomes are there. gap: distance from 1 of the interval of
    observed / predicted, 0 when it holds 1. lift_most: the upper end of the lift's interval."""

    rows: int
    leavers: int
    said: float
    happened: float
    gap: float
    auc: float | None = None
    lift: float | None = None
    lift_most: float | None = None


def realised(label: np.ndarray, probability: np.ndarray) -> Realised:
    """label: 0 or 1; probability: the score of each row. At least one row."""
    rows, leavers = len(label), int(label.sum())
    said, happened = float(probability.mean()), leavers / rows
    found = Realised(rows, leavers, said, happened, calibration_gap(leavers, float(probability.sum())))
    if not 0 < leavers < rows:
        return found
    lift = metrics.lift(label, probability, np.ones(rows), TOP_SHARE)
    most = wilson(lift * TOP_SHARE, leavers)[1] / TOP_SHARE
    return Realised(
        rows, leavers, said, happened, found.gap, metrics.auc(label, probability), lift, min(most, 1 / TOP_SHARE)
    )


def by_cohort(frame: pd.DataFrame) -> dict[str, Realised]:
    """frame: left, probability, cohort. "" is all lines."""
    found = {"": realised(frame["left"].to_numpy(), frame["probability"].to_numpy())}
    for cohort, part in frame.groupby("cohort"):
        found[str(cohort)] = realised(part["left"].to_numpy(), part["probability"].to_numpy())
    return found


def calibration_gap(leavers: int, expected: float) -> float:
    """Distance of the interval of leavers / expected from 1. The interval is that of a count (square-root scale)."""
    if expected <= 0:
        return 0.0
    root = np.sqrt(leavers + 0.375)
    low = max(root - Z_99 / 2, 0.0) ** 2 / expected
    high = (root + Z_99 / 2) ** 2 / expected
    if low > 1:
        return float(low - 1)
    return float(1 / high - 1) if high < 1 else 0.0


def wilson(share: float, count: int) -> tuple[float, float]:
    """The interval of a share seen in `count` cases."""
    square = Z_99**2
    middle = (share + square / (2 * count)) / (1 + square / count)
    half = Z_99 / (1 + square / count) * np.sqrt(share * (1 - share) / count + square / (4 * count**2))
    return max(0.0, float(middle - half)), min(1.0, float(middle + half))


def lost_lift(found: Realised, promised: float) -> float | None:
    """The part of the promised lift that is lost even at the upper end of the interval."""
    if found.lift_most is None or promised <= 0:
        return None
    return max(0.0, 1 - found.lift_most / promised)


M = WatchValue.Measure
MONTHS_BACK = 3
# Leavers scored, against stayers scored.
MIN_SCORED_SHARE = 0.8


def matured(*, as_of: date) -> Iterator[date]:
    """Month ends that were scored, whose outcome is known by now and not yet compared with the scores; oldest first."""
    for end in definitions.month_ends(as_of, MONTHS_BACK):
        if WatchValue.objects.of(M.ROWS).filter(as_of=end).exists():
            continue
        # Warned lines are indexed by date; any other search reads the month.
        if (
            RiskScore.objects.filter(as_of=end, tier__in=WARNING_TIERS).exists()
            and ProfileSnapshot.objects.filter(as_of=end).exists()
        ):
            yield end


def judge(*, end: date) -> dict[str, dict[str, Realised]]:
    """{version: {cohort, "" for all: figures}} of the scores given on a month end whose outcome is known.

    {} when they were given with hindsight: a night run long after its date finds the leavers gone and does not score
    them, so its scores are no measure of the model.
    """
    outcome = dataset.labelled(snapshot=end, columns=())[["subscriber_id", "left"]]
    frame = outcome.merge(_scores(end), on="subscriber_id", how="left")
    scored = frame["probability"].notna()
    gone = frame["left"] == 1
    if gone.any() and scored[gone].mean() < MIN_SCORED_SHARE * scored[~gone].mean():
        return {}
    return {str(version): by_cohort(part) for version, part in frame[scored].groupby("version")}


def values_of(found: dict[str, Realised]) -> Values:
    """The figures of one version as rows, each cohort a subject."""
    values: Values = {}
    for cohort, one in found.items():
        known = {
            M.ROWS: one.rows,
            M.LEAVERS: one.leavers,
            M.AUC: one.auc,
            M.LIFT: one.lift,
            M.SAID: one.said,
            M.HAPPENED: one.happened,
            M.CALIBRATION: one.gap,
        }
        values |= {(measure.value, cohort): float(value) for measure, value in known.items() if value is not None}
    return values


def figures_of(found: dict[str, Realised], *, end: date, champion: ModelVersion) -> list[Figure]:
    """The champion's figures of a month that have thresholds: calibration by cohort, and the lift over all."""
    figures = [
        Figure(
            AlarmKind.CALIBRATION,
            cohort,
            one.gap,
            max(one.leavers, round(one.said * one.rows)),
            {"month_end": str(end), "said": round(one.said, 5), "happened": round(one.happened, 5)},
        )
        for cohort, one in found.items()
    ]
    promised = float(champion.metrics.get("lift_at_10") or 0)
    lost = lost_lift(found[""], promised)
    if lost is not None:
        detail = {"month_end": str(end), "lift": round(found[""].lift or 0, 3), "promised": round(promised, 3)}
        figures.append(Figure(AlarmKind.LIFT, "", lost, found[""].leavers, detail))
    return figures


def lift_lost_values(figures: list[Figure]) -> Values:
    """The champion's lift lost, as a row: the alarm reads its past there."""
    return {(M.LIFT_LOST.value, one.subject): one.value for one in figures if one.kind == AlarmKind.LIFT}


def _scores(day: date) -> pd.DataFrame:
    """subscriber_id, probability, cohort, version of the scores of a date."""
    scores = RiskScore.objects.filter(as_of=day).values("subscriber_id", "probability", "cohort")
    return copy_out(scores.annotate(version=F("model_version"))).to_pandas()
