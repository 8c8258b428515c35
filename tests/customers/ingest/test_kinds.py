"""Every kind reads a whole column; what it cannot read is told by position and code, never by an exception."""

from datetime import UTC, date, datetime

import pyarrow as pa
import pytest
from django.db import connection
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from customers.ingest import kinds, messages
from customers.ingest.landing import copy_in

GOOD = [
    (kinds.Integer(), "12", 12),
    (kinds.Integer(), " 12 ", 12),
    (kinds.Integer(), "+5", 5),
    (kinds.Integer(), "3.0", 3),
    (kinds.Integer(), "007", 7),
    (kinds.Decimal(), "12.5", 12.5),
    (kinds.Decimal(), "-1e3", -1000.0),
    (kinds.Real(), ".5", 0.5),
    (kinds.Flag(), "Yes", True),
    (kinds.Flag(), "0", False),
    (kinds.Day(), "2024-02-29", date(2024, 2, 29)),
    (kinds.Day(), "2024-02-29 00:00:00", date(2024, 2, 29)),
    (kinds.Month(), "2024-02", date(2024, 2, 1)),
    (kinds.Month(), "2024-02-01", date(2024, 2, 1)),
    (kinds.Instant(), "2024-02-29T08:00:00+08:00", datetime(2024, 2, 29, tzinfo=UTC)),
    (kinds.Instant(), "2024-02-29T00:00:00.123456789Z", datetime(2024, 2, 29, 0, 0, 0, 123456, tzinfo=UTC)),
    (kinds.Text(3), " abc ", "abc"),
    (kinds.Text(), "   ", None),
    (kinds.Choice(("own", "rival")), "own", "own"),
    (kinds.Json(), '{"a": [1, 2]}', '{"a":[1,2]}'),
]

BAD = [
    (kinds.Integer(), "abc", "not_an_integer"),
    (kinds.Integer(), "0x10", "not_an_integer"),
    (kinds.Integer(), "1.5", "not_an_integer"),
    (kinds.Integer(), "99999999999", "out_of_range"),
    (kinds.Integer(), "9" * 30, "out_of_range"),
    (kinds.Integer(low=0), "-1", "negative"),
    (kinds.Integer(low=1, high=4), "5", "out_of_range"),
    (kinds.Decimal(), "1e400", "out_of_range"),
    (kinds.Decimal(), "10000000000", "out_of_range"),
    (kinds.Decimal(), "nan", "not_a_number"),
    (kinds.Decimal(low=0), "-0.01", "negative"),
    (kinds.Real(), "1_000", "not_a_number"),
    (kinds.Flag(), "maybe", "not_a_flag"),
    (kinds.Day(), "2026-02-30", "no_such_date"),
    (kinds.Day(), "30.02.2026", "not_a_date"),
    (kinds.Day(), "0001-01-01", "out_of_range"),
    (kinds.Month(), "2026-13", "no_such_date"),
    (kinds.Month(), "2026-01-15", "not_a_month"),
    (kinds.Instant(), "2026-01-31T08:00:00", "no_offset"),
    (kinds.Instant(), "2026-01-31", "no_offset"),
    (kinds.Instant(), "2026-01-31T25:00:00Z", "no_such_date"),
    (kinds.Instant(), "yesterday", "not_an_instant"),
    (kinds.Instant(), "0072-06-20T08:57:57.2Z", "out_of_range"),
    (kinds.Text(3), "abcd", "too_long"),
    (kinds.Text(), "a\0b", "bad_encoding"),
    (kinds.Choice(("own", "rival")), "foreign", "not_a_choice"),
    (kinds.Json(), "[1]", "not_an_object"),
    (kinds.Json(), '{"a": "\\u0000"}', "bad_encoding"),
    (kinds.Json(), '{"a":' * 300 + "1" + "}" * 300, "not_an_object"),
]


@pytest.mark.parametrize(("kind", "text", "value"), GOOD)
def test_a_value_is_read(kind: kinds.Kind, text: str, value: object) -> None:
    parsed = kind.read(pa.array([text, None]))
    assert parsed.values.to_pylist() == [value, None]
    assert parsed.faults == []


@pytest.mark.parametrize(("kind", "text", "code"), BAD)
def test_a_bad_value_is_named_by_position_and_code(kind: kinds.Kind, text: str, code: str) -> None:
    parsed = kind.read(pa.array([text, None]))
    assert [(c, list(positions)) for c, positions in parsed.faults] == [(code, [0])]
    assert messages.sentence(code, 7, field="f", value=text, **kind.limits()).startswith("Row 7: f")


TYPED = [
    (kinds.Integer(low=0), pa.array([1, 2], pa.int32()), [1, 2]),
    (kinds.Integer(low=0), pa.array([1.0, None], pa.float64()), [1, None]),
    (kinds.Real(), pa.array([1, 2], pa.int16()), [1.0, 2.0]),
    (kinds.Decimal(), pa.array([1.25], pa.float32()), [1.25]),
    (kinds.Flag(), pa.array([True, None]), [True, None]),
    (kinds.Flag(), pa.array([1.0, None]), [True, None]),
    (kinds.Day(), pa.array([date(2024, 1, 2)]), [date(2024, 1, 2)]),
    (kinds.Day(), pa.array([datetime(2024, 1, 2, 3)]), [date(2024, 1, 2)]),  # noqa: DTZ001
    (kinds.Month(), pa.array([date(2024, 1, 1)]), [date(2024, 1, 1)]),
    (kinds.Instant(), pa.array([datetime(2024, 1, 2, tzinfo=UTC)]), [datetime(2024, 1, 2, tzinfo=UTC)]),
    (kinds.Text(), pa.array([13800.0, None]), ["13800", None]),
    (kinds.Text(), pa.array(["x", None]).dictionary_encode(), ["x", None]),
]


@pytest.mark.parametrize(("kind", "column", "values"), TYPED)
def test_a_typed_column_is_taken_as_it_is(kind: kinds.Kind, column: pa.Array, values: list) -> None:
    parsed = kind.read(column)
    assert (parsed.values.to_pylist(), parsed.faults) == (values, [])


@pytest.mark.parametrize(
    ("kind", "column", "code"),
    [
        (kinds.Integer(low=0), pa.array([-1]), "negative"),
        (kinds.Integer(), pa.array([1.5]), "not_an_integer"),
        (kinds.Integer(), pa.array([2**40]), "out_of_range"),
        (kinds.Integer(), pa.array([True]), "not_an_integer"),
        (kinds.Real(), pa.array([float("nan")]), "not_a_number"),
        (kinds.Real(), pa.array([float("inf")]), "out_of_range"),
        (kinds.Month(), pa.array([date(2024, 1, 2)]), "not_a_month"),
        (kinds.Instant(), pa.array([datetime(2024, 1, 2)]), "no_offset"),  # noqa: DTZ001
    ],
)
def test_a_typed_column_is_checked_too(kind: kinds.Kind, column: pa.Array, code: str) -> None:
    assert [c for c, _ in kind.read(column).faults] == [code]


EVERY_KIND = [
    kinds.Integer(), kinds.Big(), kinds.Real(), kinds.Decimal(), kinds.Flag(), kinds.Day(), kinds.Month(),
    kinds.Instant(), kinds.Json(), kinds.Text(20), kinds.Choice(("a",)),
]  # fmt: skip
NUMBERISH = st.from_regex(r"[+-]?\d{0,12}\.?\d{0,12}([eE][+-]?\d{1,10})?", fullmatch=True)
DATEISH = st.from_regex(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?)?", fullmatch=True)
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=25)
JSONISH = st.recursive(st.none() | st.floats() | ANY_TEXT, lambda inner: st.dictionaries(ANY_TEXT, inner)).map(str)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", EVERY_KIND, ids=lambda kind: kind.name)
def test_whatever_a_kind_accepts_the_database_accepts(kind: kinds.Kind) -> None:
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
