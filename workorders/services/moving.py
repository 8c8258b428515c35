"""The one place that moves orders: any number of them in one statement, with trail, audit and customer grants.

One statement, because fifty agents press "next" at once: each round trip more is a longer lock. Either all of it is
done or nothing; the caller's transaction, where there is one, holds further deeds of his (notes, contact gate).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from retention.core.errors import Refused
from retention.core.models import User
from workorders.models import Disposition, WorkOrder
from workorders.services import prepared
from workorders.services.move_sql import FIELDS, statement
from workorders.services.telling import tell_closed
from workorders.states import CLOSED, MOVES, OPEN, SYSTEM, Move, State


class Sql(str):
    """An SQL expression over the order `o` as it was before the move. Written in code, never from outside."""


@dataclass(frozen=True)
class Pick:
    """Which orders to move: `query` selects id and state (as `before`) and locks; it passes over rows others hold."""

    query: str
    params: Mapping[str, object] = field(default_factory=dict)
    prepared: str = ""  # a name: connections keep the statement planned, see prepared.py

    @classmethod
    def of(cls, ids: list[int]) -> "Pick":
        return cls(_BY_ID, {"ids": ids})


_BY_ID = "SELECT o.id, o.state AS before FROM {orders} o WHERE o.id = ANY(%(ids)s) AND {legal} FOR UPDATE SKIP LOCKED"


# An appointment that is taken from its agent stays a promise: nobody calls before it.
_PROMISE = Sql("CASE WHEN o.state = 'waiting' THEN o.appointment_at ELSE o.not_before END")
_RELEASED: dict[str, object] = {"assignee_id": None, "lease_until": None, "appointment_at": None}
# What reaching a state always means; a move's own changes come on top.
_ON_REACHING: dict[State, dict[str, object]] = {
    State.QUEUED: _RELEASED | {"not_before": _PROMISE},
    State.ASSIGNED: {"appointment_at": None, "not_before": _PROMISE},
    State.IN_PROGRESS: {},
    State.WAITING: {"lease_until": None, "not_before": None},
    State.DONE: _RELEASED | {"not_before": None},
    State.CANCELLED: _RELEASED | {"not_before": None},
}


def move(
    *,
    name: str,
    pick: Pick,
    actor: User | None,
    now: datetime,
    changes: Mapping[str, object] | None = None,
    disposition: Disposition | None = None,
    detail: Mapping[str, object] | None = None,
) -> list[WorkOrder]:
    """Make one move on every picked order that may make it; gives back the orders as they are afterwards, by id.

    changes: {column: value or Sql}. Orders in a state the move does not start from are passed over. Refused when the
    actor lacks the move's permission; which orders he may touch is the caller's `visible_to`.
    """
    step = MOVES[name]
    require_permission(step, actor)
    columns = _ON_REACHING[step.to] | {"state": step.to.value}
    if step.to in CLOSED:
        columns |= {"closed_at": now, "closed_by_id": actor.pk if actor else None}
    if disposition is not None:
        columns |= {"disposition_id": disposition.pk}
    columns |= changes or {}
    params = _params(step, actor, now, disposition, detail) | dict(pick.params)
    sets = []
    for column, value in columns.items():
        if isinstance(value, Sql):
            sets.append(f"{column} = {value}")
        else:
            sets.append(f"{column} = %(set_{column})s")
            params[f"set_{column}"] = value
    text = statement(pick.query, sets, stays_open=step.to in OPEN, by_person=actor is not None)
    if step.to not in CLOSED:
        return _moved(pick, text, params)
    with transaction.atomic(savepoint=False):
        closed = _moved(pick, text, params)
        tell_closed(closed, now=now)
    return closed


def _moved(pick: Pick, text: str, params: dict[str, object]) -> list[WorkOrder]:
    with connection.cursor() as cursor:
        if pick.prepared:
            prepared.execute(cursor, pick.prepared, text, params)
        else:
            cursor.execute(text, params)
        return [WorkOrder.from_db(connection.alias, FIELDS, row) for row in cursor.fetchall()]


def require_permission(step: Move, actor: User | None) -> None:
    """Refused unless `actor` may make this move at all; moves of the clock have no actor, all others need one."""
    if (actor is None) != (step.permission == SYSTEM):
        raise ValueError(f"the move {step.name} is made by {'nobody' if actor else 'a person'}")
    if actor is not None and not actor.may(step.permission):
        raise Refused(_("You may not do this with a work order."), code="move_not_permitted")


def _params(
    step: Move, actor: User | None, now: datetime, disposition: Disposition | None, detail: Mapping[str, object] | None
) -> dict[str, object]:
    return {
        "move": step.name,
        "sources": sorted(step.sources),
        "to": step.to.value,
        "at": now,
        "actor": actor.pk if actor else None,
        "actor_name": actor.username if actor else "system",
        "disposition": disposition.pk if disposition else None,
        "detail": json.dumps(dict(detail or {})),
        "action": "order.reassign" if step.name in REASSIGNING else "order.move",
    }


REASSIGNING = {"assign", "route", "take_back"}
