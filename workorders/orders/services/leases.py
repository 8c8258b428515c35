"""What the clock alone does to orders: leases run out, promised calls are missed. Called every minute."""

from datetime import datetime, timedelta

from workorders.orders.services.transitions import Pick, move

# After this an appointment that its agent has not kept goes to the group: the customer was promised a call.
MISSED_APPOINTMENT_GRACE = timedelta(minutes=30)
RELEASE_BATCH = 1000

_EXPIRED = """
SELECT o.id, o.state AS before FROM {orders} o
WHERE o.lease_until < %(at)s AND {legal} ORDER BY o.lease_until LIMIT %(batch)s FOR UPDATE SKIP LOCKED
"""
_MISSED = """
SELECT o.id, o.state AS before FROM {orders} o
WHERE o.appointment_at < %(missed_before)s AND {legal} ORDER BY o.appointment_at LIMIT %(batch)s FOR UPDATE SKIP LOCKED
"""


def release_expired_leases(*, now: datetime) -> int:
    """Give orders back to their group's queue when their agent is gone; the number of orders given back.

    An appointment missed by half an hour goes back too, and to the head of the queue.
    """
    return _release_in_batches("expire", _EXPIRED, {"batch": RELEASE_BATCH}, now) + _release_in_batches(
        "miss",
        _MISSED,
        {"batch": RELEASE_BATCH, "missed_before": now - MISSED_APPOINTMENT_GRACE},
        now,
        changes={"priority": 1},
    )


def _release_in_batches(
    name: str, query: str, params: dict[str, object], now: datetime, changes: dict[str, object] | None = None
) -> int:
    total = 0
    pick = Pick(query, params | {"at": now})
    while moved := len(move(name=name, pick=pick, actor=None, now=now, changes=changes)):
        total += moved
        if moved < RELEASE_BATCH:
            break
    return total
