"""Month ends whose outcome has come to be known: what was said of them is held against what happened."""

import io
from collections.abc import Iterator
from datetime import date

import pandas as pd
from django.db import connection

from analytics.churn import dataset, labels
from analytics.models import AlarmKind, ModelVersion, WatchValue
from analytics.watch.figures import Figure, Values
from analytics.watch.realised import Realised, by_cohort, lost_lift
from customers.models import ProfileSnapshot, RiskScore
from customers.models.risk import WARNED

M = WatchValue.Measure
MONTHS_BACK = 3
# Leavers scored, against stayers scored.
ENOUGH_SCORED = 0.8
SCORES_SQL = f"""
    COPY (SELECT subscriber_id, probability, cohort, model_version AS version FROM {RiskScore._meta.db_table}
    WHERE as_of = %(day)s) TO STDOUT (FORMAT csv, HEADER)
"""


def matured(*, as_of: date) -> Iterator[date]:
    """Month ends that were scored, whose outcome is known by now and not yet held against the scores; oldest first."""
    for end in labels.month_ends(as_of, MONTHS_BACK):
        if WatchValue.objects.of(M.ROWS).filter(as_of=end).exists():
            continue
        # Warned lines are indexed by date; any other search reads the month.
        if (
            RiskScore.objects.filter(as_of=end, tier__in=WARNED).exists()
            and ProfileSnapshot.objects.filter(as_of=end).exists()
        ):
            yield end


def judge(*, end: date) -> dict[str, dict[str, Realised]]:
    """{version: {cohort, "" for all: figures}} of the scores given on a month end whose outcome is known.

    {} when they were given with hindsight: a night run long after its date finds the leavers gone and does not score
    them, and what is left says nothing of the model.
    """
    outcome = dataset.labelled(snapshot=end, columns=())[["subscriber_id", "left"]]
    frame = outcome.merge(_scores(end), on="subscriber_id", how="left")
    scored = frame["probability"].notna()
    gone = frame["left"] == 1
    if gone.any() and scored[gone].mean() < ENOUGH_SCORED * scored[~gone].mean():
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
    """What the champion's own figures of a month say to the thresholds: calibration by cohort, and the lift of all."""
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


def lost(figures: list[Figure]) -> Values:
    """The champion's lift lost, as a row: the alarm reads its past there."""
    return {(M.LIFT_LOST.value, one.subject): one.value for one in figures if one.kind == AlarmKind.LIFT}


def _scores(day: date) -> pd.DataFrame:
    buffer = io.BytesIO()
    with connection.cursor() as cursor:
        cursor.copy_expert(cursor.mogrify(SCORES_SQL, {"day": day}).decode(), buffer)
    buffer.seek(0)
    return pd.read_csv(buffer)
