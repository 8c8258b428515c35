"""Whether an order's customer may be called, and what becomes of orders whose customers may not.

Who has refused for good ends the order; others rest until the next day. Agents come upon such orders at the head of
their queue. Where it holds several (a cap was lowered, a list was loaded), many are judged and set aside together, so
that nobody waits for them one by one.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from campaigns import outreach
from campaigns.outreach import ContactRequest
from campaigns.outreach.models import RefusalReason
from customers.lists.models import ListEntry
from retention.core import clock
from workorders.orders.models import WorkOrder, WorkOrderQuerySet
from workorders.orders.models.orders import OF_ALL, OF_OWNER, OF_RULE
from workorders.orders.services.transitions import Pick, move

# These do not pass with time: the customer has refused contact, or the line has no real customer.
PERMANENT_REFUSALS = {
    RefusalReason.BLACKLISTED,
    RefusalReason.FALSE_USER,
    RefusalReason.DO_NOT_DISTURB,
    RefusalReason.CONSENT_REFUSED,
    RefusalReason.PROFILING_OPT_OUT,
}
# Orders of a queue that are judged together.
AHEAD = 500


def gate_reason(*, order: WorkOrder, now: datetime, at_any_hour: bool = False) -> RefusalReason | None:
    """Why the customer may not be called at this moment; None when a call is allowed."""
    return gate_reasons(orders=[order], now=now, at_any_hour=at_any_hour)[0]


def gate_reasons(*, orders: Sequence[WorkOrder], now: datetime, at_any_hour: bool = True) -> list[RefusalReason | None]:
    """As gate_reason, for each of the orders; one statement.

    An order beside the one that the customer has for contacts needs no reservation, and waits for none.
    """
    asked = [
        ContactRequest(
            one.customer_id, one.subscriber_id, ListEntry.Channel.CALL, one.purpose, "", one.order_no, None,
            holdable=False,
        )
        for one in orders
    ]  # fmt: skip
    found = outreach.refusals_now(requests=asked, now=now, at_any_hour=at_any_hour)
    return [
        None if reason == RefusalReason.ALREADY_RESERVED and not one.one_open else reason
        for one, reason in zip(orders, found, strict=True)
    ]


def set_aside(*, orders: Sequence[WorkOrder], reason: RefusalReason, now: datetime) -> int:
    """End or rest orders that may not be called for this reason; how many. What somebody else is at stays."""
    pick = Pick.of([one.pk for one in orders])
    if reason not in PERMANENT_REFUSALS:
        until = clock.midnight(timezone.localtime(now).date() + timedelta(days=1))
        detail = {"reason": reason, "not_before": until.isoformat()}
        return len(move(name="rest", pick=pick, actor=None, now=now, changes={"not_before": until}, detail=detail))
    with transaction.atomic():
        ended = move(name="withdraw", pick=pick, actor=None, now=now, detail={"reason": reason})
        outreach.release_many(order_nos=[one.order_no for one in ended], now=now)
    return len(ended)


def set_aside_ahead(*, like: WorkOrder, now: datetime) -> int:
    """Set aside all that may not be called of the next AHEAD orders in the queue that an order came from; how many."""
    ready = Q(not_before=None) | Q(not_before__lte=now)
    orders = list(_queue_of(like).filter(ready).in_claim_order()[:AHEAD])
    barred: dict[RefusalReason, list[WorkOrder]] = defaultdict(list)
    for order, reason in zip(orders, gate_reasons(orders=orders, now=now), strict=True):
        if reason is not None:
            barred[reason].append(order)
    return sum(set_aside(orders=found, reason=reason, now=now) for reason, found in barred.items())


def _queue_of(order: WorkOrder) -> WorkOrderQuerySet:
    """The queue in which the order was: of its group, of a rule or of an owner."""
    if order.reserved_until is None:
        return WorkOrder.objects.filter(OF_ALL, team=order.team_id)
    if order.reserved_for_id is not None:
        return WorkOrder.objects.filter(OF_OWNER, reserved_for=order.reserved_for_id)
    return WorkOrder.objects.filter(OF_RULE, rule=order.rule_id, team=order.team_id)
