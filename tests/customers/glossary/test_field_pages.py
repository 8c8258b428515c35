"""The pages of the field catalogue: what a field is, how its values spread, by branch, and who uses it."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from analytics.kpis.field_uses import kpis_using
from campaigns.audiences.rules import keys_in
from campaigns.segments.services.installation import install_segmentations
from customers.fields import FIELDS
from customers.fields.uses import uses_of
from customers.glossary.models import FieldDistribution
from customers.glossary.queries import values_of
from customers.glossary.services import record_distributions
from tests.campaigns.rows import ask, make_line, make_scenario, rule
from tests.factories import TODAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]


@pytest.fixture
def base(branches):
    """Five lines in the city's outlet and one elsewhere."""
    for arpu in (10, 30, 50, 70):
        make_line(branch=branches.outlet, arpu=arpu, status="active")
    make_line(branch=branches.outlet, arpu=None, status="stopped")
    make_line(arpu=500, status="active")
    record_distributions(as_of=TODAY)
    return branches


def test_a_manager_sees_the_values_of_the_own_branches_only(base, mia, ada):
    mine, every = values_of("arpu", mia), values_of("arpu", ada)
    assert (mine.whole.lines, mine.whole.unknown, mine.whole.unknown_share) == (5, 1, 0.2)
    assert sum(mine.whole.known.values()) == 4
    assert (every.whole.lines, every.whole.unknown) == (6, 1)
    assert sum(spread.lines for _name, spread in every.branches) == 6
    assert mine.as_of == TODAY


def test_the_parts_by_branch_add_up_to_the_whole(base, mia):
    found = values_of("status", mia)
    assert found.whole.known == {"active": 4, "stopped": 1}
    assert sum(spread.lines for _name, spread in found.branches) == found.whole.lines
    assert base.outlet.name not in dict(found.branches)  # it counts for the branch just below the manager's own


def test_counting_a_night_twice_changes_nothing(base):
    before = list(FieldDistribution.objects.order_by("field", "branch").values("field", "branch", "lines", "counts"))
    assert record_distributions(as_of=TODAY) == len(before) == 2 * len(FIELDS)
    after = list(FieldDistribution.objects.order_by("field", "branch").values("field", "branch", "lines", "counts"))
    assert after == before


def test_every_field_counts_every_line_once(base, mia):
    for key in FIELDS:
        assert values_of(key, mia).whole.lines == 5, key


@pytest.mark.parametrize("key", FIELDS)
def test_every_field_has_its_page(base, manager, key):
    answer = manager.get(f"/fields/{key}/")
    assert answer.status_code == 200
    assert str(FIELDS[key].label) in answer.content.decode().replace("&#x27;", "'").replace("&amp;", "&")


def test_the_page_says_meaning_source_and_night_and_shows_the_bars(base, manager):
    answer = manager.get("/fields/arpu/")
    body = re.sub(r"\s+", " ", answer.content.decode())
    assert "5 lines of your branches, of 20.0% the value is not known" in body
    assert "20 Nov 2026" in body
    facts = {str(label): str(value) for label, value in answer.context["facts"]}
    assert facts["Unit"] == "yuan"
    assert facts["Key"] == "arpu"
    bars = answer.context["chart_spec"]["series"][0]
    assert sum(bars["values"]) == 4


def test_the_page_costs_the_same_however_many_branches(base, manager):
    with CaptureQueriesContext(
        connection,
    ) as few:
        manager.get("/fields/arpu/")
    for _more in range(3):
        make_line(branch=base.outlet, arpu=15)
    record_distributions(as_of=TODAY)
    with CaptureQueriesContext(connection) as more:
        manager.get("/fields/arpu/")
    assert len(more) <= len(few)


def test_a_field_without_a_night_says_so_and_an_unknown_one_is_not_found(manager):
    assert "No night has counted the values" in manager.get("/fields/arpu/").content.decode()
    assert manager.get("/fields/nothing/").status_code == 404


def test_the_catalogue_is_searched_by_word_and_part(manager):
    rows = manager.get("/fields/?q=tenure&area=identity").context["table"].data
    assert {row["key"] for row in rows} >= {"tenure_days", "tenure_months"}
    assert all("tenure" in row["key"] or "tenure" in row["label"].lower() for row in rows)
    assert len(manager.get("/fields/").context["table"].rows) == len(FIELDS)


def test_scenarios_segments_and_indicators_that_read_a_field_are_named(mia, lin):
    install_segmentations()
    make_scenario(code="X1", name="High spend", rule=rule(ask("arpu", ">=", 80)))
    make_scenario(code="X2", name="Other", rule=rule(ask("balance", "<", 10)))
    titles = {use.title for _kind, use in uses_of("arpu", mia)}
    assert "High spend" in titles
    assert "Other" not in titles
    assert ("Scenarios", "/scenarios/X1/") in {(kind, use.href) for kind, use in uses_of("arpu", lin)}
    assert {kind for kind, _use in uses_of("status", mia)} >= {"Segments"}
    assert [use.title for use in kpis_using("risk_tier", mia)]


def test_a_person_without_the_right_sees_no_users(sam):
    make_scenario(rule=rule(ask("arpu", ">=", 80)))
    assert "Scenarios" not in {kind for kind, _use in uses_of("arpu", sam)}


def test_keys_are_found_in_nested_and_broken_rules():
    stored = rule(ask("gone", "=", 1), rule({"field": "a", "operator": "<", "valueSource": "field", "value": "b"}))
    assert keys_in({"rule": stored, "facts": ["c"]}) == {"gone", "a", "b", "c"}
    assert keys_in(None) == set()
