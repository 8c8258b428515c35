"""The axis of a history has every day or month."""

from datetime import date

from retention.core.ui import charts
from retention.core.ui.periods import all_days, all_month_ends, all_months


def test_months_in_between_keep_their_place():
    known = {date(2026, 11, 30), date(2026, 8, 31), date(2027, 2, 28)}
    assert all_months(known) == [
        date(2026, 8, 1), date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1),
        date(2027, 2, 1),
    ]  # fmt: skip
    assert all_month_ends(known)[1:3] == [date(2026, 9, 30), date(2026, 10, 31)]
    assert all_month_ends(known)[-1] == date(2027, 2, 28)


def test_days_in_between_keep_their_place():
    assert all_days([date(2026, 12, 30), date(2027, 1, 1)]) == [
        date(2026, 12, 30),
        date(2026, 12, 31),
        date(2027, 1, 1),
    ]


def test_nothing_known_is_no_axis():
    assert all_days([]) == all_months([]) == all_month_ends([]) == []


def test_a_gap_says_why_in_chart_and_table():
    spec = charts.chart(
        "line", title="Churn", x=["Aug", charts.gap("Sep", "no snapshot"), "Oct"],
        data=[charts.series("All", [0.1, None, 0.2])], format="percent",
    )  # fmt: skip
    assert spec["x"][1] == "Sep\nno snapshot"
    assert spec["series"][0]["values"] == [0.1, None, 0.2]
    _header, rows = charts.as_table(spec)
    assert rows[1]["cells"] == ["Sep\nno snapshot", "–"]
