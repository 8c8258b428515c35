import numpy as np
import pandas as pd
import pytest

from analytics.churn.learners.columns import Column, Dropped, Kind, classify_column, numbers

ROWS = 200


def kind_of(values) -> object:
    found = classify_column("x", pd.Series(values))
    return found.why if isinstance(found, Dropped) else found.kind


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([str(n % 7 / 2) for n in range(ROWS)], Kind.NUMBER),
        ([f"${n % 50 + 1},{n % 9}00.50" for n in range(ROWS)], Kind.NUMBER),
        ([None if n % 3 else f"{n % 40}%" for n in range(ROWS)], Kind.NUMBER),
        ([f"2024-0{n % 9 + 1}-1{n % 9}" for n in range(ROWS)], Kind.DATE),
        ([f"{n % 28 + 1}/{n % 12 + 1}/2023" for n in range(ROWS)], Kind.DATE),
        ([f"2023{n % 12 + 1:02d}{n % 28 + 1:02d}" for n in range(ROWS)], Kind.DATE),
        ([["yes", "no"][n % 2] for n in range(ROWS)], Kind.CATEGORY),
        ([True, False, None, True] * 50, Kind.CATEGORY),
        ([f"area {n % 40}" for n in range(ROWS)], Kind.CATEGORY),
        ([None] * ROWS, "empty"),
        (["same"] * ROWS, "constant"),
        ([3.0] * ROWS, "constant"),
        ([f"{n:04d}-XYZ" for n in range(ROWS)], "identifier"),
        ([str(1000 + n) for n in range(ROWS)], "identifier"),
        ([float(13_800_000_000 + 7919 * n * n) for n in range(ROWS)], "identifier"),
        ([f"the customer called about bill number {n}" for n in range(ROWS)], "free text"),
    ],
)
def test_a_column_is_seen_for_what_it_is(values, kind):
    assert kind_of(values) == kind


def test_one_value_or_blank_is_kept_because_the_blank_may_tell():
    assert kind_of(["yes", None] * 50) == Kind.CATEGORY


def test_whole_numbers_that_repeat_are_no_identifier():
    assert kind_of(np.random.default_rng(0).integers(0, 500, ROWS).astype(float)) == Kind.NUMBER


def test_numbers_are_read_with_signs_and_blanks():
    found = numbers(pd.Series(["1,250.5", " $3 ", "12%", None, "n.a.", "inf"]), Column("x", Kind.NUMBER))
    np.testing.assert_array_equal(found, [1250.5, 3, 12, np.nan, np.nan, np.nan])


def test_dates_are_days_whichever_way_they_are_written():
    iso = numbers(pd.Series(["1970-01-02", "1970-01-31 12:00", None]), Column("x", Kind.DATE))
    np.testing.assert_allclose(iso, [1, 30.5, np.nan])
    european = numbers(pd.Series(["2.1.1970"]), Column("x", Kind.DATE, day_first=True))
    compact = numbers(pd.Series(["19700102"]), Column("x", Kind.DATE))
    typed = numbers(pd.Series(pd.to_datetime(["1970-01-02"])), Column("x", Kind.DATE))
    assert european == compact == typed == [1.0]
