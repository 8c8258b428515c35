"""What the database itself refuses, whoever writes."""

import pytest
from django.db import IntegrityError, transaction

from tests.factories import NOW
from tests.workorders.rows import make_floor, make_orders
from workorders.orders.models import WorkOrder
from workorders.orders.services.claiming import claim_next

pytestmark = pytest.mark.django_db


@pytest.fixture
def floor():
    return make_floor(2)


def breaks(order: WorkOrder, law: str, **changes) -> None:
    with pytest.raises(IntegrityError, match=law), transaction.atomic():
        WorkOrder.objects.filter(pk=order.pk).update(**changes)


def test_two_open_orders_of_one_customer(floor):
    first, second = make_orders(2, team=floor[0])
    breaks(second, "order_one_open_contact", customer=first.customer)


def test_two_leases_of_one_agent(floor):
    team, (ana, _ben) = floor
    _first, second = make_orders(2, team=team)
    claim_next(agent=ana, now=NOW)
    breaks(second, "order_one_lease_an_agent", state="assigned", assignee=ana, lease_until=NOW)


@pytest.mark.parametrize(
    ("law", "changes"),
    [
        ("order_(state_known|closed_has_time)", {"state": "lost"}),
        ("order_held_has_agent", {"state": "assigned"}),
        ("order_waiting_has_appointment", {"appointment_at": NOW}),
        ("order_lease_only_at_work", {"lease_until": NOW}),
        ("order_done_has_disposition", {"state": "done", "closed_at": NOW}),
        ("order_closed_has_time", {"state": "cancelled"}),
    ],
)
def test_states_that_make_no_sense(floor, law, changes):
    (order,) = make_orders(1, team=floor[0])
    breaks(order, law, **changes)
