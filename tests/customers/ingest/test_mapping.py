"""A mapping makes a resource's rows of another system's rows."""

import tomllib
import unicodedata
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from customers.facts.models import Bill, UsageMonth
from customers.ingest.chunks import Chunk
from customers.ingest.models import QuarantinedRow
from customers.ingest.services.files import load_file
from customers.ingest.services.mapping.apply import check_source, map_chunk
from customers.ingest.services.mapping.document import parse_mapping, read_mapping
from customers.ingest.services.mapping.steps import BadMapping
from tests.customers.ingest.rows import NOW


def mapping(toml: str, **options: object):
    return parse_mapping(tomllib.loads(toml), name="test.toml", **options)


def apply(toml: str, rows: list[dict], **options: object) -> list[dict]:
    names = dict.fromkeys(name for row in rows for name in row)
    columns = pa.table({name: pa.array([row.get(name) for row in rows], pa.string()) for name in names})
    chunk = Chunk(columns, np.arange(1, len(rows) + 1), 1, len(rows))
    made = map_chunk(mapping(toml, **options), chunk)
    return [{"row": int(number)} | row for number, row in zip(made.rows, made.columns.to_pylist(), strict=True)]


def one(spec: str, value: str | None, **options: object) -> str | None:
    """What the column `x = {from = "a", <spec>}` makes of `value`."""
    return apply(f'[columns]\nx = {{ from = "a", {spec} }}', [{"a": value}], **options)[0]["x"]


@pytest.mark.parametrize(
    ("spec", "value", "expected"),
    [
        ('strip = "$"', "$12$", "12"),
        ('remove = ","', "1,234,567", "1234567"),
        ("lower = true", "ABC", "abc"),
        ('map = { Yes = true, No = false, Unknown = "" }', "Yes", "true"),
        ('map = { Yes = true, No = false, Unknown = "" }', "Unknown", None),
        ('map = { Yes = true, No = false, Unknown = "" }', "Other", "Other"),
        ('only = ["a", "b"]', "c", None),
        ("multiply = 60", "12.5", "750"),
        ("multiply = 0.5", "3", "1.5"),
        ("divide = 10, round = 0, multiply = 10", "47.5", "50"),
        ("modulo = 12, add = -12", "29", "-7"),
        ("round = 0", "2.6", "3"),
        ("minimum = 0, maximum = 10", "-3", "0"),
        ("minimum = 0, maximum = 10", "99", "10"),
        ("multiply = 60", "many", "many"),
        ('date_format = "%d.%m.%Y"', "31.01.2026", "2026-01-31"),
        ('date_format = "%d.%m.%Y"', "30.02.2026", "30.02.2026"),
        ('months_before = "2024-03-31"', "1", "2024-02-29"),
        ('months_before = "2024-03-31"', "-1", "2024-04-30"),
        ('months_before = "2024-01-15"', "25", "2021-12-15"),
        ('days_before = "2024-03-01"', "1", "2024-02-29"),
        ('days_before = "2024-03-01"', "old", "old"),
        ('months_before = "2024-01-01", plus_days = -1, month_of = true', "0", "2023-12"),
        ('prefix = "S", suffix = "-x"', "12", "S12-x"),
        ('default = "none"', None, "none"),
        ('multiply = 2, prefix = "S"', None, None),
    ],
)
def test_steps(spec: str, value: str | None, expected: str | None) -> None:
    assert one(spec, value) == expected


def test_steps_follow_each_other_in_the_order_written() -> None:
    assert one("add = 1, multiply = 2", "3") == "8"
    assert one("multiply = 2, add = 1", "3") == "7"


def test_the_given_day_comes_from_the_file_or_from_the_command() -> None:
    toml = 'given_day = 2024-02-01\n[columns]\nx = { from = "a", days_before = "given_day" }\ny = { day = "given_day" }'
    assert apply(toml, [{"a": "1"}]) == [{"row": 1, "x": "2024-01-31", "y": "2024-02-01"}]
    assert apply(toml, [{"a": "1"}], given_day=date(2025, 1, 1))[0]["x"] == "2024-12-31"
    with pytest.raises(BadMapping, match="needs a `given_day`"):
        one('days_before = "given_day"', "1")


def test_constants_templates_and_plain_names() -> None:
    toml = """
    [columns]
    kind = { value = "individual" }
    flag = { value = true }
    name = { template = "Customer {id} ({city})" }
    no = "id"
    """
    made = apply(toml, [{"id": "7", "city": None}])
    assert made == [{"row": 1, "kind": "individual", "flag": "true", "name": "Customer 7 ()", "no": "7"}]


def test_where_keeps_rows_and_their_numbers() -> None:
    toml = '[where]\nchurn = "Yes"\nage = { at_least = 18, below = 65 }\n[columns]\nx = "churn"'
    rows = [
        {"churn": "No", "age": "20"},
        {"churn": "Yes", "age": "20"},
        {"churn": "Yes", "age": "70"},
        {"churn": "Yes"},
    ]
    assert apply(toml, rows) == [{"row": 2, "x": "Yes"}]


@pytest.mark.parametrize(
    ("test", "kept"),
    [
        ('["a", "b"]', ["a", "b"]),
        ('{ is_not = "a" }', ["b", "5", None]),
        ("{ blank = true }", [None]),
        ("{ blank = false }", ["a", "b", "5"]),
        ("{ above = 4 }", ["5"]),
        ("{ at_most = 4 }", []),
    ],
)
def test_conditions(test: str, kept: list) -> None:
    rows = [{"x": value} for value in ("a", "b", "5", None)]
    assert [row["y"] for row in apply(f'[where]\nx = {test}\n[columns]\ny = "x"', rows)] == kept


@pytest.mark.parametrize(
    ("test", "kept"),
    [
        ("{ is_not = 0 }", ["5", "0x", None]),
        ("0", ["0", "0.0", "0.00", "-0", "0e3"]),
        ("[5, 7]", ["5"]),
        ('"0"', ["0"]),
        ('{ is_not = ["0", 5] }', ["0.0", "0.00", "-0", "0e3", "0x", None]),
        ("{ is_not = 0, blank = false }", ["5", "0x"]),
        ("{ above = 4 }", ["5"]),
    ],
)
def test_a_number_of_a_condition_is_compared_as_a_number_and_a_text_as_text(test: str, kept: list) -> None:
    rows = [{"x": value} for value in ("0", "0.0", "0.00", "5", "-0", "0e3", "0x", None)]
    assert [row["y"] for row in apply(f'[where]\nx = {test}\n[columns]\ny = "x"', rows)] == kept


@pytest.mark.parametrize(
    ("test", "kept"),
    [
        ("{ is_not = 0 }", ["5", "TRUE", "true", "False"]),
        ("{ at_least = 0 }", ["0", "5"]),
        ("true", ["TRUE", "true"]),
        ("{ is_not = [true, 0] }", ["5", "False"]),
    ],
)
def test_full_width_digits_are_digits_and_true_is_true_in_any_case(test: str, kept: list) -> None:
    rows = [{"x": value} for value in ("０", "５", "TRUE", "true", "False")]
    found = apply(f'[where]\nx = {test}\n[columns]\ny = "x"', rows)
    assert [unicodedata.normalize("NFKC", row["y"]) for row in found] == kept


def test_long_numbers_of_a_condition_keep_all_their_digits() -> None:
    rows = [{"x": "9007199254740993"}, {"x": "9007199254740992"}]
    found = apply('[where]\nx = 9007199254740993\n[columns]\ny = "x"', rows)
    assert [row["y"] for row in found] == ["9007199254740993"]


def test_only_keeps_numbers_however_they_are_written() -> None:
    assert [one("only = [1, 2]", value) for value in ("1", "1.0", "3", "2.00")] == ["1", "1.0", None, "2.00"]


def test_a_column_with_a_condition_is_blank_elsewhere() -> None:
    toml = '[columns]\nleft = { day = "2024-02-01", where = { churn = "Yes" } }'
    assert [row["left"] for row in apply(toml, [{"churn": "Yes"}, {"churn": "No"}])] == ["2024-02-01", None]


def test_columns_become_rows() -> None:
    toml = """
    [columns]
    no = { from = "id", prefix = "S" }
    [unpivot]
    except = ["id"]
    rename = { b = "Second" }
    """
    made = apply(toml, [{"id": "1", "a": "x", "b": "y"}, {"id": "2", "a": None, "b": "z"}])
    assert made == [
        {"row": 1, "no": "S1", "name": "a", "value": "x"},
        {"row": 1, "no": "S1", "name": "Second", "value": "y"},
        {"row": 2, "no": "S2", "name": "Second", "value": "z"},
    ]


def test_distinct_keeps_the_first_of_equal_rows() -> None:
    rows = [{"plan": plan} for plan in ("b", "a", "b", "a")]
    assert apply('distinct = true\ncolumns.code = "plan"', rows) == [{"row": 1, "code": "b"}, {"row": 2, "code": "a"}]


def test_several_rows_of_one() -> None:
    toml = """
    columns.no = "id"
    [[rows]]
    month = { value = "2024-01" }
    mb = "jan"
    [[rows]]
    month = { value = "2024-02" }
    mb = "feb"
    where = { feb = { blank = false } }
    """
    made = apply(toml, [{"id": "1", "jan": "5", "feb": "6"}, {"id": "2", "jan": "7"}])
    assert [(row["row"], row["no"], row["month"], row["mb"]) for row in made] == [
        (1, "1", "2024-01", "5"),
        (1, "1", "2024-02", "6"),
        (2, "2", "2024-01", "7"),
    ]


@pytest.mark.parametrize(
    ("toml", "sentence"),
    [
        ('colums.a = "b"', "'colums' is none of"),
        ("[columns]", "nothing under \\[columns\\]"),
        ("[columns]\na = { multiply = 2 }", "needs exactly one of from, value, template, day"),
        ('[columns]\na = { from = "b", value = "c" }', "needs exactly one of"),
        ('[columns]\na = { from = "b", times = 2 }', "'times' is none of"),
        ('[columns]\na = { from = "b", multiply = "two" }', "'multiply' needs a number"),
        ('[columns]\na = { from = "b", map = "x" }', "'map' needs a table"),
        ('[columns]\na = { from = "b", only = "x" }', "'only' needs a list"),
        ('[columns]\na = { from = "b", days_before = "soon" }', "'soon' is not a day"),
        ("[columns]\na = 5", "write the source column's name"),
        ('[where]\na = { over = 5 }\n[columns]\nx = "a"', "'over'"),
        ('[where]\na = { above = "x" }\n[columns]\nx = "a"', "'above' of `where.a` needs a number"),
        ('[where]\na = { below = 2026-01-01 }\n[columns]\nx = "a"', "'below' of `where.a` needs a number"),
        ('[where]\na = { at_most = nan }\n[columns]\nx = "a"', "'at_most' of `where.a` needs a number"),
        ('[where]\na = [[1]]\n[columns]\nx = "a"', "'is' of `where.a` needs a value or a list"),
        ('[where]\na = { blank = "no" }\n[columns]\nx = "a"', "'blank' of `where.a` needs true or false"),
        ('[unpivot]\nname = "n"', "needs either `columns` or `except`"),
    ],
)
def test_a_wrong_mapping_is_told_in_a_sentence(toml: str, sentence: str) -> None:
    with pytest.raises(BadMapping, match=sentence):
        mapping(toml)


def test_a_mapping_file_that_is_missing_or_no_toml_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadMapping, match="cannot be read"):
        read_mapping(tmp_path / "none.toml")
    (tmp_path / "bad.toml").write_text("a = = 1")
    with pytest.raises(BadMapping, match="bad.toml is not TOML"):
        read_mapping(tmp_path / "bad.toml")


def test_a_column_that_the_file_lacks_is_named() -> None:
    with pytest.raises(BadMapping, match="test.toml reads 'churned', which the file does not have. It has: id, churn"):
        check_source(mapping('[columns]\nx = { template = "{churned}" }'), ["id", "churn"])


BILLS = """
resource = "bills"
given_day = 2026-11-01
[columns]
subscriber_no = { from = "id", prefix = "S" }
plan_fee = "fee"
total = { from = "fee", multiply = 1.06, round = 2 }
[[rows]]
month = { value = "2026-09" }
[[rows]]
month = { value = "2026-10" }
"""


@pytest.mark.django_db
def test_a_mapped_file_lands_and_bad_rows_keep_the_number_of_the_source_row(operator: None, tmp_path: Path) -> None:
    (tmp_path / "m.toml").write_text(BILLS)
    (tmp_path / "f.csv").write_text("id,fee\n1,10\n2,ten\n9,30\n")
    how = read_mapping(tmp_path / "m.toml")
    for _ in range(2):
        result = load_file("bills", tmp_path / "f.csv", mapping=how, now=NOW)
        assert (result.received, result.waiting, result.rejected) == (6, 2, 2)
        assert {(e["row"], e["field"]) for e in result.errors} == {(2, "plan_fee"), (2, "total")}
        assert QuarantinedRow.objects.filter(state="waiting").count() == 2
        assert QuarantinedRow.objects.filter(state="rejected", row_no=2).count() == 4
    assert result.unchanged == 2
    assert {str(total) for total in Bill.objects.values_list("total", flat=True)} == {"10.60"}


@pytest.mark.django_db
def test_a_mapping_for_another_resource_or_with_an_unknown_column_is_told(operator: None, tmp_path: Path) -> None:
    from retention.core.errors import Invalid

    (tmp_path / "f.csv").write_text("id,fee\n1,10\n")
    (tmp_path / "m.toml").write_text(BILLS)
    with pytest.raises(Invalid, match="m.toml makes bills, not payments"):
        load_file("payments", tmp_path / "f.csv", mapping=read_mapping(tmp_path / "m.toml"), now=NOW)
    (tmp_path / "m.toml").write_text(BILLS + '[[rows]]\nmonht = { value = "x" }\n')
    with pytest.raises(Invalid, match="bills has no column 'monht'"):
        load_file("bills", tmp_path / "f.csv", mapping=read_mapping(tmp_path / "m.toml"), now=NOW)
    assert not UsageMonth.objects.exists()
