"""Every measure says what it means: columns of all tables, tiles of all pages."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import get_resolver
from django.utils import translation

from analytics.kpis.defaults import KPIS
from retention.core.ui.components import definitions, kpi_card, term
from retention.core.ui.glossary import MEANINGS, declare_meanings, meaning, meaning_of_column
from retention.core.ui.tables.base import BaseTable
from retention.core.ui.tables.columns import BarColumn, Column, NumberColumn, RiskColumn, SparkColumn
from retention.core.ui.tables.detail import DetailTable
from tests.campaigns.offers.rows import make_offer
from tests.campaigns.rows import make_scenario
from tests.factories import make_profile, make_subscriber

MEASURES = (NumberColumn, BarColumn, SparkColumn, RiskColumn)
# Names of things, places in a file, and counts that the heading says in full; words and dates are no measures.
SELF_EXPLAINING = {"priority", "row_no", "seconds"}
KPI_CALL = re.compile(r"{% kpi_card (?!card\b)[^%]*%}")


def tables_below(kind):
    for one in kind.__subclasses__():
        yield one
        yield from tables_below(one)


def measure_columns():
    _ = get_resolver().url_patterns  # every page, so every table, is loaded
    for table in {*tables_below(BaseTable), *tables_below(DetailTable)}:
        if not table.__module__.startswith("tests"):
            for name, column in table.base_columns.items():
                if isinstance(column, MEASURES) and name not in SELF_EXPLAINING:
                    yield table, name, column


def test_every_column_of_a_measure_has_a_meaning_in_both_languages():
    columns = list(measure_columns())
    assert len(columns) > 150
    silent = [
        f"{table.__name__}.{name}"
        for table, name, column in columns
        if not (column.help_text or meaning_of_column(table, name, column))
    ]
    assert silent == []
    with translation.override("zh-hans"):
        chinese = [str(column.help_text) or meaning_of_column(table, name, column) for table, name, column in columns]
    assert [text for text in chinese if text.isascii()] == []


def test_every_tile_of_a_template_has_a_meaning():
    calls = [
        (path.name, call)
        for path in Path(settings.BASE_DIR, "templates").rglob("*.html")
        for call in KPI_CALL.findall(path.read_text())
    ]
    assert len(calls) > 20
    assert [one for one in calls if "hint=" not in one[1] and "measure=" not in one[1]] == []
    named = {key for _path, call in calls for key in re.findall(r'measure="([^"]+)"', call)}
    assert named <= MEANINGS.keys()


def test_every_measure_that_a_template_names_is_declared():
    named = {
        key
        for path in Path(settings.BASE_DIR, "templates").rglob("*.html")
        for key in re.findall(r'{% term \S+ "([^"]+)" %}', path.read_text())
    }
    assert {"points", "credit_score", "risk_decile", "expected_gain", "order_due_at"} <= named <= MEANINGS.keys()


def test_a_fact_takes_the_meaning_of_its_measure():
    rows = definitions([("Plan", "59", "plan_fee"), ("Through", "shop"), {"label": "x", "value": 1, "hint": "own"}])
    with translation.override("en"):
        hints = [str(item.get("hint", "")) for item in rows["items"]]
    assert hints == [meaning("plan_fee"), "", "own"]
    assert term("Points", "points").startswith('<span class="rp-term" tabindex="0" title="')


def test_every_indicator_of_the_home_page_has_a_meaning():
    assert [kpi.key for kpi in KPIS.values() if kpi.on_home and not str(kpi.help)] == []


def test_a_tile_takes_the_meaning_of_its_measure_and_keeps_its_own_hint():
    with translation.override("en"):
        assert (
            kpi_card(label="x", value=1, measure="arpu")["hint"]
            == "Mean spend a month over the last six months, in yuan."
        )
        assert kpi_card(label="x", value=1, measure="arpu", hint="own")["hint"] == "own"
        assert kpi_card(label="x", value=1)["hint"] == ""


def test_a_table_s_own_meaning_goes_before_that_of_the_value():
    class Inner(DetailTable):
        arpu = Column(accessor="profile__arpu")

    class Outer(Inner):
        pass

    column = Inner.base_columns["arpu"]
    assert meaning_of_column(Outer, "arpu", column) == meaning("arpu")
    declare_meanings({"Inner.arpu": "own"})
    try:
        assert meaning_of_column(Outer, "arpu", column) == "own"
        with pytest.raises(ValueError, match="declared twice"):
            declare_meanings({"Inner.arpu": "again"})
    finally:
        del MEANINGS["Inner.arpu"]


@pytest.mark.django_db
def test_headings_and_tiles_show_the_meaning_to_the_mouse_and_to_the_keyboard(manager, branches):
    make_profile(subscriber=make_subscriber(branch=branches.outlet))
    page = manager.get("/customers/").text
    text = "Mean spend a month over the last six months, in yuan."
    assert re.search(rf'<th [^>]*data-column="arpu"[^>]*title="{text}"', page)
    assert re.search(rf'<a [^>]*class="rp-term"[^>]*title="{text}"', page)
    # What cannot be sorted is no link, and takes the focus for its meaning.
    assert re.search(r'data-column="tier"[^>]*>\s*<span class="rp-term" tabindex="0" title="The band', page)
    assert re.search(r'data-column="subscriber_no"[^>]*>\s*Subscriber', page)


@pytest.mark.django_db
def test_every_tile_of_the_pages_that_make_theirs_in_code_has_a_meaning(manager, branches):
    line = make_profile(subscriber=make_subscriber(branch=branches.outlet)).subscriber
    offer, scenario = make_offer(), make_scenario()
    for path in (f"/customers/{line.subscriber_no}/", f"/offers/{offer.code}/", f"/scenarios/{scenario.code}/"):
        answer = manager.get(path)
        assert answer.status_code == 200, path
        tiles = re.findall(r'<h2 class="rp-kpi-label">(.*?)</h2>', answer.text, re.S)
        assert len(tiles) >= 4, path
        assert [tile for tile in tiles if "title=" not in tile] == [], path


@pytest.mark.django_db
def test_the_measures_among_the_facts_of_the_360_page_have_a_meaning_in_both_languages(manager, branches):
    line = make_subscriber(branch=branches.outlet, bandwidth_mbps=100)
    line.account.credit_limit = 200
    line.account.save()
    make_profile(subscriber=line, group_size=4, circle_size=9, circle_rival_share=0.3)
    for language, labels in (
        (
            "en",
            {"Member tier", "Credit limit", "Plan", "Included", "Bandwidth", "Status", "Strong contacts", "Members"},
        ),
        ("zh-hans", {"会员级别", "信用额度", "套餐", "带宽", "状态"}),
    ):
        manager.cookies["django_language"] = language
        page = manager.get(f"/customers/{line.subscriber_no}/").text
        terms = dict(re.findall(r'<dt>\s*<span class="rp-term" tabindex="0" title="([^"]+)">([^<]+)</span>', page))
        assert labels <= set(terms.values())
        assert language == "en" or not [text for text in terms if text.isascii()]
