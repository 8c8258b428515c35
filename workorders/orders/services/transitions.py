"""Moves orders from state to state. All moves of orders go through here.

`move` changes any number of orders in one statement, with trail, audit and customer grants; `order.closed` events are
published and the clocks set (`follow_ups`) in the same transaction. One statement, because fifty agents press "next"
at once: each further round trip is a longer lock. A move is done whole or not at all; the caller's transaction, where
there is one, holds the other writes (notes, contact gate).
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import connection, models, transaction
from django.utils.translation import gettext as _

from customers.facts.models import Subscriber
from customers.grants.models import CustomerGrant
from retention.core.accounts.models import User
from retention.core.audit.models import AuditEntry
from retention.core.db import prepared
from retention.core.errors import Refused
from retention.core.webhooks.services.publishing import publish_query
from workorders.declarations import ORDER_CLOSED
from workorders.order_types.models import Disposition, OrderType
from workorders.orders.effects import AFTER_CLOSING, run_effects
from workorders.orders.flow import Choice
from workorders.orders.models import Transition, WorkOrder
from workorders.orders.services.drafts import keep_as_notes
from workorders.orders.services.follow_ups import Changed, follow
from workorders.orders.states import CLOSED, MOVES, OPEN, REFINED, SYSTEM, TAKING_AWAY, Move, State

# Returned columns. JSON fields are deferred: decoding them for every moved order is expensive.
RETURNED_COLUMNS = [
    field.attname for field in WorkOrder._meta.concrete_fields if not isinstance(field, models.JSONField)
]
# Orders moved by the clock in one transaction.
MOVE_BATCH = 1000
_ORDERS, _GRANTS = WorkOrder._meta.db_table, CustomerGrant._meta.db_table
# The orders that the move may start from; {orders} and {legal} stand for these in a Pick.
LEGAL_SOURCE_SQL = "o.state = ANY(%(sources)s)"
# Where the version of the order's type sends it with this move: [stage, the type's move], NULL when nowhere.
ROUTE_SQL = f"""(
    SELECT t.routes #> ARRAY[
        CASE WHEN o.stage = '' THEN coalesce(t.routes -> '' -> o.state ->> 0, '') ELSE o.stage END, %(move)s::text]
    FROM {OrderType._meta.db_table} t WHERE t.id = o.type_id
)"""
_ROUTED = f"(stage, step) = (SELECT coalesce(r ->> 0, ''), coalesce(r ->> 1, '') FROM (SELECT {ROUTE_SQL} AS r) way)"

# MATERIALIZED: the pick is made once, so a LIMIT inside it cannot claim more rows than the limit.
_MOVED = f"""
pick AS MATERIALIZED (%s),
moved AS (
    UPDATE {_ORDERS} o SET %s, version = o.version + 1 FROM pick WHERE o.id = pick.id RETURNING o.*, pick.before
)"""
_TRAIL = f"""
trail AS (
    INSERT INTO {Transition._meta.db_table}
        (order_id, version, at, actor_id, actor_name, move, from_state, to_state, disposition_id, detail, stage, step)
    SELECT id, version, %(at)s::timestamptz, %(actor)s::bigint, %(actor_name)s::text, %(move)s::text, before, state,
           %(disposition)s::bigint, %(detail)s::jsonb, stage, step
    FROM moved
)"""
# Access to the customer follows the order: its group and its agent, as long as it is open.
_GRANTED = f"""
granted AS (
    INSERT INTO {_GRANTS} (customer_id, user_id, team_id, order_no)
    SELECT customer_id, assignee_id, team_id, order_no FROM moved
    ON CONFLICT (order_no) DO UPDATE SET user_id = excluded.user_id, team_id = excluded.team_id
)"""
_ENDED = f"""
ended AS (DELETE FROM {_GRANTS} g USING moved WHERE g.order_no = moved.order_no)"""
_AUDITED = f"""
audited AS (
    INSERT INTO {AuditEntry._meta.db_table} (at, actor_id, actor_name, action, target, detail)
    SELECT %(at)s::timestamptz, %(actor)s::bigint, %(actor_name)s::text, %(action)s::text, 'workorder:' || order_no,
           jsonb_build_object('move', %(move)s::text, 'from', before, 'to', state)
    FROM moved
)"""


def transition_sql(pick: str, sets: Sequence[str], *, refined: bool, stays_open: bool, by_person: bool) -> str:
    """The statement for one move: `pick` is a Pick's query, `sets` its assignments ("state = %(set_state)s").

    refined: legal only where the order's type has the move.
    """
    legal = f"{LEGAL_SOURCE_SQL} AND {ROUTE_SQL} IS NOT NULL" if refined else LEGAL_SOURCE_SQL
    picked = pick.format(orders=_ORDERS, legal=legal)
    parts = [_MOVED % (picked, ", ".join(sets)), _TRAIL, _GRANTED if stays_open else _ENDED]
    if by_person:
        parts.append(_AUDITED)
    return f"WITH {','.join(parts)}\nSELECT {', '.join(RETURNED_COLUMNS)}, before FROM moved ORDER BY id"


_CLOSED_EVENT = f"""
    SELECT line.subscriber_no AS subject, o.branch_id,
        jsonb_build_object(
            'order_no', o.order_no, 'subscriber_no', line.subscriber_no, 'state', o.state,
            'disposition', ending.code, 'closed_at', o.closed_at
        ) AS payload
    FROM {WorkOrder._meta.db_table} o
    JOIN {Subscriber._meta.db_table} line ON line.id = o.subscriber_id
    LEFT JOIN {Disposition._meta.db_table} ending ON ending.id = o.disposition_id
    WHERE o.id = ANY(%(ids)s) ORDER BY o.id
"""


def publish_closed(orders: Sequence[WorkOrder], *, now: datetime) -> None:
    """`order.closed` of each order for its subscribers; one statement, which ends at once without any."""
    if orders:
        ids = [order.pk for order in orders]
        publish_query(event=ORDER_CLOSED, query=_CLOSED_EVENT, params={"ids": ids}, now=now)


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


# An appointment that is taken from its agent stays a promise: no call before it.
_PROMISE = Sql("CASE WHEN o.state = 'waiting' THEN o.appointment_at ELSE o.not_before END")
_RELEASED: dict[str, object] = {"assignee_id": None, "lease_until": None, "appointment_at": None}
# Changes on entering a state; a move adds its own.
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
    choice: Choice | None = None,
) -> list[WorkOrder]:
    """Make one move on every picked order that may make it; gives back the orders as they are afterwards, by id.

    changes: {column: value or Sql}. Orders in a state the move does not start from are passed over, and those whose
    type has no such move. choice: which move of the type it is, when it has several by this row of the table; the
    caller has checked that it is one of the order's. Refused when the actor lacks the move's permission; restricting
    the orders to visible ones is up to the caller. What the type's move does besides is done in the transaction.
    """
    step = MOVES[name]
    require_permission(step, actor)
    columns = _ON_REACHING[step.to] | {"state": step.to.value}
    if step.to in CLOSED:
        columns |= {"closed_at": now, "closed_by_id": actor.pk if actor else None}
    if State.DONE in step.sources:
        columns |= {"closed_at": None, "closed_by_id": None}
    if disposition is not None:
        columns |= {"disposition_id": disposition.pk}
    columns |= changes or {}
    params = _params(step, actor, now, disposition, detail) | dict(pick.params)
    if choice is not None:
        columns |= {"stage": choice.to, "step": choice.step.key if choice.step else ""}
    sets, given = _assignments(columns)
    params |= given
    if choice is None:
        sets.append(_ROUTED)
    refined = name in REFINED and choice is None
    text = transition_sql(pick.query, sets, refined=refined, stays_open=step.to in OPEN, by_person=actor is not None)
    with transaction.atomic(savepoint=False):
        moved = _moved(pick, text, params, name, disposition is not None)
        _finish(step, moved, actor, now)
    return moved


def _finish(step: Move, moved: list[WorkOrder], actor: User | None, now: datetime) -> None:
    """What belongs to a move besides its statement."""
    if step.to in CLOSED:
        publish_closed(moved, now=now)
        for follow_up in AFTER_CLOSING.values():
            follow_up(orders=moved, now=now)
    if step.name in TAKING_AWAY:
        keep_as_notes(orders=moved, now=now)
    if actor is not None and step.name in REFINED:
        run_effects(orders=moved, actor=actor, now=now)


def _assignments(columns: Mapping[str, object]) -> tuple[list[str], dict[str, object]]:
    """The assignments of an UPDATE, and their parameters."""
    sets = [
        f"{name} = {value}" if isinstance(value, Sql) else f"{name} = %(set_{name})s" for name, value in columns.items()
    ]
    return sets, {f"set_{name}": value for name, value in columns.items() if not isinstance(value, Sql)}


def move_in_batches(
    *,
    name: str,
    pick: Pick,
    now: datetime,
    changes: Mapping[str, object] | None = None,
    detail: Mapping[str, object] | None = None,
    also: Callable[[list[WorkOrder]], object] | None = None,
) -> int:
    """Make a move of the clock on all picked orders, MOVE_BATCH (the pick's %(batch)s) a transaction; how many.

    also: what else a batch writes, in its transaction.
    """
    pick = replace(pick, params={**pick.params, "batch": MOVE_BATCH})
    total = 0
    while True:
        with transaction.atomic():
            moved = move(name=name, pick=pick, actor=None, now=now, changes=changes, detail=detail)
            if also is not None:
                also(moved)
        total += len(moved)
        if len(moved) < MOVE_BATCH:
            return total


def _moved(pick: Pick, text: str, params: dict[str, Any], name: str, is_contact: bool) -> list[WorkOrder]:
    """The orders as the move and what follows it leave them."""
    with connection.cursor() as cursor:
        if pick.prepared:
            prepared.execute(cursor, pick.prepared, text, params)
        else:
            cursor.execute(text, params)
        rows = cursor.fetchall()
    orders = [WorkOrder.from_db(connection.alias, RETURNED_COLUMNS, row[:-1]) for row in rows]
    changed = [
        Changed(order.pk, order.type_id, name, row[-1], order.state, is_contact)
        for order, row in zip(orders, rows, strict=True)
    ]
    due = follow(changed, now=params["at"])
    for order in orders:
        order.due_at = due.get(order.pk, order.due_at)
    return orders


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
        "action": "order.reassign" if step.name in REASSIGNING_MOVES else "order.move",
    }


REASSIGNING_MOVES = {"assign", "route", "take_back"}
