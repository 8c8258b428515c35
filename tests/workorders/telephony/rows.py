"""Rows of telephony: a call that has been placed."""

from tests.factories import NOW
from tests.workorders.rows import make_floor, make_orders
from workorders.orders.services.claiming import claim_next
from workorders.telephony.models import Call


def make_call(*, reference: str) -> Call:
    """Of an order on the desk of its agent."""
    team, (agent,) = make_floor()
    make_orders(1, team=team)
    order = claim_next(agent=agent, now=NOW)
    return Call.objects.create(reference=reference, order=order, agent=agent, number="138****1234", started_at=NOW)
