"""Closes orders without purpose: the line has left, what it was found by is over, or nobody came to it in time. Called
every night."""

from datetime import date, datetime, timedelta

from campaigns import outreach
from campaigns.scenarios.models import ScenarioHit
from campaigns.scenarios.services.hits import clear_hits
from customers.facts.models import Subscriber
from customers.profile.models import LeaverProfile
from workorders.order_types.models import OrderType
from workorders.orders.models import WorkOrder
from workorders.orders.origins import OriginKind
from workorders.orders.services.transitions import Pick, move_in_batches

STALE_AFTER_DAYS = 14

_TYPES = OrderType._meta.db_table
_AFTER_LEAVING = "coalesce((t.flow ->> 'after_leaving')::boolean, false)"
_TERMINATED = f"""
SELECT o.id, o.state AS before FROM {{orders}} o
JOIN {Subscriber._meta.db_table} s ON s.id = o.subscriber_id JOIN {_TYPES} t ON t.id = o.type_id
WHERE {{legal}} AND o.lease_until IS NULL AND s.status = '{Subscriber.Status.TERMINATED}' AND NOT {_AFTER_LEAVING}
ORDER BY o.id LIMIT %(batch)s FOR UPDATE OF o SKIP LOCKED
"""
# The line is back in use, its number has a new owner, or too much time has gone by.
_NOT_TO_WIN_BACK = f"""
SELECT o.id, o.state AS before FROM {{orders}} o JOIN {_TYPES} t ON t.id = o.type_id
WHERE {{legal}} AND o.lease_until IS NULL AND {_AFTER_LEAVING}
  AND NOT EXISTS (SELECT FROM {LeaverProfile._meta.db_table} l WHERE l.subscriber_id = o.subscriber_id)
ORDER BY o.id LIMIT %(batch)s FOR UPDATE OF o SKIP LOCKED
"""
_STALE = """
SELECT o.id, o.state AS before FROM {orders} o
WHERE o.state = 'queued' AND o.attempts = 0 AND o.due_at < %(stale_before)s
ORDER BY o.id LIMIT %(batch)s FOR UPDATE SKIP LOCKED
"""
# Opened by hits of which none holds any more. An order that was called for, or lies with an agent, goes on.
_CLEARED = f"""
SELECT o.id, o.state AS before FROM {{orders}} o
WHERE o.state = 'queued' AND o.attempts = 0 AND o.origin_kind = '{OriginKind.SCENARIO}'
  AND o.order_no IN (
      SELECT h.order_no FROM {ScenarioHit._meta.db_table} h
      WHERE h.state = '{ScenarioHit.State.OPENED}' AND h.cleared_on IS NOT NULL)
  AND NOT EXISTS (
      SELECT FROM {ScenarioHit._meta.db_table} h
      WHERE h.customer_id = o.customer_id AND h.order_no = o.order_no
        AND h.state = '{ScenarioHit.State.OPENED}' AND h.cleared_on IS NULL)
ORDER BY o.id LIMIT %(batch)s FOR UPDATE OF o SKIP LOCKED
"""


def auto_close_orders(*, as_of: date, now: datetime) -> int:
    """End the orders of lines that have left, those for winning back who is no longer to be called, those whose
    scenario no longer finds the line and asks for no more, and those never touched for 14 days after they were due.

    Their customers' contact budget is given back. An order on an agent's desk stays there. Returns the orders ended.
    """
    stale = Pick(_STALE, {"stale_before": now - timedelta(days=STALE_AFTER_DAYS)})
    due = (
        (Pick(_TERMINATED), "line_left"),
        (Pick(_NOT_TO_WIN_BACK), "not_to_win_back"),
        (Pick(_CLEARED), "cleared"),
        (stale, "stale"),
    )
    return sum(_close(pick, reason, as_of, now) for pick, reason in due)


def _close(pick: Pick, reason: str, as_of: date, now: datetime) -> int:
    def also(ended: list[WorkOrder]) -> None:
        outreach.release_many(order_nos=[order.order_no for order in ended], now=now)
        if reason == "cleared":
            clear_hits(orders={order.order_no: order.customer_id for order in ended})

    detail = {"reason": reason, "night": as_of.isoformat()}
    return move_in_batches(name="withdraw", pick=pick, now=now, detail=detail, also=also)
