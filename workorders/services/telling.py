"""Telling other systems of orders that have ended. In the transaction of the move that ended them."""

from collections.abc import Sequence
from datetime import datetime

from customers.models import Subscriber
from retention.core.models.outbox import EventName
from retention.core.outbox import publish_query
from workorders.models import Disposition, WorkOrder

_CLOSED = f"""
    SELECT line.subscriber_no AS subject, o.branch_id,
        jsonb_build_object(
            'order_no', o.order_no, 'subscriber_no', line.subscriber_no, 'state', o.state,
            'disposition', ending.code, 'closed_at', o.closed_at
        ) AS payload
    FROM {WorkOrder._meta.db_table} o
    JOIN {Subscriber._meta.db_table} line ON line.id = o.subscriber_id
    LEFT JOIN {Disposition._meta.db_table} ending ON ending.id = o.disposition_id
    WHERE o.id = ANY(%(ids)s) ORDER BY o.id
"""


def tell_closed(orders: Sequence[WorkOrder], *, now: datetime) -> None:
    """`order.closed` of each order for the webhooks that want it; one statement, which ends at once without any."""
    if orders:
        ids = [order.pk for order in orders]
        publish_query(event=EventName.ORDER_CLOSED, query=_CLOSED, params={"ids": ids}, now=now)
