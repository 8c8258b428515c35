"""The only writer of RiskScore and of the profile's risk columns; publishes `warning.raised`."""

import io
import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, TypeAlias

import pandas as pd
import pyarrow as pa
from django.db import connection, transaction
from pyarrow import csv

from customers.declarations import WARNING_RAISED
from customers.facts.models import Subscriber
from customers.fields.choices import RiskTier, TenureCohort
from customers.fields.plan_fit import pays_sql
from customers.profile.models import SubscriberProfile
from customers.risk.models import RiskScore
from retention.core import clock
from retention.core.db import partitioned_tables
from retention.core.errors import Invalid
from retention.core.webhooks.services.publishing import publish_query

ALERT_TIERS = [RiskTier.HIGH.value, RiskTier.CRITICAL.value]
# The line's newest score shows whether its tier was as high before: one of the same date when a date is rescored.
# A date scored late, after newer ones, publishes no event.
_RAISED_SQL = f"""
    SELECT line.subscriber_no AS subject, line.branch_id,
        jsonb_build_object(
            'subscriber_no', line.subscriber_no, 'as_of', %(as_of)s::date, 'probability', s.probability,
            'tier', s.tier, 'decile', s.decile
        ) AS payload
    FROM scores_in s
    JOIN {Subscriber._meta.db_table} line ON line.id = s.subscriber_id
    LEFT JOIN LATERAL (
        SELECT r.tier, r.as_of FROM {RiskScore._meta.db_table} r
        WHERE r.subscriber_id = s.subscriber_id ORDER BY r.as_of DESC LIMIT 1
    ) newest ON true
    WHERE s.tier = ANY(%(alarming)s)
      AND (newest.tier IS NULL OR newest.as_of <= %(as_of)s AND newest.tier <> ALL(%(alarming)s))
    ORDER BY s.subscriber_id
"""


def publish_raised_warnings(*, as_of: date, now: datetime) -> int:
    """`warning.raised` for staged scores (`scores_in`) that are high where the line's last one was not.

    To be called before they are stored, in their transaction. Returns the number of deliveries.
    """
    params = {"as_of": as_of, "alarming": ALERT_TIERS}
    return publish_query(event=WARNING_RAISED, query=_RAISED_SQL, params=params, now=now)


REQUIRED_COLUMNS = ["subscriber_id", "probability", "decile", "tier", "cohort", "expected_gain", "reasons"]
SCORE_COLUMNS = [*REQUIRED_COLUMNS, "themes"]
JSON_COLUMNS = ["reasons", "themes"]
SCORE_TABLE = RiskScore._meta.db_table
PROFILE_TABLE = SubscriberProfile._meta.db_table
COPY_CHUNK_ROWS = 100_000

STAGE_SQL = """
    CREATE TEMP TABLE scores_in (
        subscriber_id bigint, probability float8, decile smallint, tier text, cohort text,
        expected_gain numeric(12, 2), reasons jsonb, themes jsonb
    ) ON COMMIT DROP
"""
UPSERT_SQL = f"""
    INSERT INTO {SCORE_TABLE} AS t (as_of, model_version, {", ".join(SCORE_COLUMNS)})
    SELECT %(as_of)s, %(version)s, {", ".join(SCORE_COLUMNS)} FROM scores_in
    ON CONFLICT (subscriber_id, as_of) DO UPDATE
    SET (model_version, {", ".join(SCORE_COLUMNS[1:])})
        = ROW (excluded.model_version, {", ".join(f"excluded.{name}" for name in SCORE_COLUMNS[1:])})
    WHERE (t.model_version, {", ".join(f"t.{name}" for name in SCORE_COLUMNS[1:])})
        IS DISTINCT FROM (excluded.model_version, {", ".join(f"excluded.{name}" for name in SCORE_COLUMNS[1:])})
"""
# A score of an earlier date, recorded late, must not replace a later one.
PROFILE_UPDATE_SQL = f"""
    UPDATE {PROFILE_TABLE} p
    SET risk_probability = s.probability, risk_decile = s.decile, risk_tier = s.tier, risk_scored_on = %(as_of)s,
        expected_gain = s.expected_gain,
        plan_fit_pays = {pays_sql("s.probability::real", "p.best_plan", "p.plan_fit_break_even")}
    FROM scores_in s
    WHERE p.subscriber_id = s.subscriber_id AND (p.risk_scored_on IS NULL OR p.risk_scored_on <= %(as_of)s)
      AND (p.risk_probability, p.risk_decile, p.risk_tier, p.risk_scored_on, p.expected_gain)
        IS DISTINCT FROM (s.probability::real, s.decile::int, s.tier, %(as_of)s::date, s.expected_gain)
"""

Rows: TypeAlias = pd.DataFrame | Iterable[Mapping[str, Any]]


def record_scores(*, as_of: date, frame_or_rows: Rows, model_version: str) -> int:
    """Store the scores of `as_of` and show them on the profiles, in one transaction.

    A DataFrame (or rows) with subscriber_id, probability (0..1), decile (1..10), tier, cohort, expected_gain (yuan or
    null), reasons (JSON text, or lists: see RiskScore) and, where known, themes (JSON text, or mappings). Returns how
    many scores are new or changed: sending the same again returns 0. Invalid, and nothing is stored, when a column is
    missing or holds what it cannot.
    """
    frame = _checked(frame_or_rows)
    if frame.empty:
        return 0
    partitioned_tables.ensure_partitions(SCORE_TABLE, [as_of])
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '128MB'")
        cursor.execute("SET LOCAL jit = off")
        cursor.execute("DROP TABLE IF EXISTS pg_temp.scores_in")
        cursor.execute(STAGE_SQL)
        for start in range(0, len(frame), COPY_CHUNK_ROWS):
            cursor.copy_expert(
                f"COPY scores_in ({', '.join(SCORE_COLUMNS)}) FROM STDIN (FORMAT csv)", _as_csv(frame, start)
            )
        cursor.execute("ANALYZE scores_in (subscriber_id)")
        values: dict[str, Any] = {"as_of": as_of, "version": model_version}
        publish_raised_warnings(as_of=as_of, now=clock.now())
        cursor.execute(UPSERT_SQL, values)
        written = cursor.rowcount
        cursor.execute(PROFILE_UPDATE_SQL, values)
    return written


def _checked(frame_or_rows: Rows) -> pd.DataFrame:
    if isinstance(frame_or_rows, pd.DataFrame):
        frame = frame_or_rows if "themes" in frame_or_rows.columns else frame_or_rows.assign(themes="{}")
    else:
        frame = pd.DataFrame([{"themes": {}} | dict(row) for row in frame_or_rows], columns=SCORE_COLUMNS)
    missing = [name for name in REQUIRED_COLUMNS if name not in frame.columns]
    if missing:
        raise Invalid(f"The scores lack {', '.join(missing)}.", code="missing_column")
    wrong = {
        "subscriber_id": frame["subscriber_id"].duplicated() | frame["subscriber_id"].isna(),
        "probability": ~frame["probability"].between(0, 1),
        "decile": ~frame["decile"].between(1, 10),
        "tier": ~frame["tier"].isin(RiskTier.values),
        "cohort": ~frame["cohort"].isin(TenureCohort.values),
    }
    details = [{"field": name, "message": f"{bad.sum()} rows"} for name, bad in wrong.items() if bad.any()]
    if details:
        raise Invalid("The scores hold values that cannot be.", code="bad_scores", details=details)
    return frame


def _as_csv(frame: pd.DataFrame, start: int) -> io.BytesIO:
    part = frame[SCORE_COLUMNS].iloc[start : start + COPY_CHUNK_ROWS]
    for name in JSON_COLUMNS:
        if not isinstance(part[name].iloc[0], str):
            part = part.assign(**{name: [one if isinstance(one, str) else json.dumps(one) for one in part[name]]})
    # A category column would be written as its code's dictionary; text is what COPY reads.
    table = pa.Table.from_pandas(part.astype({"tier": str, "cohort": str}), preserve_index=False)
    buffer = io.BytesIO()
    csv.write_csv(table, buffer, csv.WriteOptions(include_header=False))
    buffer.seek(0)
    return buffer


def clear_outdated_risk(*, as_of: date, low: int, high: int) -> int:
    """Take the risk off profiles of `as_of` that its scoring passed over: gone silent, stopped, opted out.

    low, high: the range of subscriber ids that was scored, both ends included. Their earlier scores stay where they are
    kept. Returns how many profiles were changed.
    """
    passed_over = SubscriberProfile.objects.filter(
        subscriber_id__gte=low, subscriber_id__lte=high, as_of=as_of, risk_scored_on__lt=as_of
    )
    return passed_over.update(
        risk_probability=None,
        risk_decile=None,
        risk_tier=None,
        risk_scored_on=None,
        expected_gain=None,
        plan_fit_pays=None,
    )
