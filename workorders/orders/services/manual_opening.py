"""Orders that a person opens for lines he has chosen, through the contact gate as everything else."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns import outreach
from campaigns.outreach import ContactRequest
from campaigns.outreach.models import RefusalReason
from customers.facts.models import Subscriber
from customers.lists.models import ListEntry
from retention.core.accounts.models import User
from retention.core.audit import services as audit
from retention.core.errors import Invalid, Refused
from workorders.order_types.models import OrderType
from workorders.orders.models import WorkOrder
from workorders.orders.services.insertion import NewOrder, insert_orders, new_numbers
from workorders.orders.states import OPEN

MAX_LINES = 2000


@dataclass(frozen=True)
class OpenedByHand:
    """opened: order numbers. refused: {why: customers} of the gate, an order that is open already among them. same:
    lines whose customer is in `opened` or `refused` with another line. gone: lines that have left or are not his."""

    opened: list[str] = field(default_factory=list)
    refused: Mapping[RefusalReason, int] = field(default_factory=dict)
    same: int = 0
    gone: int = 0


def open_by_hand(
    *, subscriber_ids: Sequence[int], order_type: str, actor: User, now: datetime, source: str,
    facts: Mapping[int, Mapping[str, Any]] | None = None,
) -> OpenedByHand:  # fmt: skip
    """Open one order a customer, for the first of his lines in `subscriber_ids`; nobody gets a second open order.

    source: what the lines were chosen from, a key of workorders.orders.text.SOURCES. facts: {line: {factor: value}},
    what the agent is to know. Refused for who does not supervise, Invalid for an unknown type or more than AT_ONCE
    lines.
    """
    if not actor.may("work.supervise"):
        raise Refused(_("Only supervisors and managers open orders for others."))
    if len(subscriber_ids) > MAX_LINES:
        raise Invalid(_("At most %(count)d lines at once.") % {"count": MAX_LINES}, code="too_many")
    kind = OrderType.objects.current().filter(code=order_type).first()
    if kind is None:
        raise Invalid(_("Choose an order type."), details=[{"field": "order_type", "code": "required"}])
    with transaction.atomic():
        done = _open(list(dict.fromkeys(subscriber_ids)), kind, actor, now, source, facts or {})
        because = {reason.value: count for reason, count in done.refused.items()}
        audit.record(
            actor=actor, action="order.open", target=f"source:{source}", type=kind.code, asked=len(subscriber_ids),
            opened=len(done.opened), refused=because, orders=done.opened[:50],
        )  # fmt: skip
    return done


def _open(
    ids: list[int], kind: OrderType, actor: User, now: datetime, source: str, facts: Mapping[int, Mapping[str, Any]]
) -> OpenedByHand:
    lines = Subscriber.objects.visible_to(actor).live().filter(pk__in=ids)
    customer_of = dict(lines.values_list("pk", "account__customer_id"))
    first_line: dict[int, int] = {}
    for pk in ids:
        if pk in customer_of:
            first_line.setdefault(customer_of[pk], pk)
    busy = set(
        WorkOrder.objects.filter(customer__in=first_line, state__in=OPEN).values_list("customer_id", flat=True)
    )  # fmt: skip
    wanted = {customer: pk for customer, pk in first_line.items() if customer not in busy}
    on = timezone.localtime(now).date()
    named = dict(zip(wanted, new_numbers(len(wanted), on=on), strict=True))
    requests = [
        ContactRequest(customer, pk, ListEntry.Channel.CALL, kind.purpose, f"source:{source}", named[customer][1])
        for customer, pk in wanted.items()
    ]
    verdicts = outreach.reserve(requests=requests, now=now)
    orders = [
        NewOrder(
            id=named[one.request.customer_id][0],
            order_no=named[one.request.customer_id][1],
            type_id=kind.pk,
            subscriber_id=one.request.subscriber_id,
            priority=kind.priority,
            source=source,
            evidence=_evidence(source, on.isoformat(), facts.get(one.request.subscriber_id, {})),
            expected_gain=None,
            opened_on=on,
            due_at=now + timedelta(hours=kind.due_hours),
        )
        for one in verdicts
        if one.allowed
    ]
    insert_orders(orders, now=now)
    refused = Counter(one.reason for one in verdicts if one.reason is not None)
    if busy:
        refused[RefusalReason.ORDER_OPEN] += len(busy)
    return OpenedByHand(
        opened=[order.order_no for order in orders],
        refused=dict(refused),
        same=len(customer_of) - len(first_line),
        gone=len(ids) - len(customer_of),
    )


def _evidence(source: str, on: str, facts: Mapping[str, Any]) -> str:
    return json.dumps([{"scenario": source, "hit": None, "on": on, "facts": dict(facts)}])
