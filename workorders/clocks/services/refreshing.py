"""Writes the clocks of orders as the law reckons them from their trails, and with them when each order is due.

With a move: in its transaction, for orders whose clocks the move concerns. In bulk: for any orders; one that is moved
meanwhile keeps what its move wrote.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import connection

from retention.core.db.arrays import array
from workorders.clocks.calendars import ALWAYS
from workorders.clocks.law import ACCEPTING, CALLING, MENDING, courses, reckon_each
from workorders.clocks.models import OrderClock
from workorders.clocks.queries.calendars import CalendarBook, open_book
from workorders.clocks.queries.trails import Case, cases_of, specs_of
from workorders.clocks.worktime import to_datetime
from workorders.order_types.clocks import ClockKind, ClockSpec, Counting
from workorders.orders.models import WorkOrder
from workorders.orders.services.follow_ups import Changed
from workorders.orders.states import CLOSED, OPENED, RAISED, TAKEN_OVER

ROUTING = ("assign", "route", "adopt")  # these may bring an order to a group with another calendar
_ORDERS, _CLOCKS = WorkOrder._meta.db_table, OrderClock._meta.db_table
_COLUMNS = {
    "order_id": "bigint", "kind": "text", "calendar": "text", "started_at": "bigint",
    "minutes": "integer", "promises": "text", "pauses": "text", "paused_from": "bigint", "paused_until": "bigint",
    "warn_at": "bigint", "due_at": "bigint", "escalate_after": "integer", "met_at": "bigint", "stopped_at": "bigint",
}  # fmt: skip
_WRITTEN = (
    "calendar", "started_at", "minutes", "promises", "pauses", "paused_from", "paused_until", "warn_at", "due_at",
    "escalate_at", "met_at", "stopped_at",
)  # fmt: skip


def _instant(column: str) -> str:
    return f"to_timestamp(g.{column} / 1000000.0)"


# Orders that somebody moves meanwhile have another version by now, and the clocks that their move has set. Each set of
# rows is joined once, by a key: the planner takes arrays for one row, and would run a grouped subquery for each order.
# People are told again only about a moment that has been moved into the future.
_WRITE = f"""
WITH given AS MATERIALIZED (
    SELECT * FROM unnest({", ".join(f"%({name})s::{kind}[]" for name, kind in _COLUMNS.items())})
        AS g({", ".join(_COLUMNS)})
),
held AS MATERIALIZED (
    SELECT o.id, {_instant("due_at")} AS due_at FROM {_ORDERS} o
    JOIN unnest(%(orders)s::bigint[], %(versions)s::integer[], %(dues)s::bigint[]) AS g(id, version, due_at)
        ON g.id = o.id AND g.version = o.version
    ORDER BY o.id FOR NO KEY UPDATE OF o
),
written AS (
    INSERT INTO {_CLOCKS} AS c (order_id, kind, {", ".join(_WRITTEN)})
    SELECT g.order_id, g.kind, g.calendar, {_instant("started_at")}, g.minutes, g.promises::jsonb, g.pauses::jsonb,
           {_instant("paused_from")}, {_instant("paused_until")}, {_instant("warn_at")}, {_instant("due_at")},
           {_instant("due_at")} + g.escalate_after * interval '1 minute', {_instant("met_at")}, {_instant("stopped_at")}
    FROM given g JOIN held ON held.id = g.order_id
    ON CONFLICT (order_id, kind) DO UPDATE SET
        ({", ".join(_WRITTEN)}) = ROW ({", ".join(f"excluded.{name}" for name in _WRITTEN)}),
        warned_at = CASE WHEN excluded.warn_at <= %(now)s THEN c.warned_at END,
        breached_at = CASE WHEN excluded.due_at <= %(now)s THEN c.breached_at END,
        escalated_at = CASE WHEN excluded.escalate_at <= %(now)s THEN c.escalated_at END
    WHERE ({", ".join(f"c.{name}" for name in _WRITTEN)})
        IS DISTINCT FROM ({", ".join(f"excluded.{name}" for name in _WRITTEN)})
),
gone AS (
    DELETE FROM {_CLOCKS} c USING held WHERE c.order_id = held.id
        AND NOT EXISTS (SELECT FROM given g WHERE g.order_id = c.order_id AND g.kind = c.kind)
)
UPDATE {_ORDERS} o SET due_at = held.due_at FROM held
WHERE o.id = held.id AND held.due_at IS NOT NULL AND o.due_at IS DISTINCT FROM held.due_at
RETURNING o.id, o.due_at
"""


def follow_move(*, changed: Sequence[Changed], now: datetime) -> dict[int, datetime]:
    """Set the clocks that a change concerns, in its transaction; {order id: due time} of orders whose due time moved.

    Most moves concern none: they cost no statement.
    """
    specs = specs_of({one.type_id for one in changed})
    concerned = [one.order_id for one in changed if any(concerns(spec, one) for spec in specs[one.type_id])]
    return refresh_clocks(ids=concerned, now=now) if concerned else {}


def concerns(spec: ClockSpec, change: Changed) -> bool:
    """Whether a change can move, meet, stop or pause the clock."""
    if change.move in (OPENED, RAISED, TAKEN_OVER):
        return True
    passed = {change.before, change.after}
    if change.before != change.after and passed & {*spec.pauses_in, *CLOSED}:
        return True
    if spec.counting == Counting.WORKING and change.move in ROUTING:
        return True
    match spec.kind:
        case ClockKind.ACCEPT:
            return change.move in ACCEPTING
        case ClockKind.ATTEMPT:
            return change.is_contact or change.move == CALLING
        case ClockKind.CONTACT:
            return change.is_contact or change.move in MENDING
    return False


def refresh_clocks(*, ids: Sequence[int], now: datetime, book: CalendarBook | None = None) -> dict[int, datetime]:
    """Reckon all clocks of these orders from their trails; {order id: due time} of orders whose due time moved.

    Five statements for any number of orders; it locks the orders that it writes, by id.
    """
    cases = cases_of(ids)
    if not cases:
        return {}
    specs = specs_of({case.type_id for case in cases})
    works = any(spec.counting == Counting.WORKING for found in specs.values() for spec in found)
    columns = _reckoned(cases, specs, book or open_book() if works else None)
    with connection.cursor() as cursor:
        asked = {name: array(values) for name, values in (columns | _first_due(cases, columns)).items()}
        cursor.execute(_WRITE, asked | {"now": now})
        return dict(cursor.fetchall())


def _reckoned(
    cases: Sequence[Case], specs: Mapping[int, Sequence[ClockSpec]], book: CalendarBook | None
) -> dict[str, list]:
    """The columns of the clocks."""
    owners = [(case, book.of(case.team_id, case.branch_id) if book else ALWAYS) for case in cases]
    rows = [(case, own, course) for case, own in owners for course in courses(case.trail, specs[case.type_id])]
    times = reckon_each([course for _case, _own, course in rows], [own for _case, own, _course in rows])
    found: dict[str, list] = {name: [] for name in _COLUMNS}
    for (case, _own, course), (key, warn, due) in zip(rows, times, strict=True):
        last = course.pauses[-1] if course.pauses else (None, None)
        values = (
            case.order_id, course.spec.kind.value, key, *course.promises[0], _json(course.promises[1:]),
            _json(course.pauses), *last, warn, due, course.spec.escalate_minutes, course.met_at, course.stopped_at,
        )  # fmt: skip
        for name, value in zip(_COLUMNS, values, strict=True):
            found[name].append(value)
    return found


def _first_due(cases: Sequence[Case], found: Mapping[str, list]) -> dict[str, list]:
    """Of each order that has clocks its version and when the first of those that are open runs out, None for none."""
    due: dict[int, int | None] = dict.fromkeys(found["order_id"])
    columns = (found[name] for name in ("order_id", "due_at", "met_at", "stopped_at"))
    for order, at, met, stopped in zip(*columns, strict=True):
        if at is not None and met is None and stopped is None:
            due[order] = min(at, due[order] or at)
    versions = {case.order_id: case.version for case in cases}
    return {"orders": list(due), "versions": [versions[order] for order in due], "dues": list(due.values())}


def _json(pairs: Sequence[tuple[int, int | None]]) -> str:
    """Pairs of instants and minutes, or of two instants, as microseconds since 1970; almost always none."""
    return json.dumps(pairs) if pairs else "[]"


def read_moments(pairs: Sequence[Sequence[int | None]]) -> list[tuple[datetime | None, ...]]:
    return [tuple(None if one is None else to_datetime(one) for one in pair) for pair in pairs]
