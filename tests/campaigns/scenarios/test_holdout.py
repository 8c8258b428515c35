"""Some of those found are left alone, drawn at random and for good, so that the effect can be measured."""

from datetime import timedelta

import pytest

from campaigns.scenarios.models import Scenario, ScenarioHit
from campaigns.scenarios.queries import dry_run
from campaigns.scenarios.services.nightly import run_scenarios
from retention.core.accounts.roles import Role
from tests.campaigns.rows import make_line, make_scenario
from tests.factories import NOW, TODAY, make_user
from workorders.order_types.services import install_order_types
from workorders.orders.models import WorkOrder
from workorders.orders.services.scenario_opening import open_from_hits

pytestmark = pytest.mark.django_db
State = ScenarioHit.State


@pytest.fixture
def lines():
    return [make_line(expected_gain=gain) for gain in range(1, 61)]


def night(on=TODAY):
    return run_scenarios(as_of=on, now=NOW)


def held_out(scenario) -> set[int]:
    return set(ScenarioHit.objects.filter(scenario=scenario, state=State.HELD_OUT).values_list("customer", flat=True))


def test_the_hold_out_is_about_its_share_and_is_not_called(lines):
    scenario = make_scenario(holdout_percent=30)
    night()
    install_order_types()
    open_from_hits(as_of=TODAY, now=NOW)
    alone = held_out(scenario)
    assert 8 <= len(alone) <= 30  # 18 expected of 60; outside of this with less than 1 in 1,000
    called = set(WorkOrder.objects.values_list("subscriber__account__customer", flat=True))
    assert called == {line.customer_id for line in lines} - alone
    assert set(ScenarioHit.objects.values_list("holdout_percent", flat=True)) == {30}


def test_the_draw_stays_and_another_scenario_draws_another(lines):
    first, second = make_scenario(holdout_percent=30, cooldown_days=0), make_scenario(holdout_percent=30)
    night()
    alone = held_out(first)
    again = ScenarioHit.objects.count()
    night()
    assert ScenarioHit.objects.count() == again
    ScenarioHit.objects.all().delete()
    Scenario.objects.update(next_on=None)
    for line in lines:
        type(line).objects.filter(pk=line.pk).update(as_of=TODAY + timedelta(days=1))
    night(TODAY + timedelta(days=1))
    assert held_out(first) == alone
    assert held_out(second) != alone


def test_the_hold_out_does_not_use_up_the_limit_and_reaches_no_further_than_it(lines):
    scenario = make_scenario(holdout_percent=30, daily_cap=10)
    night()
    hits = ScenarioHit.objects.filter(scenario=scenario)
    waiting = hits.filter(state=State.PENDING)
    assert waiting.count() == 10
    lowest = min(waiting.values_list("gain", flat=True))
    assert {hit.gain > lowest for hit in hits.filter(state=State.HELD_OUT)} <= {True}


def test_the_dry_run_says_how_many_will_be_left_alone(lines):
    scenario = make_scenario(holdout_percent=30, daily_cap=30)
    admin = make_user(role=Role.ADMINISTRATOR)
    found = dry_run(scenario=scenario, user=admin, now=NOW).funnel
    night()
    assert found.left_out["held_out"] == len(held_out(scenario)) > 0  # none of 30: 2 in 100,000
    assert found.passed == 30
    assert found.customers == 60 == found.passed + found.left_out.total()


def test_who_is_left_alone_rests_as_long_as_who_was_called(lines):
    scenario = make_scenario(holdout_percent=30, cooldown_days=30)
    night()
    before = ScenarioHit.objects.filter(scenario=scenario).count()
    type(lines[0]).objects.update(as_of=TODAY + timedelta(days=29))
    night(TODAY + timedelta(days=29))
    assert ScenarioHit.objects.filter(scenario=scenario).count() == before == 60


def test_nobody_is_held_out_without_a_share(lines):
    scenario = make_scenario()
    night()
    assert held_out(scenario) == set()
    assert set(ScenarioHit.objects.values_list("holdout_percent", flat=True)) == {0}


@pytest.mark.parametrize(
    ("given", "percent"),
    [
        ({}, 20),
        ({"trigger": Scenario.Trigger.EVENT, "event_kinds": ["port_out_inquiry"]}, 0),
        ({"action": Scenario.Action.REPORT_ONLY}, 0),
    ],
)
def test_who_asks_to_leave_is_always_answered(given, percent):
    scenario = make_scenario(holdout_percent=20, **given)
    scenario.normalize()
    assert scenario.holdout_percent == percent
