from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pytest
from django.db import DataError, connection, transaction

from retention.core.accounts.models import Branch
from retention.core.db.copy import COPY_CHUNK_ROWS, copy_in, copy_out
from retention.core.db.temporary_tables import TemporaryTable

pytestmark = pytest.mark.django_db
KINDS = TemporaryTable(
    "copied",
    {
        "n": "integer", "big": "bigint", "ratio": "float8", "small": "real", "flag": "boolean", "words": "text",
        "day": "date", "at": "timestamptz", "money": "numeric(12, 2)", "said": "jsonb",
    },
)  # fmt: skip
ROWS = pa.table(
    {
        "n": pa.array([1, 2, 3], pa.int32()),
        "big": pa.array([2**40, None, -1], pa.int64()),
        "ratio": pa.array([0.1, None, -1e300], pa.float64()),
        "small": pa.array([0.5, None, 2.0], pa.float32()),
        "flag": pa.array([True, None, False]),
        "words": ['a "quoted", text;\nover lines\r\n\\N', "", None],
        "day": pa.array([date(2026, 2, 28), None, date(1999, 12, 31)]),
        "at": pa.array([datetime(2026, 2, 28, 23, 59, 59, 123456, UTC), None, datetime(2000, 1, 1, tzinfo=UTC)]).cast(
            pa.timestamp("us", tz="UTC")
        ),
        "money": pa.array([Decimal("1234567890.12"), None, Decimal("-0.01")], pa.decimal128(12, 2)),
        "said": ['{"名": "张伟 😀"}', None, "[]"],
    }
)


def test_what_is_copied_in_comes_out_the_same() -> None:
    with connection.cursor() as cursor:
        KINDS.create(cursor)
        copy_in(cursor, KINDS.name, ROWS)
    assert copy_out("SELECT * FROM copied ORDER BY n").equals(ROWS)


def test_text_survives_in_any_script_and_null_is_not_empty() -> None:
    words = ["", None, "中文，“引号”", "null", "NULL", "007", "true", "\\.", " spaced ", "'; DROP TABLE x; --", "50%"]
    with connection.cursor() as cursor:
        KINDS.create(cursor)
        copy_in(cursor, KINDS.name, pa.table({"n": range(len(words)), "words": words}))
    assert copy_out("SELECT words FROM copied ORDER BY n")["words"].to_pylist() == words


def test_columns_without_a_value_take_their_default() -> None:
    table = TemporaryTable("defaults", {"n": "integer", "kind": "text DEFAULT 'usual'"})
    with connection.cursor() as cursor:
        table.create(cursor)
        copy_in(cursor, table.name, pa.table({"n": [1, 2], "kind": pa.array([None, None], pa.string())}))
        copy_in(cursor, table.name, pa.table({"n": pa.array([], pa.int64())}))
    assert copy_out("SELECT * FROM defaults")["kind"].to_pylist() == ["usual", "usual"]


def test_more_rows_than_one_piece_all_arrive() -> None:
    count = COPY_CHUNK_ROWS * 2 + 1
    with connection.cursor() as cursor:
        KINDS.create(cursor)
        copy_in(cursor, KINDS.name, pa.table({"n": pa.array(range(count), pa.int32())}))
    found = copy_out("SELECT count(*) AS rows, count(DISTINCT n) AS different FROM copied")
    assert found.to_pylist() == [{"rows": count, "different": count}]


def test_a_value_that_the_column_refuses_is_an_error() -> None:
    with connection.cursor() as cursor:
        KINDS.create(cursor)
        with pytest.raises(DataError), transaction.atomic():
            copy_in(cursor, KINDS.name, pa.table({"n": ["many"]}))
    assert copy_out("SELECT * FROM copied").num_rows == 0


def test_an_empty_result_keeps_names_and_types() -> None:
    found = copy_out("SELECT 1 AS n, now()::date AS day, 1.5::numeric AS free, '{}'::jsonb AS j WHERE false")
    assert found.num_rows == 0
    assert dict(zip(found.column_names, found.schema.types, strict=True)) == {
        "n": pa.int32(), "day": pa.date32(), "free": pa.float64(), "j": pa.string(),
    }  # fmt: skip


def test_types_can_be_replaced_and_parameters_are_bound() -> None:
    found = copy_out(
        "SELECT %(text)s AS words, 7 AS n, '5 %%' AS share", {"text": "it's 100 %"}, types={"n": pa.float32()}
    )
    assert found.to_pylist() == [{"words": "it's 100 %", "n": 7.0, "share": "5 %"}]
    assert found.schema.field("n").type == pa.float32()


def test_a_queryset_comes_out_with_its_own_filters() -> None:
    Branch.objects.create(code="O'Hare%s", name="北", level="province", path="O'Hare%s/")
    Branch.objects.create(code="other", name="", level="province", path="other/")
    rows = Branch.objects.filter(code="O'Hare%s").values("code", "name")
    assert copy_out(rows).to_pylist() == [{"code": "O'Hare%s", "name": "北"}]
    assert copy_out(rows.none()).to_pylist() == []
