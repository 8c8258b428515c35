"""Hits of customers with an open order: the order gets their evidence; events make it urgent."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import connection

from campaigns.outreach.models import RefusalReason
from campaigns.scenarios.models import Scenario, ScenarioHit
from workorders.order_types.models import OrderType
from workorders.orders.models import Transition, WorkOrder
from workorders.orders.services.insertion import NewOrder
from workorders.orders.states import OPEN, RAISED

HitsByCustomer = dict[int, list[ScenarioHit]]


@dataclass(frozen=True)
class OpeningRun:
    """What every chunk needs. types: by code; scenarios: by id (one object each, not one a hit)."""

    as_of: date
    now: datetime
    types: Mapping[str, OrderType]
    scenarios: Mapping[int, Scenario]
    only_events: bool = False

    def scenario_of(self, hit: ScenarioHit) -> Scenario:
        return self.scenarios[hit.scenario_id]

    def type_of(self, hit: ScenarioHit) -> OrderType | None:
        return self.types.get(self.scenario_of(hit).order_type)

    def due_at(self, hit: ScenarioHit) -> datetime:
        """When an order for this hit is due: as the scenario says, else its order type."""
        kind = self.type_of(hit)
        assert kind is not None
        return self.now + timedelta(hours=self.scenario_of(hit).due_hours or kind.due_hours)

    def evidence_of(self, hits: Sequence[ScenarioHit]) -> str:
        """The JSON of WorkOrder.evidence."""
        told = [
            {
                "scenario": self.scenario_of(hit).code,
                "hit": hit.pk,
                "on": hit.on.isoformat(),
                "facts": hit.evidence,
            }
            for hit in hits
        ]
        return json.dumps(told)


@dataclass
class Chunk:
    """What is decided about the hits of some customers, before it is written."""

    opened: dict[int, str] = field(default_factory=dict)  # hit -> order number, shared by all hits of one customer
    refused: dict[int, RefusalReason] = field(default_factory=dict)
    held: list[int] = field(default_factory=list)
    orders: list[NewOrder] = field(default_factory=list)
    merged: int = 0


# An event (source) takes the order to the front; an appointment stays where it was promised.
_MERGE = f"""
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


def merge_into_open_orders(night: OpeningRun, waiting: HitsByCustomer, chunk: Chunk) -> None:
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
    rows = [_merge_row(night, order, number, waiting.pop(customer), chunk) for customer, order, number in existing]
    if not rows:
        return
    orders, more, priorities, dues, sources = (list(column) for column in zip(*rows, strict=True))
    params = {"orders": orders, "more": more, "priorities": priorities, "dues": dues, "sources": sources}
    with connection.cursor() as cursor:
        cursor.execute(_MERGE, params | {"now": night.now})


def _merge_row(
    night: OpeningRun, order: int, number: str, hits: Sequence[ScenarioHit], chunk: Chunk
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
