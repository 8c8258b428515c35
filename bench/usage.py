"""The operator's own daily usage moved back by years: rows that are as real as the rest and that nobody misses."""

import io
from datetime import timedelta

import orjson
import pyarrow as pa
from django.db import connection
from pyarrow import csv

from bench.night import last_day
from customers.profile.services.usage_rollup import SUMMED_COLUMNS
from retention.core.db import partitioned_tables

MOST_ROWS = 500_000
MEASURES = [name for name in SUMMED_COLUMNS if name != "subscriber_id"]
COLUMNS = ["subscriber_no", "day", *MEASURES]
DAYS_A_YEAR = 364


def some_usage(*, years_back: int) -> tuple[pa.Table, io.BytesIO]:
    """The rows as a table, and as the text that COPY reads."""
    text = io.BytesIO()
    with connection.cursor() as cursor:
        measures = ", ".join(f"u.{name}" for name in MEASURES)
        cursor.copy_expert(
            f"COPY (SELECT s.subscriber_no, u.day - {years_back * DAYS_A_YEAR} AS day, {measures}"
            " FROM customers_usageday u JOIN customers_subscriber s ON s.id = u.subscriber_id"
            f" WHERE u.day >= '{last_day() - timedelta(days=60)}'"
            f" ORDER BY u.day, u.subscriber_id LIMIT {MOST_ROWS}) TO STDOUT (FORMAT csv, HEADER)",
            text,
        )
    text.seek(0)
    table = csv.read_csv(text, convert_options=csv.ConvertOptions(column_types={"subscriber_no": pa.string()}))
    partitioned_tables.ensure_partitions("customers_usageday", set(table["day"].unique().to_pylist()))
    text.seek(0)
    return table, text


def take_away() -> None:
    """All rows that were moved back."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM customers_usageday WHERE day < %s", [last_day() - timedelta(days=500)])


def bodies_of(table: pa.Table, size: int) -> list[bytes]:
    """NDJSON bodies of so many rows."""
    rows = table.to_pylist()
    return [
        b"\n".join(orjson.dumps(row) for row in rows[offset : offset + size]) for offset in range(0, len(rows), size)
    ]
