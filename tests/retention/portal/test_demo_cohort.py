"""The snapshot cohort of the demo: whom it takes, who answers for them, and that nobody is taken twice."""

import pytest

from customers.cohorts.models import Cohort, CohortHandover, CohortMember
from retention.portal.services.demo_cohorts import CODE, freeze_demo_cohort
from tests.campaigns.cohorts.rows import FROZEN, make_line, member_of, snapshot
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_high_value_mobile_lines_of_a_month_end_have_owners_and_are_taken_once(branches):
    make_user(username="manager", role="manager", branch=branches.province)
    agent = make_user(username="agent1", role="agent", branch=branches.city)
    rich = make_line(branch=branches.outlet, arpu=150)
    make_line(branch=branches.outlet, arpu=119)
    make_line(branch=branches.outlet, arpu=150, line_type="broadband")
    snapshot(FROZEN)

    assert freeze_demo_cohort(on=FROZEN) == 1
    assert freeze_demo_cohort(on=FROZEN) == 0

    cohort = Cohort.objects.get(code=CODE)
    assert (cohort.enabled, cohort.frozen_on, cohort.members) == (True, FROZEN, 1)
    assert CohortMember.objects.get() == member_of(rich)
    assert (member_of(rich).owner, CohortHandover.objects.get().owner) == (agent, agent)


def test_a_demo_without_such_lines_has_a_draft(branches):
    make_user(username="manager", role="manager", branch=branches.province)
    make_line(branch=branches.outlet, arpu=119)
    assert freeze_demo_cohort(on=FROZEN) == 0
    assert not Cohort.objects.get(code=CODE).enabled
