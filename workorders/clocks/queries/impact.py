"""What a change of a calendar would do to the orders that are open, before it is saved. Reads clocks, not trails."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from workorders.clocks.law import NEVER, Course, reckon
from workorders.clocks.models import OrderClock, WorkCalendar
from workorders.clocks.queries.calendars import CalendarBook, open_book
from workorders.order_types.clocks import ClockKind, ClockSpec
from workorders.orders.models import WorkOrder
from workorders.orders.states import OPEN

_MICROSECONDS = "(extract(epoch FROM {}) * 1000000)::bigint"
_CLOCKS = f"""
SELECT c.order_id, o.team_id, o.branch_id, c.calendar, {_MICROSECONDS.format("c.started_at")}, c.minutes,
       nullif(c.promises, '[]')::text, nullif(c.pauses, '[]')::text, {_MICROSECONDS.format("c.due_at")}
FROM {OrderClock._meta.db_table} c JOIN {WorkOrder._meta.db_table} o ON o.id = c.order_id
WHERE c.met_at IS NULL AND c.stopped_at IS NULL AND o.state = ANY(%s)
"""


@dataclass(frozen=True)
class Impact:
    """Open orders whose due time the change moves."""

    moved: int = 0
    earlier: int = 0
    later: int = 0


def impact_of(changed: WorkCalendar) -> Impact:
    """changed: the calendar as it would be saved. Two statements and arithmetic, whatever the number of orders."""
    changed.version += 1  # as saving would: another key
    try:
        book = open_book(instead=changed)
    finally:
        changed.version -= 1
    with connection.cursor() as cursor:
        cursor.execute(_CLOCKS, [list(OPEN)])
        rows = cursor.fetchall()
    before: dict[int, int] = {}
    after: dict[int, int] = {}
    for row, due in zip(rows, _due(rows, book), strict=True):
        order = row[0]
        before[order] = min(before.get(order, NEVER), NEVER if row[8] is None else row[8])
        after[order] = min(after.get(order, NEVER), due)
    earlier = sum(after[order] < before[order] for order in before)
    later = sum(after[order] > before[order] for order in before)
    return Impact(earlier + later, earlier, later)


def _due(rows: Sequence[tuple], book: CalendarBook) -> list[int]:
    """The due time of each clock in the book."""
    due = [NEVER if row[8] is None else row[8] for row in rows]
    stale: dict[str, list[int]] = {}
    keepers = {}
    for place, row in enumerate(rows):
        if row[3] and (calendar := book.of(row[1], row[2])).key != row[3]:
            stale.setdefault(calendar.key, []).append(place)
            keepers[calendar.key] = calendar.keeper
    for key, places in stale.items():
        times = reckon([_course(rows[place]) for place in places], keepers[key])
        for place, at in zip(places, times.due.tolist(), strict=True):
            due[place] = at
    return due


def _course(row: tuple) -> Course:
    _order, _team, _branch, _key, started, minutes, promises, pauses, _due = row
    promised = [(at, given) for at, given in json.loads(promises)] if promises else []
    stood = tuple((since, until) for since, until in json.loads(pauses)) if pauses else ()
    return Course(ClockSpec(ClockKind.CLOSE, minutes), ((started, minutes), *promised), stood, None, None)
