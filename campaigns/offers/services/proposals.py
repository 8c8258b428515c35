"""Offers proposed to a customer and the answers. Called by workorders, in the transaction that locks the order."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.declarations import DECISION_ACCEPTED
from campaigns.offers import serializers
from campaigns.offers.models import Decision, DeclineReason, Offer
from campaigns.offers.states import MOVES, State
from customers.facts.models import Subscriber
from retention.core.accounts.models import User
from retention.core.audit import services as audit
from retention.core.errors import Conflict, Invalid, NotFound
from retention.core.webhooks.services.publishing import publish


@transaction.atomic
def propose(*, order_no: str, subscriber: Subscriber, offer_code: str, actor: User, now: datetime) -> Decision:
    """Put an offer to the customer of an order. The same offer again gives the proposal that stands.

    Invalid when the line may not be made this offer; Conflict while another one waits for the billing system.
    """
    on = timezone.localtime(now).date()
    eligible = Offer.objects.eligible_for(subscriber_id=subscriber.pk, on=on)
    found = next((one for one in eligible if one.offer.code == offer_code), None)
    if found is None or found.amounts is None:
        raise Invalid(_("This offer is not for this customer (any more)."), code="not_eligible")
    offer = found.offer
    if Decision.objects.filter(subscriber=subscriber, state=State.ACCEPTED).exists():
        raise _open_decision_conflict()
    decision, new = Decision.objects.get_or_create(
        order_no=order_no,
        offer=offer,
        state=State.PROPOSED,
        defaults={
            "subscriber": subscriber,
            "branch_id": subscriber.branch_id,
            "offer_version": offer.version,
            "terms": {"name": offer.name, "name_zh": offer.name_zh, "kind": offer.kind}
            | offer.terms_for(found.amounts),
            "proposed_at": now,
            "proposed_by": actor,
        },
    )
    if new:
        _record(decision, "propose", actor)
    return decision


@transaction.atomic
def accept(*, order_no: str, decision_id: int, actor: User, now: datetime) -> Decision:
    """Accept a proposal: the billing system is notified, and the order's other proposals are withdrawn.

    Conflict when the proposal does not stand any more, or while another decision of the line waits for billing.
    """
    decision = _locked(order_no, decision_id)
    if decision.state == State.ACCEPTED:
        return decision
    try:
        with transaction.atomic():
            _move(decision, "accept", actor=actor, accepted_at=now, accepted_by=actor)
    except IntegrityError as error:
        raise _open_decision_conflict() from error
    withdraw_proposals(order_no=order_no, actor=actor, now=now)
    publish(
        event=DECISION_ACCEPTED,
        subject=decision.subscriber.subscriber_no,
        payload=serializers.serialize_decision(decision),
        branch_id=decision.branch_id,
        now=now,
    )
    return decision


@transaction.atomic
def decline(*, order_no: str, decision_id: int, reason: str, actor: User, now: datetime) -> Decision:
    """Decline a proposal. Invalid without one of DeclineReason, Conflict when the proposal does not stand."""
    if reason not in DeclineReason.values:
        message = _("Say why the offer was declined.")
        raise Invalid(message, details=[{"field": "reason", "code": "required", "message": message}])
    decision = _locked(order_no, decision_id)
    if decision.state == State.DECLINED:
        return decision
    _move(decision, "decline", actor=actor, decline_reason=reason, settled_at=now)
    return decision


@transaction.atomic
def withdraw_proposals(*, order_no: str, actor: User | None, now: datetime) -> int:
    """Take back what was put to the customer and not answered, e.g. because the order ends; how many there were."""
    standing = Decision.objects.select_for_update(no_key=True, of=("self",)).filter(
        order_no=order_no, state=State.PROPOSED
    )
    left = list(standing.select_related("offer").order_by("pk"))
    for decision in left:
        _move(decision, "withdraw", actor=actor, settled_at=now)
    return len(left)


def _locked(order_no: str, decision_id: int) -> Decision:
    rows = Decision.objects.select_for_update(no_key=True, of=("self",)).select_related(
        "offer", "subscriber", "accepted_by"
    )
    decision = rows.filter(order_no=order_no, pk=decision_id).first()
    if decision is None:
        raise NotFound(_("There is no such decision."))
    return decision


def _move(decision: Decision, name: str, *, actor: User | None, **values: Any) -> None:
    if decision.state != MOVES[name].source:
        message = _("The offer is: %(state)s. This cannot be done any more.")
        raise Conflict(message % {"state": decision.get_state_display()}, code="illegal_move")
    decision.state = MOVES[name].to
    for key, value in values.items():
        setattr(decision, key, value)
    decision.save(update_fields=["state", *values])
    _record(decision, name, actor)


def _record(decision: Decision, name: str, actor: User | None) -> None:
    audit.record(
        actor=actor, action="decision.move", target=f"decision:{decision.public_id}", move=name,
        order=decision.order_no, offer=decision.offer.code, to=decision.state,
    )  # fmt: skip


def _open_decision_conflict() -> Conflict:
    return Conflict(_("Another offer to this customer waits for the billing system."), code="decision_open")
