from datetime import timedelta
from decimal import Decimal

import pytest

from campaigns.audiences.queries import preview
from campaigns.scenarios.models import Scenario, ScenarioHit, ScenarioRun
from campaigns.scenarios.queries import dry_run
from campaigns.scenarios.services.nightly import run_scenarios
from customers.profile.models import SubscriberProfile
from tests.campaigns.rows import SPEND_FELL, ask, make_hit, make_line, make_scenario, rule
from tests.factories import NOW, TODAY, make_branch, make_custom_field, make_customer, make_user

pytestmark = pytest.mark.django_db
State = ScenarioHit.State


def run(**given):
    return run_scenarios(as_of=TODAY, now=NOW, **given)


def hit_lines(scenario: Scenario) -> list[int]:
    return list(ScenarioHit.objects.filter(scenario=scenario).order_by("pk").values_list("subscriber_id", flat=True))


def test_a_scenario_finds_the_lines_its_rule_means_and_keeps_the_facts():
    scenario, line = make_scenario(), make_line(expected_gain=Decimal("42"))
    make_line(bill_change=0.1)
    report = run()
    hit = ScenarioHit.objects.get()
    assert (hit.subscriber_id, hit.customer_id, hit.on, hit.state) == (line.pk, line.customer_id, TODAY, State.PENDING)
    assert (hit.gain, hit.evidence, hit.version) == (Decimal("42"), {"bill_change": -0.5}, 1)
    assert report.found == report.new == 1
    assert report.scenarios[scenario.code].found == 1


def test_a_second_run_of_the_night_changes_nothing():
    make_scenario()
    make_line()
    first = run()
    kept = list(ScenarioHit.objects.values()), list(ScenarioRun.objects.values())
    second = run()
    assert (first.new, second.new, second.found) == (1, 0, 1)
    assert (list(ScenarioHit.objects.values()), list(ScenarioRun.objects.values())) == kept


def test_a_scenario_changed_after_its_run_runs_again_and_adds_only_who_is_new():
    scenario, line = make_scenario(), make_line()
    run()
    other = make_line(bill_change=-0.2)
    Scenario.objects.filter(pk=scenario.pk).update(rule=rule(ask("bill_change", "<=", -0.1)), version=2)
    assert run().new == 1
    assert hit_lines(scenario) == [line.pk, other.pk]
    assert ScenarioRun.objects.get().new == 2


def test_profiles_of_another_day_are_not_judged():
    make_scenario()
    line = make_line()
    SubscriberProfile.objects.filter(pk=line.pk).update(as_of=TODAY - timedelta(days=1))
    assert run().found == 0


def test_a_customer_with_many_lines_is_found_once_by_the_most_worthwhile_line():
    scenario, customer = make_scenario(), make_customer()
    make_line(customer=customer, expected_gain=Decimal("5"))
    best = make_line(customer=customer, expected_gain=Decimal("9"))
    make_line(customer=customer)
    report = run()
    assert hit_lines(scenario) == [best.pk]
    assert (report.found, report.new) == (3, 1)


def test_the_nightly_limit_takes_the_most_worthwhile():
    scenario = make_scenario(daily_cap=2)
    lines = [make_line(expected_gain=Decimal(gain)) for gain in (10, 30, 20)]
    report = run()
    assert hit_lines(scenario) == [lines[1].pk, lines[2].pk]
    assert (report.new, report.capped) == (2, 1)


@pytest.mark.parametrize(
    ("days_ago", "state", "is_found"),
    [
        (29, State.OPENED, False),
        (30, State.OPENED, True),
        (29, State.REPORTED, False),
        (6, State.REFUSED, False),
        (7, State.REFUSED, True),
    ],
)
def test_a_customer_rests_after_a_hit_and_shorter_after_a_refusal(days_ago, state, is_found):
    scenario, line = make_scenario(cooldown_days=30), make_line()
    reason = "do_not_disturb" if state == State.REFUSED else ""
    make_hit(scenario=scenario, line=line, on=TODAY - timedelta(days=days_ago), state=state, reason=reason)
    report = run()
    assert (report.new, report.cooled) == ((1, 0) if is_found else (0, 1))


def test_the_rest_is_of_the_customer_not_of_the_line_and_of_one_scenario_only():
    customer = make_customer()
    scenario, other = make_scenario(), make_scenario()
    make_hit(scenario=scenario, line=make_line(customer=customer, bill_change=0), on=TODAY - timedelta(days=3))
    make_line(customer=customer)
    report = run().scenarios
    assert (report[scenario.code].new, report[other.code].new) == (0, 1)


def test_without_a_rest_the_same_customer_is_found_on_the_next_night_but_once_a_night():
    scenario, line = make_scenario(cooldown_days=0), make_line()
    make_hit(scenario=scenario, line=line, on=TODAY - timedelta(days=1))
    assert run().new == 1
    Scenario.objects.filter(pk=scenario.pk).update(version=2)
    assert run().new == 0


def test_missing_facts_hold_the_scenarios_that_need_them_and_only_those():
    held, runs = make_scenario(needs=["usage-days"]), make_scenario(needs=["bills"])
    make_line()
    report = run(held={"usage-days": "usage of the day has not arrived"})
    assert report.held == {held.code: "usage-days: usage of the day has not arrived"}
    assert report.scenarios[runs.code].new == 1
    assert ScenarioRun.objects.get(scenario=held).held_because
    assert not hit_lines(held)


def test_a_held_scenario_runs_when_the_facts_have_come():
    make_scenario(needs=["bills"])
    make_line()
    assert run(held={"bills": "missing"}).new == 0
    assert run().new == 1
    assert ScenarioRun.objects.get().held_because == ""


def test_whoever_opted_out_of_profiling_is_left_out_of_risk_rules_only():
    by_risk = make_scenario(rule=rule(ask("risk_tier", "=", "high")))
    by_spend = make_scenario()
    make_line(risk_tier="high", profiling_opt_out=True)
    kept = make_line(risk_tier="high", profiling_opt_out=False)
    report = run()
    assert hit_lines(by_risk) == [kept.pk]
    assert report.opted_out == 1
    assert report.scenarios[by_spend.code].new == 2


def test_a_broken_rule_holds_its_scenario_and_the_others_run():
    make_custom_field(key="score")
    broken = make_scenario(rule=rule(ask("attributes.score", "=", "x")), priority=1)
    fine = make_scenario()
    make_line()
    from customers.facts.models import CustomField

    CustomField.objects.all().delete()
    report = run()
    assert "attributes.score" in report.held[broken.code]
    assert report.scenarios[fine.code].new == 1


def test_a_scenario_of_a_branch_looks_only_under_it():
    province = make_branch()
    city, elsewhere = make_branch(parent=province), make_branch(parent=province)
    scenario = make_scenario(branch=city)
    inside, _outside = make_line(branch=make_branch(parent=city)), make_line(branch=elsewhere)
    run()
    assert hit_lines(scenario) == [inside.pk]


def test_only_reported_hits_wait_for_nothing():
    make_scenario(action=Scenario.Action.REPORT_ONLY, order_type="")
    make_line()
    run()
    assert ScenarioHit.objects.get().state == State.REPORTED


def test_scenarios_that_are_off_or_wait_for_events_do_not_run():
    make_scenario(enabled=False)
    make_scenario(trigger=Scenario.Trigger.EVENT, event_kinds=["port_out_inquiry"])
    make_line()
    assert run().scenarios == {}


def test_own_fields_are_kept_as_evidence():
    make_custom_field(key="score", kind="number")
    make_scenario(rule=rule(ask("attributes.score", ">", 5), SPEND_FELL))
    make_line(attributes={"score": "7.5"})
    run()
    assert ScenarioHit.objects.get().evidence == {"attributes.score": 7.5, "bill_change": -0.5}


def test_waiting_hits_come_in_the_order_in_which_they_may_take_the_contact():
    late, urgent = make_scenario(priority=5), make_scenario(priority=1)
    third = make_hit(scenario=late, gain=Decimal("900"))
    first = make_hit(scenario=urgent, gain=Decimal("8"), on=TODAY - timedelta(days=1))
    second = make_hit(scenario=urgent, gain=None)
    make_hit(scenario=urgent, state=State.OPENED)
    make_hit(scenario=urgent, on=TODAY - timedelta(days=10))
    make_hit(scenario=make_scenario(action=Scenario.Action.REPORT_ONLY, order_type=""))
    assert list(ScenarioHit.objects.to_open(on=TODAY)) == [first, second, third]


def test_a_dry_run_counts_like_the_night_and_writes_nothing():
    scenario = make_scenario(daily_cap=1, rule=rule(SPEND_FELL, ask("risk_tier", "=", "high")))
    resting = make_line(risk_tier="high")
    make_hit(scenario=scenario, line=resting, on=TODAY - timedelta(days=3))
    make_line(risk_tier="high", profiling_opt_out=True)
    worth = make_line(risk_tier="high", expected_gain=Decimal("9"))
    make_line(risk_tier="high", expected_gain=Decimal("1"))
    boss = make_user(role="administrator")
    tried = dry_run(scenario=scenario, user=boss, now=NOW)
    assert (tried.found, tried.funnel.customers, tried.new) == (4, 4, 1)
    assert tried.funnel.left_out == {"opted_out": 1, "cooled": 1, "capped": 1}
    assert tried.samples[0].pk == worth.pk
    assert ScenarioHit.objects.count() == 1
    report = run()
    assert (report.new, report.cooled, report.capped, report.opted_out) == (1, 1, 1, 1)


def test_a_preview_counts_what_the_person_may_see(branches):
    boss = make_user(role="manager", branch=branches.city)
    seen = make_line(branch=branches.outlet)
    make_line(branch=branches.other)
    make_line(branch=branches.city, bill_change=0)
    looked = preview(rule=rule(SPEND_FELL), user=boss)
    assert (looked.found, looked.base, looked.share) == (1, 2, 0.5)
    assert [line.pk for line in looked.samples] == [seen.pk]
    scenario = make_scenario()
    assert dry_run(scenario=scenario, user=boss, now=NOW).found == 1


def test_a_preview_for_a_person_without_a_branch_is_empty():
    make_line()
    looked = preview(rule=rule(SPEND_FELL), user=make_user(role="manager", branch=None))
    assert (looked.found, looked.base, looked.share, looked.samples) == (0, 0, None, [])
