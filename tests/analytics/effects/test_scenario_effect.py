"""The arms of a scenario from its hits, and its page."""

from datetime import timedelta

import pytest

from analytics.effects.queries import effects_of
from analytics.evaluation.rules.verdicts import Verdict
from campaigns.outreach.models import RefusalReason
from campaigns.scenarios.models import ScenarioHit
from customers.contacts.models import ContactRecord
from customers.facts.models import Subscriber
from retention.core import clock
from retention.core.accounts.roles import Role
from tests.campaigns.rows import make_hit, make_line, make_scenario
from tests.factories import TODAY, make_contact, make_user

pytestmark = pytest.mark.django_db
State = ScenarioHit.State


def found(scenario, *, days_ago, held_out=False, left_after=None, ended="voluntary", percent=10, line=None, **given):
    """A line found so long ago, that left after so many days."""
    line = line or make_line()
    on = TODAY - timedelta(days=days_ago)
    state = State.HELD_OUT if held_out else State.OPENED
    hit = make_hit(scenario=scenario, line=line, **{"on": on, "state": state, "holdout_percent": percent} | given)
    if left_after is not None:
        Subscriber.objects.filter(pk=line.pk).update(
            status="terminated", terminated_on=on + timedelta(days=left_after), termination_reason=ended
        )
    return hit


@pytest.fixture
def scenario():
    return make_scenario(holdout_percent=10)


@pytest.fixture
def admin():
    return make_user(role=Role.ADMINISTRATOR)


def arms(scenario, user):
    windows = effects_of(scenario=scenario, user=user)
    return {one.days: (one.comparison.treated, one.comparison.control) for one in windows}


def counts(scenario, user):
    return {days: ((a.members, a.events), (b.members, b.events)) for days, (a, b) in arms(scenario, user).items()}


def test_lines_count_in_the_windows_that_are_over(scenario, admin):
    found(scenario, days_ago=29, left_after=3)  # no window is over
    found(scenario, days_ago=30, left_after=30)
    found(scenario, days_ago=60, left_after=31)
    found(scenario, days_ago=95, left_after=91)
    found(scenario, days_ago=95, held_out=True, left_after=1)
    found(scenario, days_ago=61, held_out=True)
    assert counts(scenario, admin) == {
        30: ((3, 1), (2, 1)),
        60: ((2, 1), (2, 1)),
        90: ((1, 0), (1, 1)),
    }


def test_leaving_in_arrears_is_no_choice(scenario, admin):
    found(scenario, days_ago=40, left_after=5, ended="arrears")
    found(scenario, days_ago=40, left_after=5, ended="port_out")
    assert counts(scenario, admin)[30] == ((2, 1), (0, 0))


def test_everybody_found_counts_whatever_came_of_it_and_each_line_once(scenario, admin):
    line = make_line()
    found(scenario, days_ago=70, line=line)
    found(scenario, days_ago=35, line=line)
    found(scenario, days_ago=70, state=State.REFUSED, reason=RefusalReason.BLACKLISTED, left_after=2)
    assert counts(scenario, admin)[30] == ((2, 1), (0, 0))


def test_hits_of_a_time_without_a_hold_out_say_nothing(scenario, admin):
    found(scenario, days_ago=70, percent=0)
    found(make_scenario(holdout_percent=10), days_ago=70)
    assert counts(scenario, admin)[30] == ((0, 0), (0, 0))
    assert {one.comparison.verdict for one in effects_of(scenario=scenario, user=admin)} == {Verdict.TOO_EARLY}
    scenario.holdout_percent = 0
    assert {one.comparison.verdict for one in effects_of(scenario=scenario, user=admin)} == {Verdict.NO_CONTROL}


def test_the_held_out_that_were_contacted_anyway_are_counted(scenario, admin):
    hit = found(scenario, days_ago=40, held_out=True)
    found(scenario, days_ago=40, held_out=True)
    midnight = clock.midnight(hit.on + timedelta(days=1))
    for at in (midnight, midnight - timedelta(seconds=1)):  # the second is of before it was found
        make_contact(customer=hit.customer, subscriber=hit.subscriber, at=at, state=ContactRecord.State.USED)
    (month, *_rest) = effects_of(scenario=scenario, user=admin)
    assert (month.held_out_contacted, month.treated_contacted) == (1, 0)


def test_a_branch_sees_its_own_lines(scenario, branches):
    boss = make_user(role="manager", branch=branches.city)
    found(scenario, days_ago=40, line=make_line(branch=branches.outlet))
    found(scenario, days_ago=40, line=make_line(branch=branches.other))
    assert counts(scenario, boss)[30] == ((1, 0), (0, 0))
