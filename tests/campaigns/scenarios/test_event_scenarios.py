"""Which events the scenarios look at, and what comes of each."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from campaigns.audiences.rules import rule_catalogue
from campaigns.audiences.text import format_evidence
from campaigns.scenarios.models import EventReaction, Scenario, ScenarioHit
from campaigns.scenarios.services.events import react_to_events
from campaigns.scenarios.services.installation import install_scenarios
from campaigns.scenarios.services.nightly import run_scenarios
from customers.profile.models import SubscriberProfile
from tests.campaigns import rows
from tests.campaigns.rows import ask, make_hit, make_line, rule
from tests.factories import NOW, TODAY, make_contact, make_event, make_subscriber

pytestmark = pytest.mark.django_db
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
EVERYBODY = rule(ask("status", "=", "terminated"), negated=True)
NOTHING = {"hit": 0, "passed": 0, "resting": 0, "capped": 0, "unpaying": 0}


def make_scenario(**given: Any) -> Scenario:
    listens = {"trigger": "event", "event_kinds": ["port_out_inquiry"], "rule": EVERYBODY, "cooldown_days": 7}
    return rows.make_scenario(**listens | given)


def test_an_event_becomes_a_hit_that_says_what_happened():
    scenario = make_scenario(rule=rule(ask("arpu", ">=", 80)))
    line = make_line(arpu=Decimal("100"), expected_gain=Decimal("40")).subscriber
    event = make_event(subscriber=line)
    assert react_to_events(now=NOW) == NOTHING | {"hit": 1}
    hit = ScenarioHit.objects.get()
    assert (hit.scenario, hit.subscriber, hit.event, hit.on) == (scenario, line, event, TODAY)
    assert (hit.customer, hit.branch, hit.gain) == (line.account.customer, line.branch, 40)
    assert (hit.state, hit.version) == (ScenarioHit.State.PENDING, scenario.version)
    told = format_evidence(hit.evidence, rule_catalogue())
    assert told[0] == ("Port-out eligibility inquiry", "2026-11-20 09:59")
    assert told[1][1] == "100 yuan"
    reaction = EventReaction.objects.get()
    assert (reaction.event, reaction.hit, reaction.result) == (event, hit, "hit")


def test_each_event_is_looked_at_once_whatever_came_of_it():
    make_scenario(rule=rule(ask("arpu", ">=", 80)))
    rich, poor = make_line(arpu=Decimal("100")), make_line(arpu=Decimal("20"))
    for line in (rich, poor):
        make_event(subscriber=line.subscriber)
    assert react_to_events(now=NOW) == NOTHING | {"hit": 1, "passed": 1}
    SubscriberProfile.objects.update(arpu=Decimal("500"))
    assert react_to_events(now=NOW + MINUTE) == NOTHING
    assert ScenarioHit.objects.get().subscriber == rich.subscriber


def test_only_events_of_its_kinds_and_of_the_last_day_count():
    make_scenario(event_kinds=["port_out_inquiry", "own_kind"])
    line = make_line().subscriber
    make_event(subscriber=line, kind="stop")
    make_event(subscriber=line, at=NOW - DAY - MINUTE)
    own = make_event(subscriber=line, kind="own_kind", at=NOW - DAY + MINUTE)
    assert react_to_events(now=NOW) == NOTHING | {"hit": 1}
    assert ScenarioHit.objects.get().event == own


def test_scenarios_that_are_off_or_of_the_night_do_not_listen_and_the_night_leaves_events_alone():
    make_scenario(enabled=False)
    make_scenario(trigger="nightly")
    listening = make_scenario()
    make_event(subscriber=make_line().subscriber)
    run_scenarios(as_of=TODAY, now=NOW)
    assert not ScenarioHit.objects.filter(scenario=listening).exists()
    assert react_to_events(now=NOW)["hit"] == 1


def test_a_line_without_a_profile_is_one_of_which_nothing_is_known():
    anybody, rich = make_scenario(), make_scenario(rule=rule(ask("arpu", ">=", 80)))
    make_event(subscriber=make_subscriber())
    assert react_to_events(now=NOW) == NOTHING | {"hit": 1, "passed": 1}
    assert ScenarioHit.objects.get().scenario == anybody
    assert EventReaction.objects.get(scenario=rich).result == "passed"


def test_who_was_found_lately_rests_unless_his_order_is_open():
    make_scenario(cooldown_days=7)
    line = make_line().subscriber
    for at in (NOW - HOUR, NOW - 2 * HOUR):  # two at once: both are evidence
        make_event(subscriber=line, at=at)
    assert react_to_events(now=NOW)["hit"] == 2
    make_event(subscriber=line, at=NOW)
    assert react_to_events(now=NOW + MINUTE) == NOTHING | {"resting": 1}
    make_contact(subscriber=line, state="reserved", order_no="W1")
    make_event(subscriber=line, at=NOW + MINUTE)
    assert react_to_events(now=NOW + MINUTE) == NOTHING | {"hit": 1}
    ScenarioHit.objects.update(on=TODAY - 7 * DAY)
    make_event(subscriber=line, at=NOW + HOUR)
    assert react_to_events(now=NOW + HOUR)["hit"] == 1


def test_the_days_limit_takes_the_first_ones():
    make_scenario(daily_cap=2)
    lines = [make_line().subscriber for _line in range(3)]
    for place, line in enumerate(lines):
        make_event(subscriber=line, at=NOW - place * MINUTE)
    assert react_to_events(now=NOW) == NOTHING | {"hit": 2, "capped": 1}
    assert set(ScenarioHit.objects.values_list("subscriber", flat=True)) == {lines[1].pk, lines[2].pk}
    make_event(subscriber=make_line().subscriber)
    assert react_to_events(now=NOW) == NOTHING | {"capped": 1}


def test_a_refused_customer_does_not_use_up_the_days_limit():
    scenario = make_scenario(daily_cap=1)
    make_hit(scenario=scenario, state=ScenarioHit.State.REFUSED, reason="do_not_disturb", on=NOW.date())
    make_event(subscriber=make_line().subscriber)
    assert react_to_events(now=NOW) == NOTHING | {"hit": 1}


def test_only_contacts_that_pay_are_asked_for_where_the_scenario_says_so():
    make_scenario(only_if_it_pays=True, daily_cap=1)
    for place, gain in enumerate((Decimal("-2"), None, Decimal("2"))):
        make_event(subscriber=make_line(expected_gain=gain).subscriber, at=NOW - (3 - place) * MINUTE)
    assert react_to_events(now=NOW) == NOTHING | {"hit": 1, "unpaying": 2}


def test_a_scenario_of_a_branch_listens_there_only(branches):
    make_scenario(branch=branches.city)
    near, far = make_line(branch=branches.outlet), make_line(branch=branches.other)
    for line in (near, far):
        make_event(subscriber=line.subscriber)
    assert react_to_events(now=NOW)["hit"] == 1
    assert ScenarioHit.objects.get().subscriber == near.subscriber


def test_opting_out_of_profiling_keeps_risk_out_of_it():
    make_scenario(rule=rule(ask("risk_decile", "=", 1)))
    make_event(subscriber=make_line(risk_decile=1, profiling_opt_out=True).subscriber)
    assert react_to_events(now=NOW) == NOTHING | {"passed": 1}


@pytest.mark.parametrize(("network", "result"), [("own", "passed"), ("rival", "hit"), (None, "hit")])
def test_forwarding_within_the_own_network_is_no_sign(network, result):
    make_scenario(event_kinds=["forward_set"])
    detail = {"network": network} if network else {}
    make_event(subscriber=make_line().subscriber, kind="forward_set", detail=detail)
    assert react_to_events(now=NOW)[result] == 1


def test_a_broken_rule_stops_only_its_own_scenario_and_nothing_is_lost():
    broken = make_scenario(rule=rule(ask("attributes.withdrawn", "=", "x")), priority=1)
    make_scenario(priority=2)
    make_event(subscriber=make_line().subscriber)
    assert react_to_events(now=NOW)["hit"] == 1
    Scenario.objects.filter(pk=broken.pk).update(rule=EVERYBODY)
    assert react_to_events(now=NOW + MINUTE)["hit"] == 1


def test_every_operator_of_the_rule_language_can_be_asked_of_an_event():
    asked = [
        ask("arpu", "between", [1, 500]), ask("plan_code", "in", ["nope"]), ask("attributes.x", "null"),
        ask("contract_ends_on", "<=", {"days_ago": -60}), ask("arpu", ">", "plan_fee", valueSource="field", factor=0.5),
    ]  # fmt: skip
    from tests.factories import make_custom_field

    make_custom_field(key="x")
    make_scenario(rule=rule(*asked, combinator="or"))
    make_event(subscriber=make_line(arpu=Decimal("100")).subscriber)
    assert react_to_events(now=NOW)["hit"] == 1


SHIPPED = {
    "termination_request": "S23", "port_out_inquiry": "S20", "forward_set": "S3", "online_abandon": "S22",
}  # fmt: skip


@pytest.mark.parametrize(("kind", "code"), SHIPPED.items())
def test_each_shipped_event_scenario_listens_to_its_event(kind, code):
    install_scenarios()
    make_event(subscriber=make_line(status="active", arpu=Decimal("80"), bill_change=0).subscriber, kind=kind)
    react_to_events(now=NOW)
    assert ScenarioHit.objects.get().scenario.code == code


def test_the_cost_does_not_grow_with_the_events(django_assert_num_queries):
    make_scenario()
    for _event in range(20):
        make_event(subscriber=make_line().subscriber)
    with django_assert_num_queries(6):  # the scenarios; one: savepoint, lock, own fields, statement, release
        react_to_events(now=NOW)
