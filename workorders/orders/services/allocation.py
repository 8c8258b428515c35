"""Which retention group gets an order: that of the line's branch, else of the nearest branch above it."""

from datetime import datetime

from retention.core.accounts.models import Branch, Team
from workorders.orders.services.transitions import Pick, Sql, move_in_batches

# A LATERAL over the branch `b` and the customer `customer_id`. Groups of one branch share its customers evenly, and a
# customer always comes to the same one of them.
NEAREST_TEAM = f"""
    SELECT t.id FROM {Team._meta.db_table} t JOIN {Branch._meta.db_table} tb ON tb.id = t.branch_id
    WHERE starts_with(b.path, tb.path)
    ORDER BY length(tb.path) DESC, hashint8extended(customer_id, t.id), t.id LIMIT 1
"""
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
    return move_in_batches(name="adopt", pick=Pick(_ORPHANS), now=now, changes={"team_id": Sql(_TEAM)})
