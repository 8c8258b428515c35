"""Offers on the call screen: the agent puts one to the customer of the order on the desk, and records the answer."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse

from campaigns.offers.models import Decision
from campaigns.offers.services import proposals, requests
from campaigns.offers.states import State
from retention.core.accounts.models import User
from workorders.orders.models import WorkOrder
from workorders.orders.services.locks import lock_order


@transaction.atomic
def propose_offer(*, order_no: str, agent: User, offer: str, now: datetime) -> Decision:
    """Put the offer with this code to the order's customer. Conflict when the order is not on this agent's desk.

    Above the agent's ceiling it is requested, and those who may approve it are told.
    """
    order = _on_desk(order_no, agent)
    decision = proposals.propose(
        order_no=order.order_no, subscriber=order.subscriber, offer_code=offer, actor=agent, now=now
    )
    if decision.state == State.REQUESTED and decision.proposed_at == now:
        requests.tell_approvers(decision=decision, actor=agent, where=reverse("workorders:offer-requests"), now=now)
    return decision


@transaction.atomic
def accept_offer(*, order_no: str, agent: User, decision: int, now: datetime) -> Decision:
    """Accept a proposal of this order for the customer: it goes to the billing system."""
    order = _on_desk(order_no, agent)
    return proposals.accept(order_no=order.order_no, decision_id=decision, actor=agent, now=now)


@transaction.atomic
def decline_offer(*, order_no: str, agent: User, decision: int, reason: str, now: datetime) -> Decision:
    """Decline a proposal for the customer. reason: one of campaigns.models.DeclineReason."""
    order = _on_desk(order_no, agent)
    return proposals.decline(order_no=order.order_no, decision_id=decision, reason=reason, actor=agent, now=now)


@transaction.atomic
def approve_offer(*, decision: int, actor: User, now: datetime) -> Decision:
    """Let the agent put a requested offer to the customer, and tell them. Raises as offers.services.requests."""
    found = requests.approve(decision_id=decision, actor=actor, now=now)
    requests.tell_proposer(decision=found, where=_order_page(found), now=now)
    return found


@transaction.atomic
def deny_offer(*, decision: int, actor: User, note: str, now: datetime) -> Decision:
    """Say no to a requested offer, with the reason, and tell the agent. Raises as offers.services.requests."""
    found = requests.deny(decision_id=decision, actor=actor, note=note, now=now)
    requests.tell_proposer(decision=found, where=_order_page(found), now=now)
    return found


def _order_page(decision: Decision) -> str:
    return reverse("workorders:order", args=[decision.order_no])


def _on_desk(order_no: str, agent: User) -> WorkOrder:
    return lock_order(order_no=order_no, user=agent, move="complete", own=True)
