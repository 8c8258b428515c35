"""What the clock alone does to orders: leases run out, promised calls are missed. Called every minute."""

from datetime import datetime, timedelta

from workorders.orders.services.transitions import Pick, move_in_batches

# After this an appointment that its agent has not kept goes to the group: the customer was promised a call.
MISSED_APPOINTMENT_GRACE = timedelta(minutes=30)

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
    missed = Pick(_MISSED, {"missed_before": now - MISSED_APPOINTMENT_GRACE})
    return move_in_batches(name="expire", pick=Pick(_EXPIRED), now=now) + move_in_batches(
        name="miss", pick=missed, now=now, changes={"priority": 1}
    )
