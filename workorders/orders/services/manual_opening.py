"""Orders that a person opens for chosen lines, through the contact gate as everything else."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns import outreach
from campaigns.outreach.models import RefusalReason
from customers.facts.models import Subscriber
from retention.core.accounts.models import User
from retention.core.audit import services as audit
from retention.core.errors import Invalid, Refused
from workorders.order_types.models import OrderType
from workorders.orders.origins import Origin
from workorders.orders.services.opening import open_orders
from workorders.orders.services.order_requests import OrderRequest

MAX_LINES = 2000


@dataclass(frozen=True)
class OpenedByHand:
    """opened: order numbers, those of orders taken over included. refused: {why: customers} of the gate, an order that
    is open already among them. same: lines whose customer is in `opened` or `refused` with another line. gone: lines
    that have left, for a type after leaving those not to be won back, or that the actor may not see. at: the moment
    that they were opened, of each of them."""

    at: datetime
    opened: list[str] = field(default_factory=list)
    refused: Mapping[RefusalReason, int] = field(default_factory=dict)
    same: int = 0
    gone: int = 0


def open_by_hand(
    *, subscriber_ids: Sequence[int], order_type: str, actor: User, now: datetime, origin: Origin,
    facts: Mapping[int, Mapping[str, Any]] | None = None, despite_holdout: str = "",
) -> OpenedByHand:  # fmt: skip
    """Open one order a customer, for the first of the customer's lines in `subscriber_ids`; no second open order.

    A type for customers who have left takes lines of the leavers' profile, every other one lines in use.
    origin: what the lines were chosen from. facts: {line: {factor: value}}, for the agent. despite_holdout: the reason
    why customers who are held out for a measurement are contacted as well, which is noted. Refused without the
    permission to supervise, Invalid for an unknown type or more than MAX_LINES lines.
    """
    if not actor.may("work.supervise"):
        raise Refused(_("Only supervisors and managers open orders for others."))
    if len(subscriber_ids) > MAX_LINES:
        raise Invalid(_("At most %(count)d lines at once.") % {"count": MAX_LINES}, code="too_many")
    kind = OrderType.objects.current().filter(code=order_type).first()
    if kind is None:
        raise Invalid(_("Choose an order type."), details=[{"field": "order_type", "code": "required"}])
    with transaction.atomic():
        done = _open(list(dict.fromkeys(subscriber_ids)), kind, actor, now, origin, facts or {}, bool(despite_holdout))
        held = 0
        if despite_holdout:
            held = outreach.record_contaminations(order_nos=done.opened, actor=actor, reason=despite_holdout, now=now)
        audit.record(
            actor=actor, action="order.open", target=f"source:{origin.source}", type=kind.code,
            asked=len(subscriber_ids), opened=len(done.opened), orders=done.opened[:50],
            refused={reason.value: count for reason, count in done.refused.items()},
            **({"despite_holdout": despite_holdout, "held_out": held} if held else {}),
        )  # fmt: skip
    return done


def _open(
    ids: list[int], kind: OrderType, actor: User, now: datetime, origin: Origin,
    facts: Mapping[int, Mapping[str, Any]], despite_holdout: bool,
) -> OpenedByHand:  # fmt: skip
    seen = Subscriber.objects.visible_to(actor).filter(pk__in=ids)
    lines = seen.filter(leaver_profile__isnull=False) if kind.after_leaving else seen.live()
    customer_of = dict(lines.values_list("pk", "account__customer_id"))
    first_line: dict[int, int] = {}
    for pk in ids:
        if pk in customer_of:
            first_line.setdefault(customer_of[pk], pk)
    on = timezone.localtime(now).date()
    requests = [
        OrderRequest(
            subscriber_id=pk,
            type=kind,
            origin=origin,
            found_on=on,
            facts=facts.get(pk, {}),
            despite_holdout=despite_holdout,
        )  # fmt: skip
        for pk in first_line.values()
    ]
    results = open_orders(requests=requests, on=on, now=now)
    return OpenedByHand(
        at=now,
        opened=[result.order_no for result in results if result.order_no],
        refused=dict(Counter(result.reason for result in results if result.reason is not None)),
        same=len(customer_of) - len(first_line),
        gone=len(ids) - len(customer_of),
    )
