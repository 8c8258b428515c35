"""What stands below the live count: what each condition leaves, who else finds the same lines, ten examples."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.audiences.builder.views import details_context, sample_rows
from campaigns.audiences.queries import lines_of, preview
from campaigns.audiences.rules import fields_of, parse
from campaigns.scenarios.models import Scenario
from retention.core.accounts.models import Branch
from tests.campaigns.rows import ask, make_line, make_scenario, rule
from tests.factories import make_branch, make_contact, make_list_entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def base():
    root = make_branch(code="PV")
    here = make_branch(parent=root, code="C01", name="Riverside")
    there = make_branch(parent=root, code="C02", name="Lakeview")
    for branch, arpu, silent in ((here, 90, True), (here, 90, False), (here, 30, True), (there, 90, True)):
        make_line(branch=branch, arpu=arpu, silent=silent, bill_change=None)
    return root


def details(raw, user, branch=None, of=""):
    return details_context(parse(raw), lines_of(user, branch), user, of)


def test_each_condition_says_how_many_lines_it_leaves(base, ada):
    raw = rule(ask("arpu", ">=", 80), ask("silent", "=", True))
    assert details(raw, ada)["steps"] == [
        {"says": "At least 80 yuan a month", "alone": 3, "left": 3},
        {"says": "No use at all in 30 days", "alone": 3, "left": 2},
    ]
    here = Branch.objects.get(code="C01")
    assert [(one["alone"], one["left"]) for one in details(raw, ada, here)["steps"]] == [(2, 2), (2, 1)]


def test_the_condition_that_empties_a_rule_is_named(base, ada):
    raw = rule(ask("silent", "=", True), ask("arpu", ">=", 80), ask("arpu", "<", 50))
    told = details(raw, ada)
    assert [one["left"] for one in told["steps"]] == [3, 2, 0]
    assert told["emptied_by"] == "Under 50 yuan a month"


def test_a_missing_value_leaves_none_in_the_steps_and_all_under_not(base, ada):
    unknown = rule(ask("bill_change", "<=", 0))
    assert [one["left"] for one in details(rule(ask("silent", "=", True), unknown), ada)["steps"]] == [3, 0]
    without = rule(ask("silent", "=", True), rule(ask("bill_change", "<=", 0), negated=True))
    assert [one["left"] for one in details(without, ada)["steps"]] == [3, 3]


def test_who_else_finds_the_lines_is_counted_but_for_the_row_itself(base, ada):
    make_scenario(code="ME", name="Myself", rule=rule(ask("arpu", ">=", 80)))
    make_scenario(code="S-BIG", name="Big", rule=rule(ask("arpu", ">=", 20)))
    make_scenario(code="S-ALL", name="Silent", rule=rule(ask("silent", "=", True)))
    make_scenario(code="S-OFF", name="Off", rule=rule(ask("arpu", ">=", 0)), enabled=False)
    make_scenario(
        code="S-EV", name="Event", trigger=Scenario.Trigger.EVENT, event_kinds=["x"], rule=rule(ask("arpu", ">=", 0))
    )
    make_scenario(code="S-BAD", name="Broken", rule=rule(ask("attributes.gone", "=", 1)))
    taken = make_line(arpu=99, silent=False, branch=base)
    make_contact(subscriber=taken.subscriber, state="reserved")
    told = details(rule(ask("arpu", ">=", 80)), ada, of="ME")["others"]
    assert [(other.label, lines) for other, lines in told] == [("Big", 4), ("Silent", 2), ("Has an open order", 1)]
    assert told[0][0].url == "/scenarios/S-BIG/"


def test_the_details_take_two_statements_over_the_profile_whatever_the_rule(base, ada):
    make_scenario(code="S-BIG", rule=rule(ask("arpu", ">=", 20)))
    raw = rule(*[ask("arpu", ">=", one) for one in range(10, 20)])
    with CaptureQueriesContext(connection) as asked:
        details(raw, ada)
    assert sum("count(*) FILTER" in one["sql"] for one in asked) == 2
    assert len(asked) <= 6


def test_the_examples_show_the_values_of_the_rules_fields_and_nothing_else(base, ada):
    line = make_line(arpu=200, silent=True, branch=base)
    make_list_entry(customer=line.customer, kind="blacklist")
    tree = parse(rule(ask("arpu", ">=", 80), ask("on_list", "in", ["blacklist"])))
    found = preview(rule=tree, user=ada)
    rows = sample_rows(found.samples, fields_of(tree))
    assert rows["sample_head"] == ["Monthly spend, six-month mean", "On a list"]
    assert [one["values"] for one in rows["samples"]] == [["200 yuan", "Blacklist"]]


def test_the_page_asks_for_the_details_after_the_count_and_for_the_chosen_branch(base, ada, client):
    client.force_login(ada)
    sent = {
        "part": ["r", "r-0", "r-1"], "r.mode": "and", "r-0.field": "arpu", "r-0.operator": ">=", "r-0.value": "80",
        "r-1.field": "silent", "r-1.operator": "=", "r-1.value": "true", "branch": Branch.objects.get(code="C02").pk,
    }  # fmt: skip
    counted = client.post("/scenarios/rule/preview/", sent).content.decode()
    assert 'hx-post="/scenarios/rule/details/"' in counted
    told = client.post("/scenarios/rule/details/", sent).content.decode()
    assert "Condition by condition" in told
    assert client.post("/scenarios/rule/details/", sent | {"r-0.value": "x"}).content == b""
    nobody = client.post("/scenarios/rule/details/", sent | {"r-0.value": "800"}).content.decode()
    assert "Finds nobody: no line is left after “At least 800 yuan a month”." in nobody


def test_the_form_has_the_keys_of_the_builder(base, ada, client):
    client.force_login(ada)
    page = client.get("/scenarios/new/").content.decode()
    assert "<rule-builder" in page
    for verb in ("add:r", "group:r", "remove:r-0", "up:r-0", "down:r-0"):
        assert f'value="{verb}"' in page
    for keys in ("Alt+N", "Alt+G", "Alt+R", "Alt+PageUp Alt+PageDown"):
        assert f'data-keys="{keys}" data-needs="rule-builder"' in page
