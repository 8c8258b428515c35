"""Other numbers of a rule in some branches, and who may set them."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.scenarios.models import Scenario, ScenarioHit
from campaigns.scenarios.queries import dry_run
from campaigns.scenarios.queries.branch_numbers import numbers_at
from campaigns.scenarios.services.events import react_to_events
from campaigns.scenarios.services.nightly import run_scenarios
from campaigns.scenarios.services.tuning import tune_branch
from retention.core.audit.models import AuditEntry
from retention.core.errors import Conflict, Invalid, Refused
from retention.core.managed.services import update
from tests.campaigns.rows import SPEND_FELL, ask, make_line, make_scenario, rule
from tests.factories import NOW, TODAY, make_branch, make_event, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]
MID_VALUE = rule(ask("arpu", ">=", 80, name="mid_value"), SPEND_FELL)


def body(response) -> str:
    return response.content.decode()


@pytest.fixture
def scenario(branches):
    """80 yuan; in the city 120, in its district 40."""
    numbers = {branches.city.code: {"mid_value": 120}, branches.district.code: {"mid_value": 40}}
    return make_scenario(code="S99", name="Spend fell", rule=MID_VALUE, branch_numbers=numbers)


@pytest.fixture
def lines(branches):
    """In each branch a line of 50, one of 100 and one of 130 yuan."""
    places = {"province": branches.province, "city": branches.city, "outlet": branches.outlet, "other": branches.other}
    return {
        (name, spend): make_line(branch=place, arpu=Decimal(spend))
        for name, place in places.items()
        for spend in (50, 100, 130)
    }


FOUND = {
    ("province", 100), ("province", 130), ("other", 100), ("other", 130), ("city", 130),
    ("outlet", 50), ("outlet", 100), ("outlet", 130),
}  # fmt: skip


def test_the_nearest_branch_with_numbers_of_its_own_decides(scenario, lines, mia):
    assert dry_run(scenario=scenario, user=mia, now=NOW).found == len(FOUND)
    run_scenarios(as_of=TODAY, now=NOW)
    names = {line.pk: name for name, line in lines.items()}
    assert {names[pk] for pk in ScenarioHit.objects.values_list("subscriber_id", flat=True)} == FOUND


def test_one_statement_whatever_the_number_of_branches(scenario, lines, branches, mia):
    def statements() -> int:
        with CaptureQueriesContext(connection) as queries:
            dry_run(scenario=scenario, user=mia, now=NOW)
        return sum("found AS MATERIALIZED" in one["sql"] for one in queries)

    before = statements()
    for _more in range(5):
        scenario.branch_numbers[make_branch(parent=branches.other).code] = {"mid_value": 10}
    assert (before, statements()) == (1, 1)


def test_numbers_are_overridden_one_by_one(branches):
    numbers = {branches.city.code: {"mid_value": 120, "bill_change": -0.5}, branches.district.code: {"mid_value": 40}}
    assert numbers_at(numbers, branches.outlet) == {"mid_value": 40, "bill_change": -0.5}
    assert numbers_at(numbers, branches.province) == {}


def test_an_event_is_judged_by_the_numbers_of_its_branch(lines, branches):
    make_scenario(
        trigger="event", event_kinds=["port_out_inquiry"], rule=rule(ask("arpu", ">=", 80, name="mid_value")),
        branch_numbers={branches.city.code: {"mid_value": 120}},
    )  # fmt: skip
    for name in (("city", 100), ("city", 130), ("other", 100)):
        make_event(subscriber=lines[name].subscriber)
    told = react_to_events(now=NOW)
    assert (told["hit"], told["passed"]) == (2, 1)
    hits = set(ScenarioHit.objects.values_list("subscriber_id", flat=True))
    assert hits == {lines["city", 130].pk, lines["other", 100].pk}


# Who sets them


def test_a_branch_manager_sets_the_numbers_of_the_own_branch_and_only_those(scenario, branches):
    boss = make_user(role="manager", branch=branches.city)
    tuned = tune_branch(
        actor=boss, code="S99", version=1, branch=branches.city, numbers={"mid_value": "100", "nonsense": 1}
    )
    assert (tuned.version, tuned.branch_numbers[branches.city.code]) == (2, {"mid_value": 100})
    assert tuned.branch_numbers[branches.district.code] == {"mid_value": 40}
    change = AuditEntry.objects.get(action="scenario.change").detail
    assert change["changes"]["branch_numbers"][1][branches.city.code] == {"mid_value": 100}
    for outside in (branches.province, branches.other):
        with pytest.raises(Refused):
            tune_branch(actor=boss, code="S99", version=2, branch=outside, numbers={"mid_value": 1})
    with pytest.raises(Refused):
        update(model=Scenario, actor=boss, code="S99", version=2, values={"note": "mine"})


def test_two_who_set_numbers_at_once_do_not_overwrite_each_other(scenario, branches, mia):
    tune_branch(actor=mia, code="S99", version=1, branch=branches.city, numbers={"mid_value": 100})
    with pytest.raises(Conflict):
        tune_branch(actor=mia, code="S99", version=1, branch=branches.city, numbers={"mid_value": 90})


def test_without_numbers_of_its_own_those_above_hold_again(scenario, branches, mia):
    tuned = tune_branch(actor=mia, code="S99", version=1, branch=branches.district, numbers={})
    assert tuned.branch_numbers == {branches.city.code: {"mid_value": 120}}


def test_numbers_that_the_rule_cannot_take_are_refused(scenario, branches, mia):
    with pytest.raises(Invalid):
        tune_branch(actor=mia, code="S99", version=1, branch=branches.city, numbers={"mid_value": "much"})
    Scenario.objects.update(branch=branches.city)
    with pytest.raises(Invalid, match="does not work in this branch"):
        tune_branch(actor=mia, code="S99", version=1, branch=branches.other, numbers={"mid_value": 1})


def test_a_rule_that_loses_a_number_loses_it_in_the_branches_too(scenario, mia):
    changed = update(model=Scenario, actor=mia, code="S99", version=1, values={"rule": rule(SPEND_FELL)})
    assert changed.branch_numbers == {}


# The pages


def test_the_page_says_the_numbers_of_each_branch(manager, scenario):
    page = body(manager.get("/scenarios/S99/"))
    assert "; other numbers in 2 branches" in page
    assert "Harbour City: Monthly spend, six-month mean is at least 120 yuan" in page
    assert 'href="/scenarios/S99/branches/"' in page


def test_numbers_of_a_branch_are_counted_and_set_in_the_browser(client, scenario, lines, branches):
    client.force_login(make_user(role="manager", branch=branches.city))
    here = f"/scenarios/S99/branches/?branch={branches.city.code}"
    assert 'name="mid_value"\n' in body(client.get(here)) or 'value="120"' in body(client.get(here))
    sent = {"branch": branches.city.code, "version": "1", "mid_value": "100", "bill_change": "-30"}
    counted = body(client.post("/scenarios/S99/branches/", sent | {"do": "count"}, headers={"HX-Request": "true"}))
    assert "Finds 5 of 6 lines of the branch now." in counted  # of the district all three, by its own 40 yuan
    wrong = client.post(
        "/scenarios/S99/branches/", sent | {"do": "count", "mid_value": "x"}, headers={"HX-Request": "true"}
    )
    assert "rp-bad" in body(wrong)
    assert client.post("/scenarios/S99/branches/", sent | {"do": "save"}).headers["Location"] == here
    scenario.refresh_from_db()
    assert scenario.branch_numbers[branches.city.code] == {"mid_value": 100, "bill_change": -0.3}
    client.post("/scenarios/S99/branches/", sent | {"do": "remove", "version": "2"})
    scenario.refresh_from_db()
    assert branches.city.code not in scenario.branch_numbers
    outside = client.post("/scenarios/S99/branches/", sent | {"do": "save", "branch": branches.other.code})
    assert outside.status_code == 403
