"""Orders whose scenario no longer finds the line are taken back, as long as nobody has worked on them."""

from datetime import timedelta

import pytest

from campaigns.scenarios.models import ScenarioHit
from campaigns.scenarios.services.nightly import run_scenarios
from customers.contacts.models import ContactRecord
from customers.profile.models import SubscriberProfile
from tests.factories import NOW, TODAY
from tests.workorders.rows import make_hit, make_line, make_scenario, open_orders
from workorders.orders.models import Transition, WorkOrder
from workorders.orders.services.auto_close import auto_close_orders
from workorders.orders.states import State

pytestmark = pytest.mark.django_db
TOMORROW = TODAY + timedelta(days=1)
LATER = NOW + timedelta(days=1)


@pytest.fixture
def scenario():
    return make_scenario(auto_clear=True)


def order_of(scenario, **given):
    (order,) = open_orders(make_hit(scenario=scenario, **given))
    return order


def next_night(*, bill_change: float) -> int:
    """The night after, with what the bills did by then. Returns the orders that were closed."""
    SubscriberProfile.objects.update(as_of=TOMORROW, bill_change=bill_change)
    run_scenarios(as_of=TOMORROW, now=LATER)
    return auto_close_orders(as_of=TOMORROW, now=LATER)


def test_an_untouched_order_is_withdrawn_with_the_reason_and_its_hit_is_cleared(scenario):
    order = order_of(scenario)
    assert next_night(bill_change=0) == 1
    order.refresh_from_db()
    assert order.state == State.CANCELLED
    assert Transition.objects.get(order=order, move="withdraw").detail["reason"] == "cleared"
    hit = ScenarioHit.objects.get()
    assert (hit.state, hit.cleared_on, hit.order_no) == (ScenarioHit.State.CLEARED, TOMORROW, order.order_no)
    assert ContactRecord.objects.get().state == ContactRecord.State.RELEASED
    assert auto_close_orders(as_of=TOMORROW, now=LATER) == 0


def test_an_order_stays_while_the_rule_holds(scenario):
    order_of(scenario)
    assert next_night(bill_change=-0.5) == 0
    assert ScenarioHit.objects.get(on=TODAY).state == ScenarioHit.State.OPENED


def test_an_order_that_was_called_for_stays(scenario):
    order = order_of(scenario)
    WorkOrder.objects.filter(pk=order.pk).update(attempts=1)
    assert next_night(bill_change=0) == 0
    assert ScenarioHit.objects.get().state == ScenarioHit.State.OPENED


def test_an_order_that_another_scenario_stands_behind_stays(scenario):
    line, other = make_line(), make_scenario()
    first = make_hit(scenario=scenario, subscriber=line)
    make_hit(scenario=other, subscriber=line)
    open_orders(first)
    assert ScenarioHit.objects.filter(state=ScenarioHit.State.OPENED).count() == 2
    assert next_night(bill_change=0) == 0
