"""Orders that a rule reserves: open to the whole group once nobody fitting has taken them in time."""

from datetime import datetime

from django.db import connection, transaction

from workorders.allocation.models import AllocationRule
from workorders.orders.models import Transition, WorkOrder
from workorders.orders.states import WIDENED

# So many at once, so that no statement holds the queue for long.
WIDEN_BATCH = 1000
# The time runs from the opening, and anew from the day that the order waits for.
_WIDEN = f"""
WITH late AS MATERIALIZED (
    SELECT o.id FROM {WorkOrder._meta.db_table} o JOIN {AllocationRule._meta.db_table} r ON r.id = o.rule_id
    WHERE o.state = 'queued' AND o.reserved_until <= %(now)s
      AND (o.not_before IS NULL OR o.not_before + r.minutes * interval '1 minute' <= %(now)s)
    LIMIT %(batch)s FOR UPDATE OF o SKIP LOCKED
), opened AS (
    UPDATE {WorkOrder._meta.db_table} o
    SET reserved_until = NULL, reserved_for_id = NULL, version = o.version + 1
    FROM late WHERE o.id = late.id RETURNING o.id, o.version, o.state, o.stage
)
INSERT INTO {Transition._meta.db_table} (order_id, version, at, actor_name, move, from_state, to_state, detail, stage)
SELECT id, version, %(now)s, 'system', '{WIDENED}', state, state, '{{}}', stage FROM opened
"""


def widen_overdue(*, now: datetime) -> int:
    """Open what was reserved until now to the whole group, with a line in the trail; how many. May run twice."""
    total = 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_WIDEN, {"now": now, "batch": WIDEN_BATCH})
            widened = int(cursor.rowcount)
        total += widened
        if widened < WIDEN_BATCH:
            return total
