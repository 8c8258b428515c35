"""Exceptions of orders beside the moves of their type: chase, split, merge, and what is handed over to another branch.

Each takes a permission and a reason, and leaves a line in the trail of every order that it concerns, which names the
other one, so that all can be followed forward and back.
"""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns import outreach
from retention.core.accounts.models import Team, User
from retention.core.accounts.roles import Role
from retention.core.audit import services as audit
from retention.core.errors import Conflict, Invalid, Refused
from retention.core.notices.models import Urgency
from retention.core.notices.services.notifying import notify
from retention.core.notices.text import Message
from workorders.declarations import ORDER_ANSWERED, ORDER_CHASED
from workorders.order_types.models import OrderType
from workorders.order_types.stages import Step
from workorders.orders.flow import Choice
from workorders.orders.models import Note, Transition, WorkOrder
from workorders.orders.origins import Origin, OriginKind
from workorders.orders.services.locks import lock_order
from workorders.orders.services.opening import open_orders
from workorders.orders.services.order_requests import OrderRequest
from workorders.orders.services.transitions import Pick, move
from workorders.orders.states import ABSORBED, CHASED, MOVES, SPLIT, SUPERVISE

# A line of the trail without a move; the order's state and stage stay.
_ENTRY = f"""
WITH told AS (
    UPDATE {WorkOrder._meta.db_table} o SET version = o.version + 1, priority = least(o.priority, %(priority)s)
    WHERE o.id = %(id)s RETURNING o.*
)
INSERT INTO {Transition._meta.db_table}
    (order_id, version, at, actor_id, actor_name, move, from_state, to_state, detail, stage)
SELECT id, version, %(now)s, %(actor)s, %(name)s, %(entry)s, state, state, %(detail)s::jsonb, stage FROM told
"""
CHASED_PRIORITY, UNCHANGED = 1, 32767


@transaction.atomic
def chase(*, order_no: str, actor: User, reason: str, now: datetime) -> WorkOrder:
    """Ask for haste: the order becomes as urgent as can be, and who has it, or its supervisors, are told. Refused,
    NotFound, Invalid without a reason, Conflict for a closed order."""
    order = _open_order(order_no, actor, SUPERVISE)
    text = _checked(reason)
    _enter(order, CHASED, actor, now, {"reason": text}, priority=CHASED_PRIORITY)
    what = Message(ORDER_CHASED, {"order": order.order_no, "name": actor.display_name, "reason": text})
    people = [order.assignee] if order.assignee else supervisors_of(order.team_id)
    where = reverse("workorders:order", args=[order.order_no])
    notify(people=people, what=what, where=where, urgency=Urgency.IMPORTANT, now=now)
    order.refresh_from_db()
    return order


@transaction.atomic
def split(*, order_no: str, order_type: str, actor: User, reason: str, now: datetime) -> WorkOrder:
    """A second order for the same line, for what this one cannot settle; it stands beside it. Gives the new order."""
    order = _open_order(order_no, actor, SUPERVISE)
    text = _checked(reason)
    kind = OrderType.objects.current().filter(code=order_type).first()
    if kind is None:
        raise Invalid(_("Choose an order type."), details=[{"field": "order_type", "code": "required"}])
    made = open_beside(order, OriginKind.SPLIT, kind, now)
    _enter(order, SPLIT, actor, now, {"reason": text, "other": made.order_no})
    Note.objects.create(order=made, at=now, author=actor, author_name=actor.username, text=text)
    audit.record(actor=actor, action="order.exception", target=order, kind=SPLIT, other=made.order_no)
    return made


def merge_into(*, order: WorkOrder, step: Step, into: str, actor: User, reason: str, now: datetime) -> WorkOrder:
    """End a locked order in favour of another open one of the same customer, which gets its facts, notes and answers.

    Invalid for an order of somebody else or a closed one. Called by steps.make_step.
    """
    other = _open_order(into, actor, SUPERVISE)
    if other.pk == order.pk or other.customer_id != order.customer_id:
        message = _("Only another open order of the same customer can take it in.")
        raise Invalid(message, details=[{"field": "into", "code": "other_customer", "message": message}])
    detail = {"reason": reason, "other": other.order_no}
    choice = Choice(step.key, MOVES[step.via], step.to, step)
    moved = move(name=step.via, pick=Pick.of([order.pk]), actor=actor, now=now, detail=detail, choice=choice)
    outreach.release(order_no=order.order_no, now=now)
    _enter(other, ABSORBED, actor, now, {"reason": reason, "other": order.order_no})
    WorkOrder.objects.filter(pk=other.pk).update(
        evidence=[*other.evidence, *order.evidence], answers=order.answers | other.answers
    )
    for note in order.notes.order_by("at"):
        Note.objects.create(order=other, at=note.at, author=note.author, author_name=note.author_name, text=note.text)
    audit.record(actor=actor, action="order.exception", target=order, kind="merge", other=other.order_no)
    return moved[0]


def hand_over_to(
    *, order: WorkOrder, team: Team, until: datetime, actor: User, reason: str, now: datetime
) -> WorkOrder:
    """An order for the other branch's group, due when the answer is due. Gives it; the caller lets this one wait."""
    made = open_beside(order, OriginKind.HAND_OVER, order.type, now, team=team)
    WorkOrder.objects.filter(pk=made.pk).update(due_at=until)
    Note.objects.create(order=made, at=now, author=actor, author_name=actor.username, text=reason)
    audit.record(actor=actor, action="order.exception", target=order, kind="hand_over", other=made.order_no)
    return made


@transaction.atomic
def answer_waiting(*, orders: Iterable[WorkOrder], now: datetime) -> int:
    """Orders that were handed over have ended: the ones that wait for them get the answer and go on at once. Returns
    how many. An order whose time limit was over has gone on by itself; it gets the answer all the same."""
    handed = {one.origin_key: one for one in orders if one.origin_kind == OriginKind.HAND_OVER}
    if not handed:
        return 0
    answered = 0
    for asked in WorkOrder.objects.select_for_update(of=("self",)).filter(order_no__in=handed).order_by("pk"):
        made = handed[asked.order_no]
        ending = made.disposition.title if made.disposition else made.stage_title
        said = "\n".join(made.notes.order_by("at").values_list("text", flat=True)[1:])
        text = _("Answer of %(order)s: %(ending)s") % {"order": made.order_no, "ending": ending}
        Note.objects.create(
            order=asked, at=now, author=None, author_name="system", text="\n".join(filter(None, [text, said]))
        )
        detail = {"other": made.order_no}
        pick = Pick.of([asked.pk])
        goes_on = move(name="answer", pick=pick, actor=None, now=now, changes={"not_before": None}, detail=detail)
        answered += len(goes_on)
        where = reverse("workorders:order", args=[asked.order_no])
        what = Message(ORDER_ANSWERED, {"order": asked.order_no})
        people = [asked.assignee] if asked.assignee else supervisors_of(asked.team_id)
        notify(people=people, what=what, where=where, urgency=Urgency.NORMAL, now=now)
    return answered


def open_beside(
    order: WorkOrder, kind: OriginKind, order_type: OrderType, now: datetime, *, team: Team | None = None
) -> WorkOrder:
    """An order for the same line beside this one, with its facts."""
    on = timezone.localtime(now).date()
    facts = order.evidence[0].get("facts", {}) if order.evidence else {}
    request = OrderRequest(
        subscriber_id=order.subscriber_id, type=order_type, origin=Origin(kind, order.order_no), found_on=on,
        facts=facts, purpose=order.purpose, priority=order.priority, beside=True, team=team.pk if team else None,
    )  # fmt: skip
    (result,) = open_orders(requests=[request], on=on, now=now)
    return WorkOrder.objects.select_related("type").get(order_no=result.order_no)


def supervisors_of(team: int | None) -> list[User]:
    return list(User.objects.filter(teams=team, role=Role.SUPERVISOR, is_active=True)) if team else []


def _open_order(order_no: str, actor: User, permission: str) -> WorkOrder:
    if not actor.may(permission):
        raise Refused(_("You may not do this with a work order."), code="move_not_permitted")
    order = lock_order(order_no=order_no, user=actor)
    if not order.is_open:
        raise Conflict(_("The order is closed."), code="illegal_move")
    return order


def _checked(reason: str) -> str:
    text = reason.strip()[:200]
    if not text:
        message = _("Say why.")
        raise Invalid(message, details=[{"field": "reason", "code": "required", "message": message}])
    return text


def _enter(
    order: WorkOrder, entry: str, actor: User, now: datetime, detail: dict[str, Any], *, priority: int = UNCHANGED
) -> None:
    params: dict[str, Any] = {
        "id": order.pk, "priority": priority, "now": now, "actor": actor.pk, "name": actor.username, "entry": entry,
        "detail": json.dumps(detail),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_ENTRY, params)
