"""A person makes one of the moves that the type of an order offers where it stands."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns import outreach
from retention.core.accounts.models import Team, User
from retention.core.errors import Conflict, Invalid, Refused
from workorders.order_types import rules
from workorders.order_types.stages import NEEDS, NOTE, REASON, TEAM, UNTIL, Step
from workorders.orders.flow import Choice
from workorders.orders.models import Note, WorkOrder
from workorders.orders.services.exceptions import hand_over_to, merge_into
from workorders.orders.services.locks import lock_order
from workorders.orders.services.transitions import Pick, move
from workorders.orders.stage_access import lacking_stage, require_stage
from workorders.orders.states import CLOSED, MOVES, SYSTEM

# So far ahead an order may be put off.
MAX_DEFERRED_DAYS = 366
MAX_REASON_CHARACTERS = 200
# The rows of the state table that need more than a move: their own services do them.
BY_OUTCOME = frozenset({"complete", "retry", "schedule"})


@dataclass(frozen=True, kw_only=True)
class Given:
    """What a person gives for a move; which of it is asked for says the move (`needs`). into: the order that takes in
    another one."""

    reason: str = ""
    note: str = ""
    until: datetime | None = None
    team: Team | None = None
    into: str = ""
    answers: Mapping[str, object] = field(default_factory=dict)


@transaction.atomic
def make_step(
    *, order_no: str, step: str, actor: User, now: datetime, given: Given, version: int | None = None
) -> WorkOrder:
    """Make the move `step` of the order's own version; gives the order as it is afterwards.

    NotFound and Conflict as lock_order, Conflict when the order does not stand where the move starts, Refused without
    its permission or that of the stage, Invalid for what it needs and was not given.
    """
    order = lock_order(order_no=order_no, user=actor, version=version)
    chosen = require_step(order, step, actor)
    check_needs(order, chosen, given, now)
    if chosen.via == "merge":
        reason = given.reason.strip()
        return merge_into(order=order, step=chosen, into=given.into, actor=actor, reason=reason, now=now)
    changes: dict[str, object] = {}
    detail: dict[str, object] = {"reason": given.reason.strip()} if given.reason.strip() else {}
    if chosen.via in {"defer", "hand_over"} and given.until:
        changes |= {"not_before": given.until, "due_at": max(order.due_at, given.until + timedelta(hours=1))}
        detail["not_before"] = given.until.isoformat()
    if chosen.via == "hand_over" and given.team and given.until:
        reason = given.reason.strip()
        made = hand_over_to(order=order, team=given.team, until=given.until, actor=actor, reason=reason, now=now)
        detail |= {"team": given.team.code, "other": made.order_no}
    if chosen.via == "to_pending":
        changes["not_before"] = None
    if chosen.via == "pass_on" and given.team:
        changes["team_id"] = given.team.pk
        detail["team"] = given.team.code
    changes |= _answers(order, chosen, given)
    if text := given.note.strip():
        Note.objects.create(order=order, at=now, author=actor, author_name=actor.username, text=text)
    law = MOVES[chosen.via]
    moved = move(
        name=chosen.via, pick=Pick.of([order.pk]), actor=actor, now=now, changes=changes, detail=detail,
        choice=Choice(chosen.key, law, chosen.to, chosen),
    )  # fmt: skip
    if not moved:
        raise Conflict(_("This order was changed meanwhile. What you typed is kept."), code="changed_meanwhile")
    if law.to in CLOSED:
        outreach.release(order_no=order.order_no, now=now)
    return moved[0]


def steps_for(order: WorkOrder, user: User) -> list[Step]:
    """The moves of its type that the person may make where the order stands, without those that a call's end makes."""
    flow = order.type.staged
    stage = flow.current(order.stage, order.state)
    return [
        one
        for one in (flow.steps_from(stage.key) if stage else ())
        if one.via in MOVES
        and one.via not in BY_OUTCOME
        and MOVES[one.via].permission != SYSTEM
        and user.may(MOVES[one.via].permission)
        and (not one.permission or user.may(one.permission))
        and not lacking_stage(order, user, move=one.via, to=one.to)
    ]


def require_step(order: WorkOrder, key: str, actor: User) -> Step:
    """The move of the order's own version. Conflict when it does not start where the order stands; Refused."""
    flow = order.type.staged
    stage, found = flow.current(order.stage, order.state), flow.step(key)
    if found is None or stage is None or stage.key not in found.sources or found.via in BY_OUTCOME:
        message = _("At “%(stage)s” an order of this type does not allow this: %(move)s.")
        move_title = found.title if found else key
        raise Conflict(message % {"stage": order.stage_title, "move": move_title}, code="illegal_move")
    if found.permission and not actor.may(found.permission):
        raise Refused(_("You may not do this with a work order."), code="move_not_permitted")
    law = MOVES[found.via].permission
    if law == SYSTEM or not actor.may(law):
        raise Refused(_("You may not do this with a work order."), code="move_not_permitted")
    require_stage(order, actor, move=found.via, to=found.to)
    return found


def check_needs(order: WorkOrder, step: Step, given: Given, now: datetime) -> None:
    """Invalid for the first thing that the move needs and that was not given."""
    if len(given.reason) > MAX_REASON_CHARACTERS:
        raise _missing("reason", _("The reason is too long."))
    if REASON in step.needs and not given.reason.strip():
        raise _missing("reason", _("Say why."))
    if NOTE in step.needs and not given.note.strip():
        raise _missing("note", _("Write a note."))
    if UNTIL in step.needs:
        if given.until is None:
            raise _missing("until", _("Give the day and time."))
        if not now < given.until <= now + timedelta(days=MAX_DEFERRED_DAYS):
            raise _missing("until", _("The time lies in the past or too far ahead."))
    if TEAM in step.needs and given.team is None:
        raise _missing("team", _("Choose the group."))


def _answers(order: WorkOrder, step: Step, given: Given) -> dict[str, object]:
    """The answers to the fields that the move needs, on top of those that the order has."""
    keys = [key for key in step.needs if key not in NEEDS]
    if not keys:
        return {}
    flow = rules.read(order.type.flow, order.type.fields)
    kept = flow.check_answers({**order.answers, **given.answers}, complete=False, asked=keys)
    for key in keys:
        if kept.get(key) in (None, "", False):
            raise _missing(f"answer_{key}", _("Please answer."))
    return {"answers": json.dumps(order.answers | kept, ensure_ascii=False)}


def _missing(name: str, message: str) -> Invalid:
    return Invalid(message, details=[{"field": name, "code": "required", "message": message}])
