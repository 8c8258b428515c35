"""From the night's hits to work orders: rank, ask the contact gate, open, hand to a group. Chunks of customers."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection, transaction

from campaigns import governance
from campaigns.governance import ContactRequest
from campaigns.models import RefusalReason, ScenarioHit
from campaigns.services import settle_hits
from retention.core import audit
from workorders.models import OrderType, WorkOrder
from workorders.services.inserting import NewOrder, insert_orders, new_numbers
from workorders.states import OPEN

CHUNK = 2000


@dataclass
class _Chunk:
    """What is decided about the hits of some customers, before it is written."""

    opened: dict[int, str]  # hit -> order number, shared by all hits of one customer
    refused: dict[int, RefusalReason]
    held: list[int]
    orders: list[NewOrder]
    merged: int = 0


def open_from_hits(*, as_of: date, now: datetime) -> dict:
    """Open the orders that the scenarios of `as_of` ask for; hits already settled are left alone, so it may run again.

    Of several hits of one customer the most urgent scenario opens the order and the others add their evidence to it.
    Customers with an open order get none. Gives back {"opened", "merged", "refused", "held", "refused_because": {...}}.
    """
    types = {one.code: one for one in OrderType.objects.current()}
    totals: Counter[str] = Counter(opened=0, merged=0, refused=0, held=0)
    because: Counter[str] = Counter()
    after = 0
    while customers := _customers_with_hits(as_of, after):
        with transaction.atomic():
            chunk = _open_chunk(as_of, customers, types, now)
        totals.update(opened=len(chunk.orders), merged=chunk.merged, refused=len(chunk.refused), held=len(chunk.held))
        because.update(str(reason.value) for reason in chunk.refused.values())
        after = customers[-1]
    if totals["opened"]:
        audit.record(actor=None, action="order.open", target=f"night:{as_of}", **totals)
    return dict(totals) | {"refused_because": dict(because)}


def _customers_with_hits(as_of: date, after: int) -> list[int]:
    hits = ScenarioHit.objects.to_open(on=as_of).filter(customer_id__gt=after)
    return list(hits.order_by("customer_id").values_list("customer_id", flat=True).distinct()[:CHUNK])


def _open_chunk(as_of: date, customers: list[int], types: dict[str, OrderType], now: datetime) -> _Chunk:
    hits = list(ScenarioHit.objects.to_open(on=as_of).filter(customer_id__in=customers).select_for_update(of=("self",)))
    chunk = _Chunk({}, {}, [hit.pk for hit in hits if hit.scenario.order_type not in types], [])
    waiting = _by_customer(hit for hit in hits if hit.scenario.order_type in types)
    _merge_into_open_orders(waiting, chunk)
    numbers = iter(new_numbers(len(waiting), on=as_of))
    named = {customer: next(numbers) for customer in waiting}
    while waiting:
        waiting = _ask_gate(waiting, named, types, chunk, as_of, now)
    insert_orders(chunk.orders, now=now)
    settle_hits(opened=chunk.opened, refused=chunk.refused, held=chunk.held)
    return chunk


def _by_customer(hits: Iterable[ScenarioHit]) -> dict[int, list[ScenarioHit]]:
    """The hits of each customer, the most urgent first, as `to_open` orders them."""
    found: dict[int, list[ScenarioHit]] = {}
    for hit in hits:
        found.setdefault(hit.customer_id, []).append(hit)
    return found


def _merge_into_open_orders(waiting: dict[int, list[ScenarioHit]], chunk: _Chunk) -> None:
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
        added[order] = json.dumps([_evidence(hit) for hit in theirs])
    if added:
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {WorkOrder._meta.db_table} o SET evidence = o.evidence || e.more::jsonb"
                " FROM unnest(%s::bigint[], %s::text[]) AS e(id, more) WHERE o.id = e.id",
                [list(added), list(added.values())],
            )


def _ask_gate(
    waiting: dict[int, list[ScenarioHit]],
    named: dict[int, tuple[int, str]],
    types: dict[str, OrderType],
    chunk: _Chunk,
    as_of: date,
    now: datetime,
) -> dict[int, list[ScenarioHit]]:
    """Ask once for each customer, with the most urgent hit; gives back those who have another to ask with."""
    firsts = [hits[0] for hits in waiting.values()]
    requests = [
        ContactRequest(
            hit.customer_id, hit.subscriber_id, hit.scenario.channel, types[hit.scenario.order_type].purpose,
            f"scenario:{hit.scenario.code}", named[hit.customer_id][1],
        )
        for hit in firsts
    ]  # fmt: skip
    left = {}
    for hit, verdict in zip(firsts, governance.reserve(requests=requests, now=now), strict=True):
        theirs = waiting[hit.customer_id]
        if verdict.reason is not None:
            chunk.refused[hit.pk] = verdict.reason
            if theirs[1:]:
                left[hit.customer_id] = theirs[1:]
            continue
        pk, number = named[hit.customer_id]
        chunk.orders.append(_new_order(pk, number, theirs, types[hit.scenario.order_type], as_of, now))
        chunk.opened.update({one.pk: number for one in theirs})
        chunk.merged += len(theirs) - 1
    return left


def _new_order(pk: int, number: str, hits: list[ScenarioHit], kind: OrderType, as_of: date, now: datetime) -> NewOrder:
    hit = hits[0]
    return NewOrder(
        id=pk,
        order_no=number,
        type_id=kind.pk,
        subscriber_id=hit.subscriber_id,
        priority=hit.scenario.priority,
        source=hit.scenario.code,
        evidence=json.dumps([_evidence(one) for one in hits]),
        expected_gain=hit.gain,
        opened_on=as_of,
        due_at=now + timedelta(hours=kind.due_hours),
    )


def _evidence(hit: ScenarioHit) -> dict:
    return {"scenario": hit.scenario.code, "hit": hit.pk, "on": hit.on.isoformat(), "facts": hit.evidence}
