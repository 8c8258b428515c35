"""Times the clocks of orders anew by the calendars that hold now. What happened to them stays as their moves wrote it:
each clock keeps its course beside its times, so no trail is read again.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import connection, transaction

from retention.core.db.arrays import array
from workorders.clocks.law import Course, reckon_each
from workorders.clocks.models import OrderClock
from workorders.clocks.queries.calendars import CalendarBook
from workorders.clocks.queries.trails import specs_of
from workorders.order_types.clocks import Counting
from workorders.orders.models import WorkOrder

_ORDERS, _CLOCKS = WorkOrder._meta.db_table, OrderClock._meta.db_table
_INSTANTS = ", ".join(
    f"(extract(epoch FROM c.{name}) * 1000000)::bigint" for name in ("started_at", "met_at", "stopped_at")
)
# A move of the order waits for this, and then writes its clocks by the calendar that holds by then.
_LOCK = (
    f"SELECT id, type_id, team_id, branch_id FROM {_ORDERS} WHERE id = ANY(%s::bigint[]) ORDER BY id FOR NO KEY UPDATE"
)
_COURSES = f"""
SELECT c.id, c.order_id, c.kind, c.minutes, c.promises::text, c.pauses::text, {_INSTANTS}
FROM {_CLOCKS} c WHERE c.order_id = ANY(%s::bigint[]) AND c.calendar <> ''
"""
# People are told again only about a moment that has been moved into the future.
_WRITE = f"""
UPDATE {_CLOCKS} c SET
    calendar = g.calendar, warn_at = g.warn_at, due_at = g.due_at, escalate_at = g.escalate_at,
    warned_at = CASE WHEN g.warn_at <= %(now)s THEN c.warned_at END,
    breached_at = CASE WHEN g.due_at <= %(now)s THEN c.breached_at END,
    escalated_at = CASE WHEN g.escalate_at <= %(now)s THEN c.escalated_at END
FROM (
    SELECT u.id, u.calendar, to_timestamp(u.warn / 1000000.0) AS warn_at, to_timestamp(u.due / 1000000.0) AS due_at,
           to_timestamp(u.due / 1000000.0) + u.minutes * interval '1 minute' AS escalate_at
    FROM unnest(%(ids)s::bigint[], %(keys)s::text[], %(warns)s::bigint[], %(dues)s::bigint[], %(minutes)s::int[])
        AS u(id, calendar, warn, due, minutes)
) g
WHERE c.id = g.id
"""
_DUE = f"""
UPDATE {_ORDERS} o SET due_at = d.due_at
FROM (
    SELECT order_id, min(due_at) AS due_at FROM {_CLOCKS}
    WHERE order_id = ANY(%s::bigint[]) AND met_at IS NULL AND stopped_at IS NULL GROUP BY order_id
) d
WHERE o.id = d.order_id AND o.due_at IS DISTINCT FROM d.due_at AND d.due_at IS NOT NULL
"""


@transaction.atomic
def retime_clocks(*, ids: Sequence[int], now: datetime, book: CalendarBook) -> list[int]:
    """Time all clocks of these orders that count working time, and set when each order is due. Locks the orders.

    Returns those of them that keep no such clocks.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [array(ids)])
        orders = {pk: (type_id, book.of(team_id, branch_id)) for pk, type_id, team_id, branch_id in cursor.fetchall()}
        cursor.execute(_COURSES, [array(orders)])
        rows = cursor.fetchall()
        found = _courses(rows, {pk: type_id for pk, (type_id, _calendar) in orders.items()})
        times = reckon_each(found, [orders[row[1]][1] for row in rows])
        columns = {
            "ids": (row[0] for row in rows),
            "keys": (key for key, _warn, _due in times),
            "warns": (warn for _key, warn, _due in times),
            "dues": (due for _key, _warn, due in times),
            "minutes": (course.spec.escalate_minutes for course in found),
        }
        cursor.execute(_WRITE, {name: array(values) for name, values in columns.items()} | {"now": now})
        cursor.execute(_DUE, [array(orders)])
    return sorted(orders.keys() - {row[1] for row in rows})


def _courses(rows: Iterable[tuple], types: dict[int, int]) -> list[Course]:
    """The courses that the rows of clocks keep. types: of each order."""
    specs = {
        (type_id, spec.kind.value): spec
        for type_id, found in specs_of(set(types.values())).items()
        for spec in found
        if spec.counting == Counting.WORKING
    }
    return [
        Course(specs[types[order_id], kind], ((started, minutes), *_pairs(promises)), _pairs(pauses), met, stopped)
        for _pk, order_id, kind, minutes, promises, pauses, started, met, stopped in rows
    ]


def _pairs(text: str) -> tuple:
    """Pairs as refreshing wrote them; almost always none."""
    return () if text == "[]" else tuple((first, second) for first, second in json.loads(text))
