"""A hit only after several nights in a row, and none any more once the rule no longer holds."""

from datetime import date, timedelta

import pytest

from campaigns.scenarios.models import MatchStreak, Scenario, ScenarioHit, ScenarioRun
from campaigns.scenarios.queries import dry_run
from campaigns.scenarios.services.nightly import run_scenarios
from customers.profile.models import SubscriberProfile
from tests.campaigns.rows import make_hit, make_line, make_scenario
from tests.factories import NOW, TODAY, make_user

pytestmark = pytest.mark.django_db
State = ScenarioHit.State
DAY = timedelta(days=1)


def night(day: date, **changed: object):
    """Run the night of `day` with the profiles of that day."""
    SubscriberProfile.objects.update(as_of=day, **changed)
    return run_scenarios(as_of=day, now=NOW + (day - TODAY))


def streaks() -> list[tuple[int, int]]:
    return list(MatchStreak.objects.order_by("subscriber_id").values_list("subscriber_id", "nights"))


def tried(scenario: Scenario):
    return dry_run(scenario=scenario, user=make_user(role="administrator"), now=NOW)


def test_a_line_becomes_a_hit_on_the_third_night_in_a_row():
    scenario, line = make_scenario(confirm_nights=3), make_line()
    told = [(report.found, report.confirming, report.new) for report in (night(TODAY), night(TODAY + DAY))]
    assert told == [(1, 1, 0), (1, 1, 0)]
    assert streaks() == [(line.pk, 2)]
    SubscriberProfile.objects.update(as_of=TODAY + 2 * DAY)
    assert tried(scenario).funnel.done == {"taken": 1}
    report = night(TODAY + 2 * DAY)
    assert (report.confirming, report.new) == (0, 1)
    assert ScenarioHit.objects.get().subscriber_id == line.pk
    assert list(ScenarioRun.objects.order_by("on").values_list("confirming", flat=True)) == [1, 1, 0]


def test_a_night_without_a_match_begins_the_count_anew():
    make_scenario(confirm_nights=2)
    line = make_line()
    night(TODAY)
    night(TODAY + DAY, bill_change=0.1)
    assert streaks() == []
    assert night(TODAY + 2 * DAY, bill_change=-0.5).new == 0
    assert streaks() == [(line.pk, 1)]
    assert night(TODAY + 3 * DAY).new == 1


def test_a_night_that_runs_twice_counts_once():
    scenario, line = make_scenario(confirm_nights=2), make_line()
    night(TODAY)
    Scenario.objects.filter(pk=scenario.pk).update(version=2)  # so that the night does run again
    assert (night(TODAY).new, streaks()) == (0, [(line.pk, 1)])
    assert tried(scenario).funnel.left_out == {"confirming": 1}


def test_what_matched_before_nights_without_confirmation_is_not_in_a_row():
    scenario = make_scenario(confirm_nights=2, cooldown_days=0)
    make_line()
    night(TODAY)
    Scenario.objects.filter(pk=scenario.pk).update(confirm_nights=1)
    night(TODAY + DAY, bill_change=0)
    Scenario.objects.filter(pk=scenario.pk).update(confirm_nights=2)
    assert night(TODAY + 2 * DAY, bill_change=-0.5).confirming == 1


def test_the_confirmed_line_of_a_customer_is_taken_before_a_more_worthwhile_one():
    make_scenario(confirm_nights=2)
    first = make_line(expected_gain=1)
    night(TODAY)
    make_line(customer=first.customer, expected_gain=99)
    assert night(TODAY + DAY).new == 1
    assert ScenarioHit.objects.get().subscriber_id == first.pk


def test_the_streak_of_one_scenario_says_nothing_about_another():
    make_scenario(confirm_nights=2)
    make_line()
    night(TODAY)
    late = make_scenario(confirm_nights=2)
    reports = night(TODAY + DAY).scenarios
    assert (reports[late.code].new, reports[late.code].confirming) == (0, 1)


# Clearing


def clearing(state: str, **given: object) -> ScenarioHit:
    """A hit of yesterday whose line no longer matches tonight."""
    scenario = make_scenario(auto_clear=True, **given)
    order = {"order_no": "W1"} if state == State.OPENED else {}
    return make_hit(scenario=scenario, line=make_line(bill_change=0), on=TODAY - DAY, state=state, **order)


@pytest.mark.parametrize(
    ("state", "after", "cleared_on"),
    [
        (State.PENDING, State.CLEARED, TODAY),
        (State.HELD, State.CLEARED, TODAY),
        (State.OPENED, State.OPENED, TODAY),  # what becomes of its order is for those who have it
        (State.REPORTED, State.REPORTED, None),
    ],
)
def test_a_hit_whose_rule_no_longer_holds_is_cleared(state, after, cleared_on):
    hit = clearing(state)
    night(TODAY)
    hit.refresh_from_db()
    assert (hit.state, hit.cleared_on) == (after, cleared_on)


def test_nothing_is_cleared_where_the_scenario_does_not_say_so_or_the_rule_holds():
    kept = clearing(State.PENDING)
    Scenario.objects.update(auto_clear=False)
    holds = make_hit(scenario=make_scenario(auto_clear=True), line=make_line(), on=TODAY - DAY)
    night(TODAY)
    assert set(ScenarioHit.objects.filter(on=TODAY - DAY).values_list("pk", "state")) == {
        (kept.pk, State.PENDING), (holds.pk, State.PENDING),
    }  # fmt: skip


def test_a_rule_that_holds_again_before_the_order_was_taken_back_counts_again():
    hit = clearing(State.OPENED)
    night(TODAY)
    night(TODAY + DAY, bill_change=-0.5)
    hit.refresh_from_db()
    assert hit.cleared_on is None


def test_who_was_cleared_does_not_cool_down():
    hit = clearing(State.PENDING, cooldown_days=30)
    night(TODAY)
    assert night(TODAY + DAY, bill_change=-0.5).new == 1
    assert ScenarioHit.objects.exclude(pk=hit.pk).get().on == TODAY + DAY


def test_a_held_night_clears_nothing():
    hit = clearing(State.PENDING, needs=["bills"])
    run_scenarios(as_of=TODAY, now=NOW, held={"bills": "missing"})
    hit.refresh_from_db()
    assert hit.state == State.PENDING
