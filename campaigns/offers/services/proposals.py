"""Offers proposed to a customer and the answers. Called by workorders, in the transaction that locks the order."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.declarations import DECISION_ACCEPTED
from campaigns.offers import serializers
from campaigns.offers.eligibility import Judged
from campaigns.offers.models import Decision, DeclineReason, Offer, ceilings
from campaigns.offers.queries.matching import judged_for
from campaigns.offers.services.moves import move, record
from campaigns.offers.services.reservations import reserve
from campaigns.offers.states import OPEN_STATES, State
from customers.facts.models import Subscriber
from retention.core.accounts.models import User
from retention.core.errors import Conflict, Invalid, NotFound
from retention.core.webhooks.services.publishing import publish

# How long an unanswered proposal keeps its piece of stock and budget, and may be accepted, whatever ends meanwhile.
RESERVED_FOR = timedelta(hours=2)


@transaction.atomic
def propose(*, order_no: str, subscriber: Subscriber, offer_code: str, actor: User, now: datetime) -> Decision:
    """Put an offer to the customer of an order: its stock and budget are reserved until `stands_until`. The same offer
    again gives the proposal that stands; one whose time is over ends, and all is looked at anew. Above the ceiling of
    the actor's role it is requested.

    Invalid when the line may not be made this offer; Conflict when it is used up, or while another one waits for the
    billing system.
    """
    if (standing := _standing(order_no, offer_code)) is not None:
        if not standing.is_over(now):
            return standing
        move([standing], "expire", actor=None, settled_at=now)
    found = _eligible(subscriber, offer_code, now)
    if Decision.objects.filter(subscriber=subscriber, state=State.ACCEPTED).exists():
        raise _open_decision_conflict()
    try:
        with transaction.atomic():
            decision = _make(found, order_no=order_no, subscriber=subscriber, actor=actor, now=now)
    except IntegrityError:  # the key pressed twice: the other press has made it
        return Decision.objects.get(order_no=order_no, offer=found.offer, state__in=OPEN_STATES)
    record(decision, "propose", actor)
    return decision


def _standing(order_no: str, offer_code: str) -> Decision | None:
    rows = Decision.objects.select_for_update(no_key=True, of=("self",)).select_related("offer")
    return rows.filter(order_no=order_no, offer__code=offer_code, state__in=OPEN_STATES).first()


def _eligible(subscriber: Subscriber, offer_code: str, now: datetime) -> Judged[Offer]:
    judged = judged_for(subscriber_id=subscriber.pk, on=timezone.localdate(now))
    found = next((one for one in judged if one.offer.code == offer_code), None)
    if found is None or not found.is_eligible or found.amounts is None:
        why = " ".join(found.reasons) if found else ""
        message = _("This offer is not for this customer (any more).")
        raise Invalid(f"{message} {why}".strip(), code="not_eligible")
    return found


def _make(found: Judged[Offer], *, order_no: str, subscriber: Subscriber, actor: User, now: datetime) -> Decision:
    offer, amounts = found.offer, found.amounts
    assert amounts is not None, "an eligible line has amounts"
    ceiling = ceilings().get(actor.role)
    within = ceiling is None or amounts.cost <= ceiling
    named = {"name": offer.name, "name_zh": offer.name_zh, "kind": offer.kind, "family": offer.family}
    decision = Decision.objects.create(
        order_no=order_no,
        subscriber=subscriber,
        branch_id=subscriber.branch_id,
        offer=offer,
        offer_version=offer.version,
        terms=named | offer.terms_for(amounts),
        cost=amounts.cost,
        state=State.PROPOSED if within else State.REQUESTED,
        proposed_at=now,
        proposed_by=actor,
        stands_until=now + RESERVED_FOR,
    )
    reserve(decision=decision, path=subscriber.branch.path, amounts=amounts)
    return decision


@transaction.atomic
def accept(*, order_no: str, decision_id: int, actor: User, now: datetime) -> Decision:
    """Accept a proposal: the billing system is notified, and the order's other proposals are withdrawn. What was
    reserved is kept, so an offer that ended or was used up meanwhile is still given.

    Conflict when the proposal does not stand any more, or while another decision of the line waits for billing.
    """
    decision = _locked(order_no, decision_id)
    if decision.state == State.ACCEPTED:
        return decision
    if decision.state == State.PROPOSED and decision.is_over(now):
        raise Conflict(_("The reservation of this offer is over. Propose it again."), code="expired")
    try:
        with transaction.atomic():
            move([decision], "accept", actor=actor, accepted_at=now, accepted_by=actor)
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
    move([decision], "decline", actor=actor, decline_reason=reason, settled_at=now)
    return decision


@transaction.atomic
def withdraw_proposals(*, order_no: str, actor: User | None, now: datetime) -> int:
    """Take back what was put to the customer and not answered, or not approved yet, e.g. because the order ends; how
    many there were."""
    standing = Decision.objects.select_for_update(no_key=True, of=("self",)).filter(
        order_no=order_no, state__in=OPEN_STATES
    )
    left = list(standing.select_related("offer").order_by("pk"))
    move(left, "withdraw", actor=actor, settled_at=now)
    return len(left)


@transaction.atomic
def expire_proposals(*, now: datetime) -> int:
    """End the unanswered proposals whose time is over and release what they hold; how many there were."""
    over = Decision.objects.run_out(now).select_for_update(no_key=True, of=("self",), skip_locked=True)
    left = list(over.select_related("offer").order_by("pk"))
    move(left, "expire", actor=None, settled_at=now)
    return len(left)


def _locked(order_no: str, decision_id: int) -> Decision:
    rows = Decision.objects.select_for_update(no_key=True, of=("self",)).select_related(
        "offer", "subscriber", "accepted_by"
    )
    decision = rows.filter(order_no=order_no, pk=decision_id).first()
    if decision is None:
        raise NotFound(_("There is no such decision."))
    return decision


def _open_decision_conflict() -> Conflict:
    return Conflict(_("Another offer to this customer waits for the billing system."), code="decision_open")
