"""Requests for customers with an open order: the order gets their facts; urgent requests raise it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection

from campaigns.outreach.models import RefusalReason
from workorders.orders.models import Transition, WorkOrder
from workorders.orders.services.displacement import raises, take_over_orders
from workorders.orders.services.follow_ups import Changed, follow
from workorders.orders.services.order_requests import ByCustomer, OpeningResult, WhenOpen, evidence_of
from workorders.orders.states import OPEN, RAISED

# A request that raises (source) takes the order to the front; an appointment stays where it was promised.
_MERGE = f"""
WITH joined AS (
    UPDATE {WorkOrder._meta.db_table} o SET
        evidence = o.evidence || e.more::jsonb,
        priority = least(o.priority, e.priority),
        due_at = least(o.due_at, e.due_at),
        not_before = CASE WHEN e.source = '' THEN o.not_before END,
        version = o.version + (e.source <> '')::int
    FROM unnest(%(orders)s::bigint[], %(more)s::text[], %(priorities)s::smallint[], %(dues)s::timestamptz[],
                %(sources)s::text[], %(minutes)s::integer[]) AS e(id, more, priority, due_at, source, due_minutes)
    WHERE o.id = e.id
    RETURNING o.id, o.version, o.state, o.stage, e.source, e.due_minutes
)
INSERT INTO {Transition._meta.db_table} (order_id, version, at, actor_name, move, from_state, to_state, detail, stage)
SELECT id, version, %(now)s, 'system', '{RAISED}', state, state,
       jsonb_build_object('source', source, 'due_minutes', due_minutes), stage
FROM joined WHERE source <> ''
"""


def merge_into_open_orders(waiting: ByCustomer, *, now: datetime) -> None:
    """Take the customers who have an open order out of `waiting` and decide their results.

    A more urgent request takes over an order that nobody has begun (`displacement`). A request that raises stands for
    that order, which becomes as urgent and as soon due as a new one would be; the order's trail records it. The others
    are refused with ORDER_OPEN. The orders stay locked until the transaction ends.
    """
    existing = list(
        WorkOrder.objects.filter(customer_id__in=waiting, state__in=OPEN, one_open=True)
        .select_for_update(of=("self",))
        .order_by("pk")
        .select_related("type")
        .defer("answers", "evidence")
    )
    claims = [(order, waiting.pop(order.customer_id)) for order in existing]
    taken = take_over_orders(claims, now=now)
    rows = [
        row
        for order, results in claims
        if order.pk not in taken and (row := _merge_row(order, results, now)) is not None
    ]
    if not rows:
        return
    orders, more, priorities, dues, sources, minutes = (list(column) for column in zip(*rows, strict=True))
    params = {
        "orders": orders, "more": more, "priorities": priorities, "dues": dues, "sources": sources, "minutes": minutes,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_MERGE, params | {"now": now})
    standing = {order.pk: order for order in existing}
    raised = [standing[pk] for pk, source in zip(orders, sources, strict=True) if source]
    follow([Changed(one.pk, one.type_id, RAISED, one.state, one.state) for one in raised], now=now)


def _merge_row(
    order: WorkOrder, results: Sequence[OpeningResult], now: datetime
) -> tuple[int, str, int | None, datetime | None, str, int | None] | None:
    """Changes to the order: evidence, and of requests that raise it their priority, due time and source."""
    raising = [result for result in results if raises(result.request)]
    for result in results:
        result.reason = RefusalReason.ORDER_OPEN
    for result in raising:
        result.stands_for(order.order_no)
    telling = [result for result in results if result.order_no or result.request.when_open != WhenOpen.REFUSE]
    if not telling:
        return None
    evidence = evidence_of(telling)
    if not raising:
        return order.pk, evidence, None, None, "", None
    requests = [result.request for result in raising]
    priority, minutes = min(one.order_priority for one in requests), min(one.due_minutes for one in requests)
    due_at = now + timedelta(minutes=minutes)
    return order.pk, evidence, priority, due_at, requests[0].origin.source, minutes
