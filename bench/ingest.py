"""Usage days through the ingest engine, beside COPY and an upsert of the same rows by hand."""

import io
from datetime import timedelta
from functools import partial

import pyarrow as pa
from django.db import connection
from pyarrow import csv

from bench.measure import beside, seconds
from bench.night import last_day
from customers.ingest import load_table
from customers.months import SUMMED
from retention.core import partitions

MOST_ROWS = 500_000
TURNS = 2
MEASURES = [name for name in SUMMED if name != "subscriber_id"]
COLUMNS = ", ".join(["subscriber_no", "day", *MEASURES])


def run(subscribers: int) -> dict:
    ours, floor = [], []
    for turn in range(TURNS):
        table, _text = _rows(years_back=2 + 2 * turn)
        ours.append(seconds(partial(_load, table, turn)))
        _table, text = _rows(years_back=3 + 2 * turn)
        floor.append(seconds(partial(_by_hand, text)))
    _take_away()
    rows = table.num_rows
    figure, fastest = rows / min(ours), rows / min(floor)
    return beside(
        figure=figure, floor=fastest, unit="rows/s", floor_is="COPY and INSERT ... ON CONFLICT DO UPDATE",
        goal=">= 0.4 of the floor, >= 30,000 rows/s", reached=figure >= 0.4 * fastest, rows=rows,
    )  # fmt: skip


def _rows(*, years_back: int) -> tuple[pa.Table, io.BytesIO]:
    """The operator's daily usage, moved back by years: as a table, and as the text that COPY reads."""
    shift = years_back * 364
    text = io.BytesIO()
    with connection.cursor() as cursor:
        measures = ", ".join(f"u.{name}" for name in MEASURES)
        cursor.copy_expert(
            f"COPY (SELECT s.subscriber_no, u.day - {shift} AS day, {measures} FROM customers_usageday u"
            f" JOIN customers_subscriber s ON s.id = u.subscriber_id WHERE u.day >= '{last_day() - timedelta(days=60)}'"
            f" ORDER BY u.subscriber_id, u.day LIMIT {MOST_ROWS}) TO STDOUT (FORMAT csv, HEADER)",
            text,
        )
    text.seek(0)
    table = csv.read_csv(text, convert_options=csv.ConvertOptions(column_types={"subscriber_no": pa.string()}))
    partitions.ensure("customers_usageday", set(table["day"].unique().to_pylist()))
    text.seek(0)
    return table, text


def _load(table: pa.Table, turn: int) -> None:
    result = load_table("usage-days", table, source=f"bench{turn}")
    assert result.applied == table.num_rows, result


def _by_hand(text: io.BytesIO) -> None:
    updates = ", ".join(f"{name} = excluded.{name}" for name in MEASURES)
    measures = ", ".join(MEASURES)
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute(
            f"CREATE TEMP TABLE by_hand ON COMMIT DROP AS SELECT ''::text AS subscriber_no, day, {measures}"
            " FROM customers_usageday LIMIT 0"
        )
        cursor.copy_expert(f"COPY by_hand ({COLUMNS}) FROM STDIN (FORMAT csv, HEADER)", text)
        cursor.execute(
            f"INSERT INTO customers_usageday (subscriber_id, day, {measures})"
            f" SELECT s.id, h.day, {', '.join(f'h.{name}' for name in MEASURES)} FROM by_hand h"
            f" JOIN customers_subscriber s USING (subscriber_no)"
            f" ON CONFLICT (subscriber_id, day) DO UPDATE SET {updates}"
        )
        cursor.execute("COMMIT")


def _take_away() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM customers_usageday WHERE day < %s", [last_day() - timedelta(days=500)])
