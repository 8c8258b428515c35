"""Rows in and out with COPY, as Arrow tables: about ten times the speed of INSERT and of fetching."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any

import pyarrow as pa
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import QuerySet
from psycopg2.extensions import Column
from pyarrow import csv

from retention.core.db.inline import inline

COPY_CHUNK_ROWS = 100_000
_WITHOUT_HEADER = csv.WriteOptions(include_header=False)
# Types of result columns by PostgreSQL's object id; all others are read as text.
_ARROW_TYPES = {
    16: pa.bool_(),
    20: pa.int64(),
    21: pa.int16(),
    23: pa.int32(),
    700: pa.float32(),
    701: pa.float64(),
    1082: pa.date32(),
    1114: pa.timestamp("us"),
    1184: pa.timestamp("us", tz="UTC"),
}
_NUMERIC, _MAX_DIGITS = 1700, 38


def copy_in(cursor: CursorWrapper, table: str, rows: pa.Table) -> None:
    """Append `rows` to a table of the database; columns are matched by name. Null and "" stay different.

    Columns that hold nothing but nulls are not sent and take the column's default. A refused value raises DataError,
    which ends the transaction.
    """
    rows = rows.select([name for name in rows.column_names if rows[name].null_count < rows.num_rows])
    columns = ", ".join(f'"{name}"' for name in rows.column_names)
    for start in range(0, rows.num_rows if columns else 0, COPY_CHUNK_ROWS):
        buffer = BytesIO()
        csv.write_csv(rows.slice(start, COPY_CHUNK_ROWS), buffer, _WITHOUT_HEADER)
        buffer.seek(0)
        with connection.wrap_database_errors:
            cursor.copy_expert(f"COPY \"{table}\" ({columns}) FROM STDIN (FORMAT csv, NULL '')", buffer)


def copy_out(
    query: str | QuerySet, params: Mapping[str, Any] | None = None, *, types: Mapping[str, pa.DataType] | None = None
) -> pa.Table:
    """The result of a SELECT or of a queryset of values. Null and "" stay different.

    Columns have the type that the database gives them: whole and real numbers, flags, dates, instants (UTC), numerics
    with a declared scale as decimals, others as float64, all else (JSON, arrays) as text. `types` replaces those of the
    columns it names. The whole result is held in memory twice while it is read.
    """
    sql, params = inline(query) if isinstance(query, QuerySet) else (query, params or {})
    buffer = BytesIO()
    with connection.cursor() as cursor:
        text = cursor.mogrify(sql, params).decode()
        # No row is computed for this.
        cursor.execute(f"SELECT * FROM ({text}) AS rows LIMIT 0")
        known = {one.name: (types or {}).get(one.name) or _arrow_type(one) for one in cursor.description}
        with connection.wrap_database_errors:
            cursor.copy_expert(f"COPY ({text}) TO STDOUT (FORMAT csv)", buffer)
    if not buffer.tell():
        return pa.schema(known).empty_table()
    buffer.seek(0)
    return csv.read_csv(
        buffer,
        read_options=csv.ReadOptions(column_names=list(known)),
        convert_options=csv.ConvertOptions(
            column_types=known, null_values=[""], strings_can_be_null=True, quoted_strings_can_be_null=False,
            true_values=["t"], false_values=["f"],
        ),
        # In a result of one column an empty line is a null.
        parse_options=csv.ParseOptions(
            newlines_in_values=any(map(pa.types.is_string, known.values())), ignore_empty_lines=False
        ),
    )  # fmt: skip


def _arrow_type(column: Column) -> pa.DataType:
    if column.type_code == _NUMERIC:
        declared = column.precision is not None and 0 < column.precision <= _MAX_DIGITS
        return pa.decimal128(column.precision, column.scale) if declared else pa.float64()
    return _ARROW_TYPES.get(column.type_code, pa.string())
