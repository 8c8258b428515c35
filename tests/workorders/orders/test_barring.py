"""Orders whose customers may not be called are set aside, many of a queue at once."""

import pytest

from campaigns.outreach.models import ContactPolicy
from customers.contacts.models import ContactRecord
from customers.lists.models import ListEntry
from retention.core import clock
from retention.core.restores.models import KnownCluster
from retention.core.restores.services import allow_sending
from tests.factories import NOW, make_list_entry
from tests.workorders.rows import DAY, HOUR, make_floor, make_orders
from workorders.orders.models import WorkOrder
from workorders.orders.services import barring
from workorders.orders.services.claiming import next_order
from workorders.orders.states import State

pytestmark = pytest.mark.django_db


def refuse(orders):
    for order in orders:
        make_list_entry(customer=order.customer, kind=ListEntry.Kind.DO_NOT_DISTURB)


def spend(orders):
    """Each customer has been called once today already."""
    for order in orders:
        record = ContactRecord.objects.get(order_no=order.order_no)
        record.pk, record.state, record.at, record.order_no = None, ContactRecord.State.USED, NOW - HOUR, ""
        record.save()


def test_a_queue_that_may_not_be_called_is_set_aside_at_once(django_assert_max_num_queries):
    team, (ana,) = make_floor()
    orders = make_orders(40, team=team)
    ContactPolicy.objects.create(attempts=1, uncapped=[])
    refuse(orders[:20])
    spend(orders[20:39])
    with django_assert_max_num_queries(80):
        assert next_order(agent=ana, now=NOW) == orders[39]
    ended, resting = WorkOrder.objects.filter(state=State.CANCELLED), WorkOrder.objects.exclude(not_before=None)
    assert set(ended) == set(orders[:20]) and set(resting) == set(orders[20:39])
    assert {one.state for one in resting} == {State.QUEUED}
    assert {one.not_before for one in resting} == {clock.midnight(NOW.date() + DAY)}
    for order in orders[:39]:
        last = order.transitions.order_by("version").last()
        told = {"withdraw": "do_not_disturb", "rest": "attempts_spent"}
        assert last.detail["reason"] == told[last.move]
    released = ContactRecord.objects.filter(state=ContactRecord.State.RELEASED)
    assert {one.order_no for one in released} == {one.order_no for one in orders[:20]}
    assert next_order(agent=ana, now=NOW + DAY).pk == orders[39].pk  # on the desk; the others are free again
    assert WorkOrder.objects.filter(state=State.QUEUED, not_before__lte=NOW + DAY).count() == 19


def test_only_the_queue_that_the_order_came_from_is_looked_through(monkeypatch):
    (team, _agents), (other, _others) = make_floor(), make_floor()
    here, there = make_orders(3, team=team), make_orders(2, team=other)
    refuse([*here, *there])
    assert barring.set_aside_ahead(like=here[0], now=NOW) == 3
    assert WorkOrder.objects.filter(team=other, state=State.QUEUED).count() == 2
    monkeypatch.setattr(barring, "AHEAD", 1)
    assert barring.set_aside_ahead(like=there[0], now=NOW) == 1


def test_what_an_agent_has_taken_meanwhile_stays_with_the_agent():
    team, (ana,) = make_floor()
    first, second = make_orders(2, team=team)
    assert next_order(agent=ana, now=NOW) == first
    refuse([first, second])
    assert barring.set_aside_ahead(like=second, now=NOW) == 1
    first.refresh_from_db()
    assert (first.state, first.assignee) == (State.ASSIGNED, ana)


def test_after_a_restore_nothing_is_set_aside():
    team, (ana,) = make_floor()
    orders = make_orders(3, team=team)
    allow_sending(now=NOW)
    KnownCluster.objects.update(identity="7000000000000000001:00000001")
    assert next_order(agent=ana, now=NOW) == orders[0]
    assert WorkOrder.objects.filter(state=State.QUEUED, not_before=None).count() == 2
