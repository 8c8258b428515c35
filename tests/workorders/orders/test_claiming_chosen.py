"""One order taken out of its queue because its customer is there: every rule of "next" but the place in the queue."""

import pytest

from customers.lists.models import ListEntry
from retention.core.errors import Conflict, Refused
from tests.factories import NOW, make_list_entry, make_user
from tests.workorders.allocation.rows import make_rule
from tests.workorders.rows import DAY, HOUR, MINUTE, make_floor, make_orders
from workorders.allocation.models import Absence, AgentTerms
from workorders.orders.models import WorkOrder
from workorders.orders.next_orders import may_claim
from workorders.orders.services.claiming import claim_chosen, claim_next
from workorders.orders.services.skipping import skip
from workorders.orders.states import State

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana(floor):
    return floor[1][0]


@pytest.fixture
def waiting(floor) -> WorkOrder:
    """The last of three orders in the queue."""
    return make_orders(3, team=floor[0])[-1]


def refusal(order, agent, at=NOW) -> str:
    with pytest.raises(Conflict) as caught:
        claim_chosen(order=order, agent=agent, now=at)
    order.refresh_from_db()
    assert order.state == State.QUEUED
    return caught.value.code


def test_it_is_taken_past_what_stands_before_it_and_leased(ana, waiting):
    assert may_claim(waiting, ana, now=NOW)
    claimed = claim_chosen(order=waiting, agent=ana, now=NOW)
    assert (claimed.pk, claimed.assignee_id, claimed.state) == (waiting.pk, ana.pk, State.ASSIGNED)
    assert claimed.lease_until > NOW
    assert [one.move for one in waiting.transitions.order_by("version")] == ["open", "claim"]


def test_nobody_takes_from_the_queue_of_another_group(waiting):
    stranger = make_floor()[1][0]
    assert not may_claim(waiting, stranger, now=NOW)
    assert refusal(waiting, stranger) == "not_in_queue"


def test_one_order_on_the_desk_at_a_time(floor, ana, waiting):
    claim_next(agent=ana, now=NOW)
    assert refusal(waiting, ana) == "desk_taken"


def test_the_hours_of_calls_and_the_gate_hold(ana, waiting):
    assert refusal(waiting, ana, NOW.replace(hour=22)) == "quiet_hours"
    make_list_entry(customer=waiting.customer, kind=ListEntry.Kind.DO_NOT_DISTURB)
    assert refusal(waiting, ana) == "barred"


@pytest.mark.parametrize("why", ["absent", "cap", "rests", "skipped"])
def test_what_next_would_not_give_is_not_taken(floor, ana, why):
    (order,) = make_orders(1, team=floor[0])
    match why:
        case "absent":
            Absence.objects.create(agent=ana, first_day=NOW.date(), last_day=NOW.date())
        case "cap":
            AgentTerms.objects.create(user=ana, daily_cap=0)
        case "rests":
            WorkOrder.objects.filter(pk=order.pk).update(not_before=NOW + HOUR)
        case "skipped":
            claim_next(agent=ana, now=NOW)
            skip(order_no=order.order_no, agent=ana, reason="acquainted", now=NOW + MINUTE)
    order.refresh_from_db()
    at = NOW + 2 * MINUTE
    assert (may_claim(order, ana, now=at), refusal(order, ana, at)) == (False, "not_in_queue")


def test_an_order_reserved_for_others_waits_for_them(floor, ana, waiting):
    rule = make_rule(branch=floor[0].branch)
    rule.agents.set([floor[1][1]])
    WorkOrder.objects.filter(pk=waiting.pk).update(rule=rule, reserved_until=NOW + DAY)
    waiting.refresh_from_db()
    assert refusal(waiting, ana) == "not_in_queue"
    assert claim_chosen(order=waiting, agent=floor[1][1], now=NOW).assignee_id == floor[1][1].pk


def test_an_order_that_somebody_has_is_not_taken(floor, ana, waiting):
    claim_chosen(order=waiting, agent=floor[1][1], now=NOW)
    with pytest.raises(Conflict):
        claim_chosen(order=waiting, agent=ana, now=NOW)


def test_a_manager_takes_no_order(waiting):
    with pytest.raises(Refused):
        claim_chosen(order=waiting, agent=make_user(role="manager", branch=waiting.branch), now=NOW)
