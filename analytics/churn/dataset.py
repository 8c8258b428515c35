"""Profiles and snapshots as tables for the model: COPY out of Postgres into Arrow, typed by the catalogue."""

import io
from collections.abc import Iterator, Sequence
from datetime import date

import pandas as pd
import pyarrow as pa
from django.db import connection
from pyarrow import csv

from analytics.churn.labels import LABEL, TABLE, Outcome, find_fates, outcomes_of
from analytics.models import Meaning
from customers import fields
from customers.models import CustomField
from customers.profile.build import blocks
from customers.reasons import ATTRIBUTE_PREFIX

# Who is silent or stopped already is no longer somebody to be kept from leaving: such lines are left out of what is
# learnt (analytics.churn.labels), and a chance for them would be a guess that fills the top of the list.
SCORED = (
    "NOT coalesce(c.profiling_opt_out, false) AND p.status <> 'terminated'"
    " AND NOT coalesce(p.silent, false) AND NOT coalesce(p.stopped_now, false)"
)


def feature_columns() -> dict[str, str]:
    """{factor: SQL expression}: the catalogue's model fields, then the operator's own."""
    columns = {field.key: f"p.{field.key}" for field in fields.model_fields()}
    for custom in CustomField.objects.order_by("key"):
        columns[f"{ATTRIBUTE_PREFIX}{custom.key}"] = f"p.attributes ->> '{custom.key}'"
    return columns


def labelled(
    *,
    snapshot: date,
    outcome: Outcome | None = None,
    meaning: str = Meaning.LEAVES,
    columns: Sequence[str] | None = None,
    every: int = 1,
) -> pd.DataFrame:
    """Every line of a snapshot that carries a label: subscriber_id, left, tenure_cohort, then the features.

    left: 1 for churn in that meaning, by the operator's definitions or by the `outcome` given. columns: the features
    to read, all when None. every: one line of so many, the same at every date.
    """
    find_fates(snapshot=snapshot, outcomes=[outcome] if outcome else outcomes_of(meaning))
    known = feature_columns()
    wanted = known if columns is None else {name: known[name] for name in columns}
    select = "".join(f', {sql} AS "{name}"' for name, sql in wanted.items())
    return _copy_out(
        f"SELECT f.subscriber_id, {LABEL} AS left, p.tenure_cohort{select} FROM {TABLE} f"
        " JOIN customers_profilesnapshot p ON p.subscriber_id = f.subscriber_id AND p.as_of = %(snapshot)s"
        f" WHERE {LABEL} IS NOT NULL AND mod(abs(hashint8(f.subscriber_id)::bigint), %(every)s) = 0"
        " ORDER BY f.subscriber_id",
        {"snapshot": snapshot, "every": every},
    )


def to_score(*, as_of: date, size: int = 50_000) -> Iterator[pd.DataFrame]:
    """The live profiles of a date in blocks of lines, see `to_score_between`; empty blocks are passed over."""
    for low, high in blocks(size):
        frame = to_score_between(as_of=as_of, low=low, high=high)
        if len(frame):
            yield frame


def to_score_between(*, as_of: date, low: int, high: int) -> pd.DataFrame:
    """Live profiles of a range of lines: subscriber_id, tenure_cohort, monthly_spend, features."""
    select = ", ".join(f'{sql} AS "{name}"' for name, sql in feature_columns().items())
    return _copy_out(
        f"SELECT p.subscriber_id, p.tenure_cohort, coalesce(p.arpu, p.plan_fee, 0) AS monthly_spend, {select}"
        " FROM customers_subscriberprofile p JOIN customers_customer c ON c.id = p.customer_id"
        f" WHERE p.as_of = %(as_of)s AND p.subscriber_id BETWEEN %(low)s AND %(high)s AND {SCORED}"
        " ORDER BY p.subscriber_id",
        {"as_of": as_of, "low": low, "high": high},
    )


def _copy_out(sql: str, params: dict) -> pd.DataFrame:
    buffer = io.BytesIO()
    with connection.cursor() as cursor:
        query = cursor.mogrify(sql, params).decode()
        cursor.copy_expert(f"COPY ({query}) TO STDOUT (FORMAT csv, HEADER)", buffer)
    buffer.seek(0)
    table = csv.read_csv(
        buffer,
        convert_options=csv.ConvertOptions(
            column_types=_types(), strings_can_be_null=True, quoted_strings_can_be_null=False,
            true_values=["t"], false_values=["f"],
        ),
        parse_options=csv.ParseOptions(newlines_in_values=True),
    )  # fmt: skip
    return table.to_pandas()


def _types() -> dict[str, pa.DataType]:
    own = {f"{ATTRIBUTE_PREFIX}{key}": pa.string() for key in CustomField.objects.values_list("key", flat=True)}
    known = {
        "subscriber_id": pa.int64(),
        "left": pa.int8(),
        "tenure_cohort": pa.string(),
        "monthly_spend": pa.float64(),
    }
    return own | known | {field.key: _type_of(field) for field in fields.model_fields()}


def _type_of(field: fields.ProfileField) -> pa.DataType:
    """Flags become 0 and 1 with gaps, which is what trees split on."""
    return pa.float32() if field.is_number else pa.string()
