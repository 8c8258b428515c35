"""The order of acceptance is the version of rows that carry none.

A row may land long after it was accepted: it waits for a reference, its batch is held or queued, its file is read by a
worker that died. Nothing is stored with the facts for that, and a delivery that lands in its turn costs a few look-ups:
what waits row by row is known by key, so a newer row of the key takes its place; deliveries that are not read yet are
kept as `OpenDelivery`, rows that land before an older one of them leave their keys (`KeyVersion`), and it leaves out
the rows that were overtaken. `supersession` has the statements.

Each landing holds the lock of its resource until its transaction ends. The lock is shared, so that loaders of other
rows do not wait; a row that lands before an older delivery holds it alone, or that one could look for its key too
early.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Max, Min

from customers.declarations import LANDING_LOCK
from customers.ingest.models import KeyVersion, OpenDelivery, QuarantinedRow
from customers.ingest.resources import RESOURCES
from customers.ingest.resources.base import Resource
from retention.core.db import transaction_locks

# A delivery that is not decided about for so long is closed: its content is no longer kept.
LONGEST_OPEN = timedelta(days=35)
DELIVERY_TABLE, KEY_TABLE = OpenDelivery._meta.db_table, KeyVersion._meta.db_table
ROW_TABLE = QuarantinedRow._meta.db_table


@dataclass(frozen=True)
class Turn:
    """The place of a landing in the order.

    records_until: keys are left for deliveries accepted until then; None when no older one is open.
    is_overtaken: newer rows of the resource have landed. has_waiting: rows of the resource wait.
    """

    accepted: int
    records_until: datetime | None = None
    is_overtaken: bool = False
    has_waiting: bool = False


def open_delivery(*, resource: str, source: str, now: datetime) -> int:
    """Accept a delivery that lands later. Returns its place in the order; `close_delivery` when it has ended."""
    return OpenDelivery.objects.create(resource=resource, source=source, created_at=now).pk


def close_delivery(accepted: int) -> None:
    OpenDelivery.objects.filter(pk=accepted).delete()


def is_open(accepted: int) -> bool:
    return OpenDelivery.objects.filter(pk=accepted).exists()


def take_turn(resource: Resource, accepted: int | None) -> Turn:
    """Lock the resource for a landing in the running transaction. accepted: None for rows that land at once."""
    accepted = accepted or _next_place()
    older = OpenDelivery.objects.filter(resource=resource.name, pk__lt=accepted).aggregate(last=Max("created_at"))
    if older["last"] is None:
        transaction_locks.lock_shared(LANDING_LOCK, resource.name)
    else:
        transaction_locks.lock(LANDING_LOCK, resource.name)
    with connection.cursor() as cursor:  # a statement of its own: it sees what landed before the lock was free
        cursor.execute(
            f"SELECT EXISTS (SELECT FROM {KEY_TABLE} WHERE resource = %s AND accepted > %s),"
            f" EXISTS (SELECT FROM {ROW_TABLE} WHERE resource = %s AND state = '{QuarantinedRow.State.WAITING}')",
            [resource.name, accepted, resource.name],
        )
        is_overtaken, has_waiting = cursor.fetchone()
    return Turn(accepted, older["last"], is_overtaken, has_waiting)


def take_waiting_turn(resource: Resource) -> Turn:
    """Lock the resource alone, for rows that waited: each has a place in the order of its own."""
    transaction_locks.lock(LANDING_LOCK, resource.name)
    return Turn(accepted=0)


def _next_place() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [DELIVERY_TABLE])
        return cursor.fetchone()[0]


def forget_settled(*, now: datetime) -> int:
    """Close deliveries that nobody decides about any more; drop keys that no open one can meet. Returns how many."""
    OpenDelivery.objects.filter(created_at__lt=now - LONGEST_OPEN).delete()
    if not KeyVersion.objects.exists():
        return 0
    oldest = dict(OpenDelivery.objects.values_list("resource").annotate(first=Min("pk")))
    dropped = 0
    for name in RESOURCES:  # each a range of the index, whatever is kept for others
        keys = KeyVersion.objects.filter(resource=name)
        dropped += (keys.filter(accepted__lt=oldest[name]) if name in oldest else keys).delete()[0]
    return dropped
