"""Offers above the ceiling of the agent who proposes them: who is told, and the supervisor's decision."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from campaigns.declarations import OFFER_DECIDED, OFFER_REQUESTED
from campaigns.offers.models import Decision, ceilings
from campaigns.offers.services.moves import move
from campaigns.offers.states import State
from retention.core.accounts.models import User
from retention.core.accounts.roles import Role, may
from retention.core.errors import Conflict, Invalid, NotFound, Refused
from retention.core.notices.models import Urgency
from retention.core.notices.services.notifying import notify
from retention.core.notices.text import Message

NOTE_LENGTH = 300
APPROVE = "work.supervise"


@transaction.atomic
def approve(*, decision_id: int, actor: User, now: datetime) -> Decision:
    """Let the agent put the offer to the customer; the reservation begins again.

    NotFound for one that the actor may not see; Refused for one's own, and above the actor's own ceiling; Conflict when
    it does not wait any more.
    """
    decision = _locked(decision_id, actor)
    if not _covers(ceilings().get(actor.role), decision.cost):
        raise Refused(_("This offer costs more than you may approve."), code="ceiling")
    if decision.is_over(now):
        raise Conflict(_("The reservation of this offer is over. Propose it again."), code="expired")
    length = (decision.stands_until or now) - decision.proposed_at
    move([decision], "approve", actor=actor, decided_by=actor, decided_at=now, stands_until=now + length)
    return decision


@transaction.atomic
def deny(*, decision_id: int, actor: User, note: str, now: datetime) -> Decision:
    """Say no, with the reason for the agent; what was reserved is released. Invalid without one; else as approve."""
    decision = _locked(decision_id, actor)
    note = note.strip()
    if not note or len(note) > NOTE_LENGTH:
        message = _("Say why, in at most %(most)d characters.") % {"most": NOTE_LENGTH}
        raise Invalid(message, details=[{"field": "note", "code": "required", "message": message}])
    move([decision], "deny", actor=actor, decided_by=actor, decided_at=now, decision_note=note, settled_at=now)
    return decision


def approvers_of(decision: Decision) -> QuerySet[User]:
    """People who may approve it: not the proposer, with a ceiling that covers it, who supervise a group of the proposer
    or the branch of the line. Administrators are left out."""
    allowed = [
        role
        for role, ceiling in ceilings().items()
        if role != Role.ADMINISTRATOR and may(role, APPROVE) and _covers(ceiling, decision.cost)
    ]
    codes = decision.branch.path.rstrip("/").split("/")
    above = ["/".join(codes[: place + 1]) + "/" for place in range(len(codes))]
    teams = decision.proposed_by.teams.values("pk") if decision.proposed_by else []
    near = Q(role=Role.SUPERVISOR, teams__in=teams) | Q(role=Role.MANAGER, branch__path__in=above)
    people = User.objects.filter(near, role__in=allowed, is_active=True).exclude(pk=decision.proposed_by_id or 0)
    return people.distinct().order_by("pk")


def tell_approvers(*, decision: Decision, actor: User, where: str, now: datetime) -> int:
    """A notice to the supervisors of the proposer's groups, without any of them to the managers of the branch.

    where: the page on which they decide. Returns how many are told.
    """
    people = list(approvers_of(decision))
    nearest = [one for one in people if one.role == Role.SUPERVISOR] or people
    params = {"name": actor.display_name, "offer": decision.offer.code, "order": decision.order_no}
    what = Message(OFFER_REQUESTED, params)
    return notify(people=nearest, what=what, where=where, urgency=Urgency.URGENT, now=now)


def tell_proposer(*, decision: Decision, where: str, now: datetime) -> None:
    """A notice of the answer to who proposed it; where: the page of the order."""
    if decision.proposed_by is not None:
        approved = decision.state == State.PROPOSED
        params = {"offer": decision.offer.code, "order": decision.order_no, "approved": approved}
        what = Message(OFFER_DECIDED, params)
        notify(people=[decision.proposed_by], what=what, where=where, urgency=Urgency.URGENT, now=now)


def _locked(decision_id: int, actor: User) -> Decision:
    rows = Decision.objects.visible_to(actor).select_for_update(no_key=True, of=("self",))
    decision = (
        rows.select_related("offer", "proposed_by").filter(pk=decision_id).first() if actor.may(APPROVE) else None
    )
    if decision is None:
        raise NotFound(_("There is no such decision."))
    if decision.proposed_by_id == actor.pk:
        raise Refused(_("Nobody approves an offer that they proposed."), code="own_proposal")
    if decision.state != State.REQUESTED:
        message = _("The offer is: %(state)s. This cannot be done any more.")
        raise Conflict(message % {"state": decision.get_state_display()}, code="illegal_move")
    return decision


def _covers(ceiling: Decimal | None, cost: Decimal) -> bool:
    return ceiling is None or cost <= ceiling
