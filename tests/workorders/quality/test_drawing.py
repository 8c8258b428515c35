"""Calls are drawn by rule: each week once, the same calls again, in one statement."""

from datetime import timedelta

import pytest

from customers.facts.models import ServiceContact
from retention.core.errors import Conflict, NotFound, Refused
from tests.factories import NOW, TODAY, make_user
from tests.workorders.quality.rows import call, make_rule, make_sheet
from tests.workorders.rows import DAY, MINUTE, make_floor, make_orders
from workorders.orders.services.reopening import requeue
from workorders.quality.models import Draw, Review
from workorders.quality.services.drawing import choose_order, draw_samples, draw_week

pytestmark = pytest.mark.django_db
MONDAY = TODAY - timedelta(days=TODAY.weekday())
NEXT_WEEK = NOW + 7 * DAY


@pytest.fixture
def calls(floor):
    """Five closed calls of each agent this week."""
    team, (ana, ben) = floor
    orders = make_orders(10, team=team)
    for place, order in enumerate(orders):
        call(order, (ana, ben)[place % 2], at=NOW + place * 5 * MINUTE)
    return orders


def drawn(**given) -> set:
    return set(Review.objects.filter(**given).values_list("order__order_no", flat=True))


def test_so_many_of_each_agent_and_the_same_again(floor, calls):
    rule = make_rule(per_agent=2)
    assert draw_samples(now=NEXT_WEEK) == 4
    first = drawn()
    for agent in floor[1]:
        assert Review.objects.filter(agent=agent, reason="agent").count() == 2
    assert draw_samples(now=NEXT_WEEK) == 0
    assert Draw.objects.get(rule=rule, week=MONDAY).count == 4
    Review.objects.all().delete()
    Draw.objects.all().delete()
    draw_samples(now=NEXT_WEEK)
    assert drawn() == first
    assert all(0 <= one.draw < 1 and one.criteria == rule.sheet.criteria for one in Review.objects.all())


def test_the_running_week_is_not_drawn_and_a_missed_one_is_made_up(calls):
    make_rule()
    assert draw_samples(now=NOW + 60 * MINUTE) == 0
    assert draw_samples(now=NOW + 21 * DAY) == 4


def test_a_share_and_chosen_types_and_dispositions(calls):
    make_rule(per_agent=0, share_percent=100, dispositions=["refused"])
    assert draw_samples(now=NEXT_WEEK) == 0
    make_rule(per_agent=0, share_percent=100, types=["churn_retention"], dispositions=["retained"])
    assert draw_samples(now=NEXT_WEEK) == 10
    assert set(Review.objects.values_list("reason", flat=True)) == {"share"}


def test_a_complaint_afterwards_is_always_drawn_also_when_it_comes_late(calls):
    rule = make_rule(per_agent=0, complaints=True)
    assert draw_samples(now=NEXT_WEEK) == 0
    ServiceContact.objects.create(
        ticket_no="T1", subscriber=calls[3].subscriber, opened_at=NOW + 6 * DAY, kind="complaint"
    )
    ServiceContact.objects.create(
        ticket_no="T2", subscriber=calls[4].subscriber, opened_at=NOW + 9 * DAY, kind="complaint"
    )
    assert draw_samples(now=NEXT_WEEK) == 1
    assert drawn(reason="complaint", rule=rule) == {calls[3].order_no}


def test_nothing_is_drawn_by_what_is_off_or_of_other_branches(floor, calls):
    make_rule(enabled=False)
    make_rule(sheet=make_sheet(enabled=False))
    make_rule(branch=make_floor()[0].branch)
    assert draw_samples(now=NEXT_WEEK) == 0
    make_rule(branch=floor[0].branch)
    assert draw_samples(now=NEXT_WEEK) == 4


def test_a_contact_that_was_opened_again_is_not_drawn(boss, calls):
    requeue(order_no=calls[0].order_no, actor=boss, now=NOW + 2 * DAY)
    make_rule(per_agent=10)
    draw_samples(now=NEXT_WEEK)
    assert drawn() == {order.order_no for order in calls[1:]}


def test_one_statement_for_any_number_of_calls(calls, django_assert_max_num_queries):
    rule = make_rule(per_agent=50)
    with django_assert_max_num_queries(9):
        assert draw_week(rule=rule, week=MONDAY, now=NEXT_WEEK) == 10


def test_by_hand_once_and_only_in_the_own_branch(boss, calls):
    sheet = make_sheet()
    review = choose_order(order_no=calls[0].order_no, sheet=sheet.code, actor=boss, now=NOW + DAY)
    assert (review.reason, review.state) == ("hand", "waiting")
    with pytest.raises(Conflict):
        choose_order(order_no=calls[0].order_no, sheet=sheet.code, actor=boss, now=NOW + DAY)
    stranger = make_user(role="supervisor", branch=make_floor()[0].branch)
    with pytest.raises(NotFound):
        choose_order(order_no=calls[1].order_no, sheet=sheet.code, actor=stranger, now=NOW + DAY)
    with pytest.raises(Refused):
        choose_order(order_no=calls[1].order_no, sheet=sheet.code, actor=make_user(role="agent"), now=NOW + DAY)
