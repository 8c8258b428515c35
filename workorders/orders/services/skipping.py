"""An agent puts the order back that came by "next order", with a reason; it goes to somebody else."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from retention.core.accounts.models import User
from retention.core.errors import Conflict, Invalid
from workorders.orders.models import Transition, WorkOrder
from workorders.orders.services.locks import lock_order
from workorders.orders.services.transitions import Pick, move
from workorders.orders.skips import SkipReason
from workorders.orders.states import State


def may_skip(order: WorkOrder, agent: User) -> bool:
    """Whether the order has come to the agent out of a group's queue, and no call of it has begun."""
    if order.state != State.ASSIGNED or order.assignee_id != agent.pk or order.lease_until is None:
        return False
    last = Transition.objects.filter(order=order, move="claim").order_by("-version").first()
    return last is not None and last.actor_id == agent.pk and last.from_state == State.QUEUED


@transaction.atomic
def skip(*, order_no: str, agent: User, reason: str, now: datetime) -> WorkOrder:
    """Back into the queue of its group; until midnight it is not offered to this agent again (`claim_next`).

    What was typed goes along as a note. Invalid for a reason that is not in the list; Conflict once a call has begun,
    and for an order that was not taken from the queue: an appointment is a promise, an assigned one is meant.
    """
    order = lock_order(order_no=order_no, user=agent, move="skip", own=True)
    if reason not in SkipReason.values:
        message = _("Choose why you skip this order.")
        raise Invalid(message, details=[{"field": "reason", "code": "required", "message": message}])
    if not may_skip(order, agent):
        raise Conflict(_("Only an order that came by “Next order” can be skipped."), code="not_from_queue")
    return move(name="skip", pick=Pick.of([order.pk]), actor=agent, now=now, detail={"reason": reason})[0]
