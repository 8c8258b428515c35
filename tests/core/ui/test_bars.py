"""Horizontal bars read from the top: `inverse` in static/js/charts/option.js puts the first row there."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings

from analytics.churn import charts
from analytics.churn.models import ModelVersion
from analytics.navigation.views import churn_tabs
from customers.page360.queries import risk

OPTION = Path(settings.BASE_DIR, "static/js/charts/option.js").read_text()


def test_the_browser_draws_the_first_row_of_horizontal_bars_on_top():
    assert re.search(r"inverse: spec\.horizontal", OPTION)


@pytest.mark.django_db
def test_the_heaviest_factor_of_a_version_comes_first():
    version = ModelVersion(factors=[{"factor": "tenure", "weight": 0.4}, {"factor": "brand", "weight": 0.1}])
    spec = charts.factor_weights(version)
    assert spec["horizontal"] and spec["series"][0]["values"] == [0.4, 0.1]


def test_the_strongest_move_of_the_risk_comes_first():
    moves = [SimpleNamespace(label="Use", log_odds=0.9), SimpleNamespace(label="Bill", log_odds=-0.2)]
    spec = risk._change_chart(SimpleNamespace(moves=moves))
    assert spec["horizontal"] and spec["series"][0]["values"] == [0.9, -0.2]


@pytest.mark.parametrize(
    ("path", "tab"),
    [
        ("/churn/", "/churn/"),
        ("/churn/lists/2026-11/", "/churn/lists/"),
        ("/churn/model/7/", "/churn/model/"),
        ("/churn/watch/alarms/", "/churn/watch/"),
    ],
)
def test_a_page_below_a_tab_keeps_its_tab_marked(rf, path, tab):
    assert [one["url"] for one in churn_tabs(rf.get(path)) if one["active"]] == [tab]
