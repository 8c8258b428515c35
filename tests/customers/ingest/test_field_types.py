"""Every kind reads a whole column; what it cannot read is told by position and code, never by an exception."""

from datetime import UTC, date, datetime, timedelta

import pyarrow as pa
import pytest
from django.db import connection
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from customers.ingest import field_types
from customers.ingest import text as ingest_text
from retention.core.db.copy import copy_in

GOOD = [
    (field_types.Integer(), "12", 12),
    (field_types.Integer(), " 12 ", 12),
    (field_types.Integer(), "+5", 5),
    (field_types.Integer(), "3.0", 3),
    (field_types.Integer(), "007", 7),
    (field_types.Decimal(), "12.5", 12.5),
    (field_types.Decimal(), "-1e3", -1000.0),
    (field_types.Real(), ".5", 0.5),
    (field_types.Flag(), "Yes", True),
    (field_types.Flag(), "0", False),
    (field_types.Day(), "2024-02-29", date(2024, 2, 29)),
    (field_types.Day(), "2024-02-29 00:00:00", date(2024, 2, 29)),
    (field_types.Month(), "2024-02", date(2024, 2, 1)),
    (field_types.Month(), "2024-02-01", date(2024, 2, 1)),
    (field_types.Instant(), "2024-02-29T08:00:00+08:00", datetime(2024, 2, 29, tzinfo=UTC)),
    (field_types.Instant(), "2024-02-29T00:00:00.123456789Z", datetime(2024, 2, 29, 0, 0, 0, 123456, tzinfo=UTC)),
    (field_types.Text(3), " abc ", "abc"),
    (field_types.Text(), "   ", None),
    (field_types.Choice(("own", "rival")), "own", "own"),
    (field_types.Json(), '{"a": [1, 2]}', '{"a":[1,2]}'),
]

BAD = [
    (field_types.Integer(), "abc", "not_an_integer"),
    (field_types.Integer(), "0x10", "not_an_integer"),
    (field_types.Integer(), "1.5", "not_an_integer"),
    (field_types.Integer(), "99999999999", "out_of_range"),
    (field_types.Integer(), "9" * 30, "out_of_range"),
    (field_types.Integer(low=0), "-1", "negative"),
    (field_types.Integer(low=1, high=4), "5", "out_of_range"),
    (field_types.Decimal(), "1e400", "out_of_range"),
    (field_types.Decimal(), "10000000000", "out_of_range"),
    (field_types.Decimal(), "nan", "not_a_number"),
    (field_types.Decimal(low=0), "-0.01", "negative"),
    (field_types.Real(), "1_000", "not_a_number"),
    (field_types.Flag(), "maybe", "not_a_flag"),
    (field_types.Day(), "2026-02-30", "no_such_date"),
    (field_types.Day(), "30.02.2026", "not_a_date"),
    (field_types.Day(), "0001-01-01", "out_of_range"),
    (field_types.Month(), "2026-13", "no_such_date"),
    (field_types.Month(), "2026-01-15", "not_a_month"),
    (field_types.Instant(), "2026-01-31T08:00:00", "no_offset"),
    (field_types.Instant(), "2026-01-31", "no_offset"),
    (field_types.Instant(), "2026-01-31T25:00:00Z", "no_such_date"),
    (field_types.Instant(), "yesterday", "not_an_instant"),
    (field_types.Instant(), "0072-06-20T08:57:57.2Z", "out_of_range"),
    (field_types.Instant(), "0001-01-01T00:00:00+14:00", "out_of_range"),
    (field_types.Instant(), "9999-12-31T23:59:59-12:00", "out_of_range"),
    (field_types.Text(3), "abcd", "too_long"),
    (field_types.Text(), "a\0b", "bad_encoding"),
    (field_types.Choice(("own", "rival")), "foreign", "not_a_choice"),
    (field_types.Json(), "[1]", "not_an_object"),
    (field_types.Json(), '{"a": "\\u0000"}', "bad_encoding"),
    (field_types.Json(), '{"a":' * 300 + "1" + "}" * 300, "not_an_object"),
]


@pytest.mark.parametrize(("kind", "text", "value"), GOOD)
def test_a_value_is_read(kind: field_types.FieldType, text: str, value: object) -> None:
    parsed = kind.read(pa.array([text, None]))
    assert parsed.values.to_pylist() == [value, None]
    assert parsed.faults == []


@pytest.mark.parametrize(("kind", "text", "code"), BAD)
def test_a_bad_value_is_named_by_position_and_code(kind: field_types.FieldType, text: str, code: str) -> None:
    parsed = kind.read(pa.array([text, None]))
    assert [(c, list(positions)) for c, positions in parsed.faults] == [(code, [0])]
    assert ingest_text.format_problem(code, 7, field="f", value=text, **kind.limits()).startswith("Row 7: f")


TYPED = [
    (field_types.Integer(low=0), pa.array([1, 2], pa.int32()), [1, 2]),
    (field_types.Integer(low=0), pa.array([1.0, None], pa.float64()), [1, None]),
    (field_types.Real(), pa.array([1, 2], pa.int16()), [1.0, 2.0]),
    (field_types.Decimal(), pa.array([1.25], pa.float32()), [1.25]),
    (field_types.Flag(), pa.array([True, None]), [True, None]),
    (field_types.Flag(), pa.array([1.0, None]), [True, None]),
    (field_types.Day(), pa.array([date(2024, 1, 2)]), [date(2024, 1, 2)]),
    (field_types.Day(), pa.array([datetime(2024, 1, 2, 3)]), [date(2024, 1, 2)]),  # noqa: DTZ001
    (field_types.Month(), pa.array([date(2024, 1, 1)]), [date(2024, 1, 1)]),
    (field_types.Instant(), pa.array([datetime(2024, 1, 2, tzinfo=UTC)]), [datetime(2024, 1, 2, tzinfo=UTC)]),
    (field_types.Text(), pa.array([13800.0, None]), ["13800", None]),
    (field_types.Text(), pa.array(["x", None]).dictionary_encode(), ["x", None]),
]


@pytest.mark.parametrize(("kind", "column", "values"), TYPED)
def test_a_typed_column_is_taken_as_it_is(kind: field_types.FieldType, column: pa.Array, values: list) -> None:
    parsed = kind.read(column)
    assert (parsed.values.to_pylist(), parsed.faults) == (values, [])


@pytest.mark.parametrize(
    ("kind", "column", "code"),
    [
        (field_types.Integer(low=0), pa.array([-1]), "negative"),
        (field_types.Integer(), pa.array([1.5]), "not_an_integer"),
        (field_types.Integer(), pa.array([2**40]), "out_of_range"),
        (field_types.Integer(), pa.array([True]), "not_an_integer"),
        (field_types.Real(), pa.array([float("nan")]), "not_a_number"),
        (field_types.Real(), pa.array([float("inf")]), "out_of_range"),
        (field_types.Month(), pa.array([date(2024, 1, 2)]), "not_a_month"),
        (field_types.Instant(), pa.array([datetime(2024, 1, 2)]), "no_offset"),  # noqa: DTZ001
    ],
)
def test_a_typed_column_is_checked_too(kind: field_types.FieldType, column: pa.Array, code: str) -> None:
    assert [c for c, _ in kind.read(column).faults] == [code]


EVERY_KIND = [
    field_types.Integer(),
    field_types.BigInteger(),
    field_types.Real(),
    field_types.Decimal(),
    field_types.Flag(),
    field_types.Day(),
    field_types.Month(),
    field_types.Instant(),
    field_types.Json(),
    field_types.Text(20),
    field_types.Choice(("a",)),
]
NUMBERISH = st.from_regex(r"[+-]?\d{0,12}\.?\d{0,12}([eE][+-]?\d{1,10})?", fullmatch=True)
DATEISH = st.from_regex(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?)?", fullmatch=True)
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=25)
JSONISH = st.recursive(st.none() | st.floats() | ANY_TEXT, lambda inner: st.dictionaries(ANY_TEXT, inner)).map(str)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", EVERY_KIND, ids=lambda kind: kind.name)
def test_whatever_a_kind_accepts_the_database_accepts(kind: field_types.FieldType) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE taken (n integer, value {kind.sql}) ON COMMIT DROP")

        @settings(max_examples=40, deadline=None, database=None, phases=[Phase.generate])
        @given(st.lists(NUMBERISH | DATEISH | ANY_TEXT | JSONISH, min_size=1, max_size=40))
        def accepted_by_both(texts: list[str]) -> None:
            parsed = kind.read(pa.array(texts, pa.string()))
            bad = {int(position) for _, positions in parsed.faults for position in positions}
            good = [position for position in range(len(texts)) if position not in bad]
            if not good:
                return
            rows = pa.array(range(len(good)), pa.int32())
            copy_in(cursor, "taken", pa.table({"n": rows, "value": parsed.values.take(pa.array(good, pa.int64()))}))

        accepted_by_both()


EARLY = datetime(2026, 11, 26, 17, 0, tzinfo=UTC)  # 01:00 of the 27th in Shanghai


def test_an_instant_sent_as_a_day_is_the_operators_day():
    column = pa.array([EARLY], pa.timestamp("us", tz="UTC"))
    assert field_types.Day().read(column).values.to_pylist() == [date(2026, 11, 27)]


def test_tomorrow_is_the_operators_tomorrow():
    days = pa.array([date(2026, 11, 27), date(2026, 11, 28)])
    late = field_types.future_mask(days, EARLY, timedelta(0))
    assert late is not None
    assert late.to_pylist() == [False, True]
