"""Hits of customers who have an open order already: it gets the evidence; events make it urgent."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from campaigns.outreach.models import RefusalReason
from campaigns.scenarios.models import ScenarioHit
from workorders.models import Transition, WorkOrder
from workorders.services.hit_batch import Chunk, HitsByCustomer, Night
from workorders.states import OPEN, RAISED

# An event (source) takes the order to the front; an appointment stays where it was promised.
_JOIN = f"""
WITH joined AS (
    UPDATE {WorkOrder._meta.db_table} o SET
        evidence = o.evidence || e.more::jsonb,
        priority = least(o.priority, e.priority),
        due_at = least(o.due_at, e.due_at),
        not_before = CASE WHEN e.source = '' THEN o.not_before END,
        version = o.version + (e.source <> '')::int
    FROM unnest(%(orders)s::bigint[], %(more)s::text[], %(priorities)s::smallint[], %(dues)s::timestamptz[],
                %(sources)s::text[]) AS e(id, more, priority, due_at, source)
    WHERE o.id = e.id
    RETURNING o.id, o.version, o.state, e.source
)
INSERT INTO {Transition._meta.db_table} (order_id, version, at, actor_name, move, from_state, to_state, detail)
SELECT id, version, %(now)s, 'system', '{RAISED}', state, state, jsonb_build_object('source', source)
FROM joined WHERE source <> ''
"""


def join_open_orders(night: Night, waiting: HitsByCustomer, chunk: Chunk) -> None:
    """Take the customers who have an open order out of `waiting`; what becomes of their hits goes into `chunk`.

    A hit of the night is refused as such. A hit of an event counts as opened under the number of that order, which
    becomes as urgent and as soon due as a new one would be; the order's trail says so.
    """
    existing = (
        WorkOrder.objects.filter(customer_id__in=waiting, state__in=OPEN)
        .select_for_update(of=("self",))
        .order_by("pk")
        .values_list("customer_id", "pk", "order_no")
    )
    rows = [_row(night, order, number, waiting.pop(customer), chunk) for customer, order, number in existing]
    if not rows:
        return
    orders, more, priorities, dues, sources = (list(column) for column in zip(*rows, strict=True))
    params = {"orders": orders, "more": more, "priorities": priorities, "dues": dues, "sources": sources}
    with connection.cursor() as cursor:
        cursor.execute(_JOIN, params | {"now": night.now})


def _row(
    night: Night, order: int, number: str, hits: Sequence[ScenarioHit], chunk: Chunk
) -> tuple[int, str, int | None, datetime | None, str]:
    """What the order gets: evidence, and with an event its priority, due time and source."""
    events = [hit for hit in hits if hit.event_id]
    for hit in hits:
        chunk.refused.pop(hit.pk, None)
    chunk.opened.update({hit.pk: number for hit in events})
    chunk.merged += len(events)
    chunk.refused.update({hit.pk: RefusalReason.ORDER_OPEN for hit in hits if not hit.event_id})
    evidence = night.evidence_of(hits)
    if not events:
        return order, evidence, None, None, ""
    urgent = min(night.scenario_of(hit).priority for hit in events)
    return order, evidence, urgent, min(map(night.due_at, events)), night.scenario_of(events[0]).code
