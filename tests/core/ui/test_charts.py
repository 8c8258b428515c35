import json
from decimal import Decimal

import pytest

from retention.core.ui import charts
from tests.core.ui import gallery


@pytest.mark.parametrize("name", gallery.charts())
def test_a_chart_is_json_and_has_a_table_twin(name):
    spec = gallery.charts()[name]
    json.dumps(spec, allow_nan=False)
    header, rows = charts.as_table(spec)
    assert rows
    assert {len(row["cells"]) for row in rows} == {len(header)}


def test_decimals_and_missing_values_survive():
    row = charts.series("a", [Decimal("1.50"), None, float("nan"), 3])
    assert row["values"] == [1.5, None, None, 3]


def test_the_table_shows_bounds_and_shares_of_a_funnel():
    spec = charts.funnel(title="t", stages=["a", "b"], values=[200, 50])
    assert charts.as_table(spec)[1][1]["cells"] == ["b", "50", "25.0%"]


def test_a_link_of_a_label_is_a_link_in_the_table():
    spec = charts.chart("bar", title="t", x=["a"], data=[charts.series("s", [1])], links=["/x/"])
    assert charts.as_table(spec)[1][0]["href"] == "/x/"


def test_shares_are_shares_in_the_table_too():
    data = [charts.series("yes", [1, 0]), charts.series("no", [3, 0])]
    spec = charts.chart("share", title="t", x=["a", "b"], data=data, format="percent")
    assert [row["cells"] for row in charts.as_table(spec)[1]] == [["a", "25.0%", "75.0%"], ["b", "–", "–"]]


@pytest.mark.parametrize("wrong", [{"kind": "radar"}, {"format": "furlong"}])
def test_unknown_kinds_and_formats_are_refused(wrong):
    options = {"kind": "bar", "title": "t", "x": [], "data": [], **wrong}
    with pytest.raises(ValueError, match="unknown"):
        charts.chart(options.pop("kind"), **options)
