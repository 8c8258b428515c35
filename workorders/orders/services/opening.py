"""From scenario hits, of the night or of events, to work orders: rank, ask the contact gate, open, allocate."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from campaigns import outreach
from campaigns.outreach import ContactRequest
from campaigns.outreach.models import RefusalReason
from campaigns.scenarios.models import Scenario, ScenarioHit
from campaigns.scenarios.services.events import react_to_events
from campaigns.scenarios.services.hits import settle_hits
from retention.core.audit import services as audit
from workorders.order_types.models import OrderType
from workorders.orders.services.insertion import NewOrder, insert_orders, new_numbers
from workorders.orders.services.merge_hits import Chunk, HitsByCustomer, OpeningRun, merge_into_open_orders

CUSTOMERS_PER_CHUNK = 2000


def open_from_hits(*, as_of: date, now: datetime, only_events: bool = False) -> dict:
    """Open the orders that the scenarios of `as_of` ask for; hits already settled are left alone, so it may run again.

    Of several hits of one customer the most urgent scenario opens the order and the others add their evidence to it.
    Customers with an open order get none; hits of events make that one more urgent. `only_events` leaves the hits of
    the night to the night. Gives back {"opened", "merged", "refused", "held", "refused_because": {...}}.
    """
    types = {one.code: one for one in OrderType.objects.current()}
    night = OpeningRun(as_of, now, types, Scenario.objects.in_bulk(), only_events)
    totals: Counter[str] = Counter(opened=0, merged=0, refused=0, held=0)
    because: Counter[str] = Counter()
    after = 0
    while customers := _customers_with_hits(night, after):
        with transaction.atomic():
            chunk = _open_chunk(night, customers)
        totals.update(opened=len(chunk.orders), merged=chunk.merged, refused=len(chunk.refused), held=len(chunk.held))
        because.update(str(reason.value) for reason in chunk.refused.values())
        after = customers[-1]
    if totals["opened"]:
        audit.record(actor=None, action="order.open", target=f"night:{as_of}", **totals)
    return dict(totals) | {"refused_because": dict(because)}


def _pending_hits(night: OpeningRun) -> "QuerySet[ScenarioHit]":
    hits = ScenarioHit.objects.to_open(on=night.as_of)
    return hits.from_events() if night.only_events else hits


def _customers_with_hits(night: OpeningRun, after: int) -> list[int]:
    hits = _pending_hits(night).filter(customer_id__gt=after)
    return list(hits.order_by("customer_id").values_list("customer_id", flat=True).distinct()[:CUSTOMERS_PER_CHUNK])


def _open_chunk(night: OpeningRun, customers: list[int]) -> Chunk:
    hits = _pending_hits(night).filter(customer_id__in=customers)
    found = list(hits.select_related(None).select_for_update(of=("self",)))
    chunk = Chunk(held=[hit.pk for hit in found if night.type_of(hit) is None])
    waiting = _by_customer(hit for hit in found if night.type_of(hit) is not None)
    merge_into_open_orders(night, waiting, chunk)
    named = dict(zip(waiting, new_numbers(len(waiting), on=night.as_of), strict=True))
    while waiting:
        waiting = _ask_gate(night, waiting, named, chunk)
    # Somebody else opened the order between the look and the gate: it is there now.
    late = _by_customer(hit for hit in found if chunk.refused.get(hit.pk) == RefusalReason.ALREADY_RESERVED)
    merge_into_open_orders(night, late, chunk)
    insert_orders(chunk.orders, now=night.now)
    settle_hits(opened=chunk.opened, refused=chunk.refused, held=chunk.held)
    return chunk


def _by_customer(hits: Iterable[ScenarioHit]) -> HitsByCustomer:
    """The hits of each customer, the most urgent first, as `to_open` orders them."""
    found: HitsByCustomer = {}
    for hit in hits:
        found.setdefault(hit.customer_id, []).append(hit)
    return found


def _ask_gate(
    night: OpeningRun, waiting: HitsByCustomer, named: Mapping[int, tuple[int, str]], chunk: Chunk
) -> HitsByCustomer:
    """Ask once for each customer, with the most urgent hit; gives back those who have another to ask with."""
    firsts = [hits[0] for hits in waiting.values()]
    requests = [_request(night, hit, named[hit.customer_id][1]) for hit in firsts]
    left = {}
    for hit, verdict in zip(firsts, outreach.reserve(requests=requests, now=night.now), strict=True):
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


def _request(night: OpeningRun, hit: ScenarioHit, order_no: str) -> ContactRequest:
    scenario, kind = night.scenarios[hit.scenario_id], night.type_of(hit)
    assert kind is not None
    return ContactRequest(
        hit.customer_id, hit.subscriber_id, scenario.channel, kind.purpose, f"scenario:{scenario.code}", order_no
    )


def _new_order(night: OpeningRun, named: tuple[int, str], hits: Sequence[ScenarioHit]) -> NewOrder:
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
        evidence=night.evidence_of(hits),
        expected_gain=first.gain,
        opened_on=night.as_of,
        due_at=night.due_at(first),
    )


def open_from_events(*, now: datetime) -> dict[str, Any]:
    """Let the event scenarios look at new events, and open or raise the orders they ask for.

    What a run that was killed left half done is done by the next one; two at once do it once. Gives back the counts of
    `react_to_events` and `open_from_hits`.
    """
    found = react_to_events(now=now)
    return found | open_from_hits(as_of=timezone.localtime(now).date(), now=now, only_events=True)
