"""From the night's hits to work orders: rank, ask the contact gate, open, hand to a group. Chunks of customers."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import connection, transaction

from campaigns import governance
from campaigns.governance import ContactRequest
from campaigns.models import RefusalReason, Scenario, ScenarioHit
from campaigns.services import settle_hits
from retention.core import audit
from workorders.models import OrderType, WorkOrder
from workorders.services.inserting import NewOrder, insert_orders, new_numbers
from workorders.states import OPEN

CHUNK = 2000


@dataclass(frozen=True)
class _Night:
    """What every chunk needs. types: by code; scenarios: by id (one object each, not one a hit)."""

    as_of: date
    now: datetime
    types: Mapping[str, OrderType]
    scenarios: Mapping[int, Scenario]

    def type_of(self, hit: ScenarioHit) -> OrderType | None:
        return self.types.get(self.scenarios[hit.scenario_id].order_type)


@dataclass
class _Chunk:
    """What is decided about the hits of some customers, before it is written."""

    opened: dict[int, str] = field(default_factory=dict)  # hit -> order number, shared by all hits of one customer
    refused: dict[int, RefusalReason] = field(default_factory=dict)
    held: list[int] = field(default_factory=list)
    orders: list[NewOrder] = field(default_factory=list)
    merged: int = 0


def open_from_hits(*, as_of: date, now: datetime) -> dict:
    """Open the orders that the scenarios of `as_of` ask for; hits already settled are left alone, so it may run again.

    Of several hits of one customer the most urgent scenario opens the order and the others add their evidence to it.
    Customers with an open order get none. Gives back {"opened", "merged", "refused", "held", "refused_because": {...}}.
    """
    types = {one.code: one for one in OrderType.objects.current()}
    night = _Night(as_of, now, types, Scenario.objects.in_bulk())
    totals: Counter[str] = Counter(opened=0, merged=0, refused=0, held=0)
    because: Counter[str] = Counter()
    after = 0
    while customers := _customers_with_hits(as_of, after):
        with transaction.atomic():
            chunk = _open_chunk(night, customers)
        totals.update(opened=len(chunk.orders), merged=chunk.merged, refused=len(chunk.refused), held=len(chunk.held))
        because.update(str(reason.value) for reason in chunk.refused.values())
        after = customers[-1]
    if totals["opened"]:
        audit.record(actor=None, action="order.open", target=f"night:{as_of}", **totals)
    return dict(totals) | {"refused_because": dict(because)}


def _customers_with_hits(as_of: date, after: int) -> list[int]:
    hits = ScenarioHit.objects.to_open(on=as_of).filter(customer_id__gt=after)
    return list(hits.order_by("customer_id").values_list("customer_id", flat=True).distinct()[:CHUNK])


def _open_chunk(night: _Night, customers: list[int]) -> _Chunk:
    hits = ScenarioHit.objects.to_open(on=night.as_of).filter(customer_id__in=customers)
    found = list(hits.select_related(None).select_for_update(of=("self",)))
    chunk = _Chunk(held=[hit.pk for hit in found if night.type_of(hit) is None])
    waiting = _by_customer(hit for hit in found if night.type_of(hit) is not None)
    _merge_into_open_orders(night, waiting, chunk)
    named = dict(zip(waiting, new_numbers(len(waiting), on=night.as_of), strict=True))
    while waiting:
        waiting = _ask_gate(night, waiting, named, chunk)
    insert_orders(chunk.orders, now=night.now)
    settle_hits(opened=chunk.opened, refused=chunk.refused, held=chunk.held)
    return chunk


def _by_customer(hits: Iterable[ScenarioHit]) -> dict[int, list[ScenarioHit]]:
    """The hits of each customer, the most urgent first, as `to_open` orders them."""
    found: dict[int, list[ScenarioHit]] = {}
    for hit in hits:
        found.setdefault(hit.customer_id, []).append(hit)
    return found


def _merge_into_open_orders(night: _Night, waiting: dict[int, list[ScenarioHit]], chunk: _Chunk) -> None:
    """Customers who have an order already: it gets the evidence, the hits are refused as such."""
    existing = dict(
        WorkOrder.objects.filter(customer_id__in=waiting, state__in=OPEN)
        .select_for_update(of=("self",))
        .values_list("customer_id", "pk")
    )
    added: dict[int, str] = {}
    for customer, order in existing.items():
        theirs = waiting.pop(customer)
        chunk.refused.update({hit.pk: RefusalReason.ORDER_OPEN for hit in theirs})
        added[order] = _evidence(night, theirs)
    if added:
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {WorkOrder._meta.db_table} o SET evidence = o.evidence || e.more::jsonb"
                " FROM unnest(%s::bigint[], %s::text[]) AS e(id, more) WHERE o.id = e.id",
                [list(added), list(added.values())],
            )


def _ask_gate(
    night: _Night, waiting: dict[int, list[ScenarioHit]], named: Mapping[int, tuple[int, str]], chunk: _Chunk
) -> dict[int, list[ScenarioHit]]:
    """Ask once for each customer, with the most urgent hit; gives back those who have another to ask with."""
    firsts = [hits[0] for hits in waiting.values()]
    requests = [_request(night, hit, named[hit.customer_id][1]) for hit in firsts]
    left = {}
    for hit, verdict in zip(firsts, governance.reserve(requests=requests, now=night.now), strict=True):
        theirs = waiting[hit.customer_id]
        if verdict.reason is not None:
            chunk.refused[hit.pk] = verdict.reason
            if theirs[1:]:
                left[hit.customer_id] = theirs[1:]
            continue
        order = _new_order(night, named[hit.customer_id], theirs)
        chunk.orders.append(order)
        chunk.opened.update({one.pk: order.order_no for one in theirs})
        chunk.merged += len(theirs) - 1
    return left


def _request(night: _Night, hit: ScenarioHit, order_no: str) -> ContactRequest:
    scenario, kind = night.scenarios[hit.scenario_id], night.type_of(hit)
    assert kind is not None
    return ContactRequest(
        hit.customer_id, hit.subscriber_id, scenario.channel, kind.purpose, f"scenario:{scenario.code}", order_no
    )


def _new_order(night: _Night, named: tuple[int, str], hits: Sequence[ScenarioHit]) -> NewOrder:
    first = hits[0]
    scenario, kind = night.scenarios[first.scenario_id], night.type_of(first)
    assert kind is not None
    return NewOrder(
        id=named[0],
        order_no=named[1],
        type_id=kind.pk,
        subscriber_id=first.subscriber_id,
        priority=scenario.priority,
        source=scenario.code,
        evidence=_evidence(night, hits),
        expected_gain=first.gain,
        opened_on=night.as_of,
        due_at=night.now + timedelta(hours=kind.due_hours),
    )


def _evidence(night: _Night, hits: Sequence[ScenarioHit]) -> str:
    """The JSON of WorkOrder.evidence."""
    return json.dumps(
        [
            {
                "scenario": night.scenarios[hit.scenario_id].code,
                "hit": hit.pk,
                "on": hit.on.isoformat(),
                "facts": hit.evidence,
            }
            for hit in hits
        ]
    )
