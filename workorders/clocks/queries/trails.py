"""What the law is asked with: orders with their type's clocks, their calendar and their trail; a fixed number of
statements for any number of orders."""

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from django.db import connection

from retention.core.db.arrays import array
from workorders.clocks.law import PROMISED, Line
from workorders.order_types.clocks import ClockSpec
from workorders.order_types.models import Disposition, OrderType
from workorders.orders.models import Transition, WorkOrder

# Types are kept for so long: those that have orders do not change their clocks.
KEPT_SECONDS = 60.0
_MICROSECONDS = "(extract(epoch FROM {}) * 1000000)::bigint"
_PROMISED = ", ".join(f"t.detail->>'{name}'" for name in PROMISED)
_ORDERS = (
    f"SELECT id, version, type_id, team_id, branch_id FROM {WorkOrder._meta.db_table} WHERE id = ANY(%s::bigint[])"
)
_TRAIL = f"""
SELECT t.order_id, {_MICROSECONDS.format("t.at")}, t.move, t.to_state, t.disposition_id IS NOT NULL,
       coalesce(d.reached, false),
       {_MICROSECONDS.format(f"coalesce({_PROMISED})::timestamptz")},
       (t.detail->>'due_minutes')::int
FROM {Transition._meta.db_table} t LEFT JOIN {Disposition._meta.db_table} d ON d.id = t.disposition_id
WHERE t.order_id = ANY(%s::bigint[]) ORDER BY t.order_id, t.version
"""


@dataclass
class Case:
    """One order as the law needs it. version: of the order when it was read."""

    order_id: int
    version: int
    type_id: int
    team_id: int | None
    branch_id: int
    trail: list[Line] = field(default_factory=list)


def cases_of(ids: Sequence[int]) -> list[Case]:
    with connection.cursor() as cursor:
        cursor.execute(_ORDERS, [array(ids)])
        cases = {row[0]: Case(*row) for row in cursor.fetchall()}
        cursor.execute(_TRAIL, [array(cases)])
        for order_id, *line in cursor.fetchall():
            cases[order_id].trail.append(Line._make(line))
    return [case for case in cases.values() if case.trail]


_kept: dict[int, tuple[float, tuple[ClockSpec, ...]]] = {}


def specs_of(types: Collection[int]) -> dict[int, tuple[ClockSpec, ...]]:
    """{id of an order type: its clocks}."""
    until = time.monotonic()
    missing = [pk for pk in set(types) if pk not in _kept or _kept[pk][0] < until]
    if missing:
        for row in OrderType.objects.filter(pk__in=missing).only("pk", "clocks", "due_hours"):
            _kept[row.pk] = until + KEPT_SECONDS, row.clock_specs
    return {pk: _kept[pk][1] for pk in types}
