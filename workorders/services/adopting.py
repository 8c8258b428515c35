"""Orders that were opened before there was any group to work them come to one as soon as it exists."""

from datetime import datetime

from retention.core.models import Branch
from workorders.services.allocation import NEAREST_TEAM
from workorders.services.moving import Pick, Sql, move

BATCH = 1000

_TEAM = f"""(
    SELECT team.id FROM {Branch._meta.db_table} b CROSS JOIN LATERAL (
        {NEAREST_TEAM.replace("customer_id", "o.customer_id")}
    ) team WHERE b.id = o.branch_id
)"""
_ORPHANS = f"""
SELECT o.id, o.state AS before FROM {{orders}} o
WHERE o.team_id IS NULL AND {{legal}} AND {_TEAM} IS NOT NULL ORDER BY o.id LIMIT %(batch)s FOR UPDATE SKIP LOCKED
"""


def adopt_orphans(*, now: datetime) -> int:
    """Give queued orders of no group to the nearest one that there is by now; the number given."""
    total = 0
    pick = Pick(_ORPHANS, {"batch": BATCH})
    while moved := len(move(name="adopt", pick=pick, actor=None, now=now, changes={"team_id": Sql(_TEAM)})):
        total += moved
        if moved < BATCH:
            break
    return total
