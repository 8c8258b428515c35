"""The only writer of RiskScore and of the profile's risk columns."""

import io
import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, TypeAlias

import pandas as pd
import pyarrow as pa
from django.db import connection, transaction
from pyarrow import csv

from customers.models import RiskScore, RiskTier, SubscriberProfile, TenureCohort
from customers.services.warned import tell_raised
from retention.core import clock, partitions
from retention.core.errors import Invalid

NEEDED = ["subscriber_id", "probability", "decile", "tier", "cohort", "expected_gain", "reasons"]
COLUMNS = [*NEEDED, "themes"]
AS_JSON = ["reasons", "themes"]
SCORES = RiskScore._meta.db_table
PROFILES = SubscriberProfile._meta.db_table
CHUNK = 100_000

STAGE = """
    CREATE TEMP TABLE scores_in (
        subscriber_id bigint, probability float8, decile smallint, tier text, cohort text,
        expected_gain numeric(12, 2), reasons jsonb, themes jsonb
    ) ON COMMIT DROP
"""
UPSERT = f"""
    INSERT INTO {SCORES} AS t (as_of, model_version, {", ".join(COLUMNS)})
    SELECT %(as_of)s, %(version)s, {", ".join(COLUMNS)} FROM scores_in
    ON CONFLICT (subscriber_id, as_of) DO UPDATE
    SET (model_version, {", ".join(COLUMNS[1:])})
        = ROW (excluded.model_version, {", ".join(f"excluded.{name}" for name in COLUMNS[1:])})
    WHERE (t.model_version, {", ".join(f"t.{name}" for name in COLUMNS[1:])})
        IS DISTINCT FROM (excluded.model_version, {", ".join(f"excluded.{name}" for name in COLUMNS[1:])})
"""
# A score of an earlier date, recorded late, must not replace what a later one said.
PATCH = f"""
    UPDATE {PROFILES} p
    SET risk_probability = s.probability, risk_decile = s.decile, risk_tier = s.tier, risk_scored_on = %(as_of)s,
        expected_gain = s.expected_gain
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
    partitions.ensure(SCORES, [as_of])
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '128MB'")
        cursor.execute("SET LOCAL jit = off")
        cursor.execute("DROP TABLE IF EXISTS pg_temp.scores_in")
        cursor.execute(STAGE)
        for start in range(0, len(frame), CHUNK):
            cursor.copy_expert(f"COPY scores_in ({', '.join(COLUMNS)}) FROM STDIN (FORMAT csv)", _as_csv(frame, start))
        cursor.execute("ANALYZE scores_in (subscriber_id)")
        values = {"as_of": as_of, "version": model_version}
        tell_raised(as_of=as_of, now=clock.now())
        cursor.execute(UPSERT, values)
        written = cursor.rowcount
        cursor.execute(PATCH, values)
    return written


def _checked(frame_or_rows: Rows) -> pd.DataFrame:
    if isinstance(frame_or_rows, pd.DataFrame):
        frame = frame_or_rows if "themes" in frame_or_rows.columns else frame_or_rows.assign(themes="{}")
    else:
        frame = pd.DataFrame([{"themes": {}} | dict(row) for row in frame_or_rows], columns=COLUMNS)
    missing = [name for name in NEEDED if name not in frame.columns]
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
    part = frame[COLUMNS].iloc[start : start + CHUNK]
    for name in AS_JSON:
        if not isinstance(part[name].iloc[0], str):
            part = part.assign(**{name: [one if isinstance(one, str) else json.dumps(one) for one in part[name]]})
    # A category column would be written as its code's dictionary; text is what COPY reads.
    table = pa.Table.from_pandas(part.astype({"tier": str, "cohort": str}), preserve_index=False)
    buffer = io.BytesIO()
    csv.write_csv(table, buffer, csv.WriteOptions(include_header=False))
    buffer.seek(0)
    return buffer


def forget_scores(*, as_of: date) -> int:
    """Take the risk off profiles of `as_of` that its scoring passed over: gone silent, stopped, opted out.

    Their earlier scores stay where they are kept. Returns how many profiles were changed.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {PROFILES} SET risk_probability = NULL, risk_decile = NULL, risk_tier = NULL,"
            " risk_scored_on = NULL, expected_gain = NULL WHERE as_of = %(as_of)s AND risk_scored_on < %(as_of)s",
            {"as_of": as_of},
        )
        return cursor.rowcount
