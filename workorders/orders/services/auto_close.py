"""Orders that have lost their point: the line has left, or nobody came to them in time. Called every night."""

from datetime import date, datetime, timedelta

from django.db import transaction

from campaigns import outreach
from customers.facts.models import Subscriber
from workorders.orders.services.transitions import Pick, move

STALE_AFTER_DAYS = 14
CLOSE_BATCH = 1000

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

    Their customers' contact budget is given back. An order on somebody's desk is left to him. Returns the orders ended.
    """
    stale_before = now - timedelta(days=STALE_AFTER_DAYS)
    return _close_in_batches(_TERMINATED, "line_left", as_of, now, {}) + _close_in_batches(
        _STALE, "stale", as_of, now, {"stale_before": stale_before}
    )


def _close_in_batches(query: str, reason: str, as_of: date, now: datetime, params: dict[str, object]) -> int:
    total = 0
    pick = Pick(query, params | {"batch": CLOSE_BATCH})
    detail = {"reason": reason, "night": as_of.isoformat()}
    while True:
        with transaction.atomic():
            ended = move(name="withdraw", pick=pick, actor=None, now=now, detail=detail)
            outreach.release_many(order_nos=[order.order_no for order in ended], now=now)
        total += len(ended)
        if len(ended) < CLOSE_BATCH:
            return total
