"""Orders reserved for an owner who answers for the line no more: to who answers for it now, else to the whole group."""

from datetime import datetime

from django.db import connection

from customers.facts.models import Subscriber
from retention.core.accounts.models import User
from workorders.allocation.matching import OWNER_OF_LINE
from workorders.orders.models import WorkOrder

_REALLOT = f"""
UPDATE {WorkOrder._meta.db_table} o
SET reserved_for_id = found.owner_id,
    reserved_until = CASE WHEN found.owner_id IS NULL THEN NULL ELSE o.reserved_until END
FROM (
    SELECT q.id, owner.id AS owner_id FROM {WorkOrder._meta.db_table} q
    JOIN {Subscriber._meta.db_table} s ON s.id = q.subscriber_id
    LEFT JOIN LATERAL ({OWNER_OF_LINE}) owner ON true
    WHERE q.reserved_for_id = %(owner)s AND q.state = 'queued'
    FOR UPDATE OF q SKIP LOCKED
) found
WHERE found.id = o.id AND found.owner_id IS DISTINCT FROM %(owner)s
"""


def reserve_anew(*, user: User, now: datetime) -> int:
    """After a change of a person: reserve for the new owners what was reserved for the person; how many.

    The cohorts share out the lines first, in the same transaction. now: unused; all follow-ups are called alike.
    """
    with connection.cursor() as cursor:
        cursor.execute(_REALLOT, {"owner": user.pk})
        return int(cursor.rowcount)
