"""From found to contacted: before a scenario is switched on, and for every night, by branch."""

from datetime import timedelta
from decimal import Decimal

import pytest

from campaigns.scenarios.forecasts import forecast
from campaigns.scenarios.models import Scenario, ScenarioHit, ScenarioRun
from campaigns.scenarios.queries import dry_run, night_funnels
from campaigns.scenarios.queries.funnels import by_area, total
from campaigns.scenarios.services.hits import settle_hits
from campaigns.scenarios.services.nightly import run_scenarios
from campaigns.scenarios.services.switching import switch_on
from retention.core.errors import Invalid
from tests.campaigns.rows import make_hit, make_line, make_scenario
from tests.factories import NOW, TODAY, make_list_entry, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]
DAY = timedelta(days=1)


def body(response) -> str:
    return response.content.decode()


@pytest.fixture
def scenario():
    return make_scenario(code="S99", name="Spend fell", daily_cap=1, only_if_it_pays=True, enabled=False)


@pytest.fixture
def people(branches, scenario):
    """Six customers whom the rule means, one for each way out: five in the outlet, the last in the other city."""
    gains = {"blacklisted": 90, "undisturbed": 80, "taken": 70, "capped": 60, "resting": 50}
    lines = {name: make_line(branch=branches.outlet, expected_gain=Decimal(gain)) for name, gain in gains.items()}
    lines["unpaying"] = make_line(branch=branches.other, expected_gain=Decimal(-1))
    make_line(branch=branches.other, bill_change=0)
    make_list_entry(customer=lines["blacklisted"].customer, kind="blacklist")
    make_list_entry(customer=lines["undisturbed"].customer, kind="do_not_disturb")
    make_hit(scenario=scenario, line=lines["resting"], on=TODAY - DAY)
    return lines


LEFT_OUT = {"cooled": 1, "unpaying": 1, "refused": 2, "capped": 1}
REASONS = {"blacklisted": 1, "do_not_disturb": 1}


def test_a_dry_run_says_at_which_step_each_customer_is_left_out(scenario, people, mia):
    run = dry_run(scenario=scenario, user=mia, now=NOW)
    assert (run.base, run.matched, run.found, run.new) == (7, 6, 6, 1)
    assert (run.funnel.left_out, run.funnel.refused, run.funnel.done) == (LEFT_OUT, REASONS, {"taken": 1})
    assert run.funnel.steps() == [
        ("opted_out", 0, 6), ("cooled", 1, 5), ("unpaying", 1, 4), ("confirming", 0, 4), ("refused", 2, 2),
        ("capped", 1, 1), ("held_out", 0, 1),
    ]  # fmt: skip
    assert (run.contacts, run.gain) == ({"mobile": 1}, Decimal(70))
    assert not ScenarioRun.objects.exists()


def test_a_dry_run_of_a_branch_says_what_lies_outside(scenario, people, branches, mia):
    scenario.branch = branches.other
    run = dry_run(scenario=scenario, user=mia, now=NOW)
    assert (run.matched, run.found, run.base) == (6, 1, 2)


def test_areas_are_the_branches_right_below_the_readers(scenario, people, branches, mia):
    run = dry_run(scenario=scenario, user=mia, now=NOW)
    areas = by_area(run.by_branch, scenario=scenario, user=mia)
    assert [(branch, funnel.lines, funnel.customers) for branch, funnel in areas] == [
        (branches.city, 5, 5), (branches.other, 1, 1),
    ]  # fmt: skip
    boss = make_user(role="manager", branch=branches.city)
    ((area, funnel),) = by_area(run.by_branch, scenario=scenario, user=boss)
    assert (area, funnel.left_out) == (branches.district, {"cooled": 1, "refused": 2, "capped": 1})
    assert total(run.by_branch) == run.funnel


@pytest.fixture
def night(scenario, people):
    """The night, and what the gate then said."""
    Scenario.objects.update(enabled=True)
    run_scenarios(as_of=TODAY, now=NOW)
    hits = {hit.subscriber_id: hit.pk for hit in ScenarioHit.objects.filter(on=TODAY)}
    refused = {hits[people["blacklisted"].pk]: "blacklisted", hits[people["undisturbed"].pk]: "do_not_disturb"}
    settle_hits(opened={hits[people["taken"].pk]: "W1"}, refused=refused)


def test_every_night_keeps_its_funnel_by_branch(scenario, night, branches, mia):
    whole = total(night_funnels(scenario=scenario, user=mia, on=TODAY))
    assert (whole.lines, whole.customers) == (6, 6)
    assert (whole.left_out, whole.refused, whole.done) == (LEFT_OUT, REASONS, {"opened": 1})
    run = ScenarioRun.objects.get()
    assert run.left_out == {
        str(branches.outlet.pk): {"cooled": 1, "capped": 1}, str(branches.other.pk): {"unpaying": 1},
    }  # fmt: skip
    boss = make_user(role="manager", branch=branches.other)
    seen = night_funnels(scenario=scenario, user=boss, on=TODAY)
    assert {branch: (one.lines, one.left_out) for branch, one in seen.items()} == {
        branches.other.pk: (1, {"unpaying": 1})
    }


def test_the_page_shows_the_funnel_of_a_night_and_leads_to_its_hits(manager, night, people, branches):
    page = manager.get("/scenarios/S99/")
    assert page.context["funnel"].left_out == LEFT_OUT
    links = [
        "?night=2026-11-20&amp;on=2026-11-20&amp;state=refused&amp;reason=blacklisted#hits",
        "?night=2026-11-20#funnel",
    ]
    assert all(link in body(page) for link in links)
    rows = manager.get("/scenarios/S99/?on=2026-11-20&state=refused&reason=blacklisted").context["table"].rows
    assert [row.record.subscriber_id for row in rows] == [people["blacklisted"].pk]
    city = manager.get(f"/scenarios/S99/?on=2026-11-20&branch={branches.city.code}").context["table"].rows
    assert len(city) == 3
    assert not manager.get(f"/scenarios/S99/?on=2026-11-20&branch={branches.other.code}").context["table"].rows
    assert manager.get("/scenarios/S99/?night=nonsense&branch=nowhere").context["funnel"].lines == 6


# Switching on


def test_a_rule_that_catches_much_of_the_base_is_confirmed_by_its_number(manager, scenario, people, mia):
    page = manager.get("/scenarios/S99/try/")
    assert (page.context["asks_number"], 'name="number"' in body(page)) == (True, True)
    for typed in ({}, {"number": "5"}, {"number": "many"}):
        answer = manager.post("/scenarios/S99/switch/", {"to": "on"} | typed)
        assert answer.headers["Location"] == "/scenarios/S99/try/"
        assert not Scenario.objects.get().enabled
    with pytest.raises(Invalid, match="It finds 6 lines, 85.7% of all. Type this number to switch it on."):
        switch_on(actor=mia, code="S99", number=None, now=NOW)
    assert manager.post("/scenarios/S99/switch/", {"to": "on", "number": "6"}).headers["Location"] == "/scenarios/S99/"
    assert Scenario.objects.get().enabled


def test_a_rule_that_catches_few_is_switched_on_at_once(manager, scenario, branches):
    make_line(branch=branches.outlet, expected_gain=1)
    for _other in range(4):
        make_line(branch=branches.outlet, bill_change=0)
    page = manager.get("/scenarios/S99/try/")
    assert (page.context["run"].share, page.context["asks_number"]) == (0.2, False)
    manager.post("/scenarios/S99/switch/", {"to": "on"})
    assert Scenario.objects.get().enabled


def test_a_rule_that_finds_nobody_says_so_and_may_be_switched_on(manager, scenario, branches):
    make_line(branch=branches.outlet, bill_change=0)
    assert "The rule holds for no line today" in body(manager.get("/scenarios/S99/try/"))
    manager.post("/scenarios/S99/switch/", {"to": "on"})
    assert Scenario.objects.get().enabled


def test_the_page_says_what_a_night_costs_and_brings(manager, scenario, people, mia):
    run = dry_run(scenario=scenario, user=mia, now=NOW)
    told = forecast(scenario=scenario, run=run, user=mia, now=NOW)
    assert (told.contacts, told.cost, told.gain) == (1, Decimal(4), Decimal(70))
    assert (told.workload.open_orders, told.workload.closed_a_day, told.days_of_work) == (0, 0, None)
    page = body(manager.get("/scenarios/S99/try/"))
    assert "not known: no order was closed" in page
    scenario.action, scenario.order_type = Scenario.Action.REPORT_ONLY, ""
    assert forecast(scenario=scenario, run=run, user=mia, now=NOW) is None
