"""Closes orders without purpose: the line has left, or the order was not worked in time. Called every night."""

from datetime import date, datetime, timedelta

from campaigns import outreach
from customers.facts.models import Subscriber
from workorders.orders.models import WorkOrder
from workorders.orders.services.transitions import Pick, move_in_batches

STALE_AFTER_DAYS = 14

_TERMINATED = f"""
SELECT o.id, o.state AS before FROM {{orders}} o JOIN {Subscriber._meta.db_table} s ON s.id = o.subscriber_id
WHERE {{legal}} AND o.lease_until IS NULL AND s.status = '{Subscriber.Status.TERMINATED}'
ORDER BY o.id LIMIT %(batch)s FOR UPDATE OF o SKIP LOCKED
"""
_STALE = """
SELECT o.id, o.state AS before FROM {orders} o
WHERE o.state = 'queued' AND o.attempts = 0 AND o.due_at < %(stale_before)s
ORDER BY o.id LIMIT %(batch)s FOR UPDATE SKIP LOCKED
"""


def auto_close_orders(*, as_of: date, now: datetime) -> int:
    """End the orders of lines that have left, and those never touched for 14 days after they were due.

    Their customers' contact budget is given back. An order on an agent's desk stays there. Returns the orders ended.
    """
    stale = Pick(_STALE, {"stale_before": now - timedelta(days=STALE_AFTER_DAYS)})
    return _close(Pick(_TERMINATED), "line_left", as_of, now) + _close(stale, "stale", as_of, now)


def _close(pick: Pick, reason: str, as_of: date, now: datetime) -> int:
    def release(ended: list[WorkOrder]) -> None:
        outreach.release_many(order_nos=[order.order_no for order in ended], now=now)

    detail = {"reason": reason, "night": as_of.isoformat()}
    return move_in_batches(name="withdraw", pick=pick, now=now, detail=detail, also=release)
