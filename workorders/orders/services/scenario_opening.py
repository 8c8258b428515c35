"""From scenario hits, of the night or of events, to work orders."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from campaigns.scenarios.models import Scenario, ScenarioHit
from campaigns.scenarios.services.events import react_to_events
from campaigns.scenarios.services.hits import settle_hits
from retention.core.audit import services as audit
from workorders.order_types.models import OrderType
from workorders.orders.origins import Origin, OriginKind
from workorders.orders.services.opening import open_orders
from workorders.orders.services.order_requests import OpeningResult, OrderRequest, WhenOpen

CUSTOMERS_PER_CHUNK = 2000


@dataclass(frozen=True)
class OpeningRun:
    """Data for every chunk. types: by code; scenarios: by id (one object each, not one a hit)."""

    as_of: date
    now: datetime
    types: Mapping[str, OrderType]
    scenarios: Mapping[int, Scenario]
    only_events: bool

    def hits(self) -> "QuerySet[ScenarioHit]":
        hits = ScenarioHit.objects.to_open(on=self.as_of)
        return hits.from_events() if self.only_events else hits

    def request_of(self, hit: ScenarioHit) -> OrderRequest | None:
        """None while the scenario's order type is switched off."""
        scenario = self.scenarios[hit.scenario_id]
        kind = self.types.get(scenario.order_type)
        if kind is None:
            return None
        return OrderRequest(
            subscriber_id=hit.subscriber_id,
            type=kind,
            origin=Origin(OriginKind.EVENT if hit.event_id else OriginKind.SCENARIO, scenario.code),
            found_on=hit.on,
            facts=hit.evidence,
            purpose=scenario.purpose,
            channel=scenario.channel,
            priority=scenario.priority,
            due_hours=scenario.due_hours,
            expected_gain=hit.gain,
            hit=hit.pk,
            when_open=WhenOpen.RAISE if hit.event_id else WhenOpen.INFORM,
            by_risk=hit.by_risk,
        )


@dataclass(frozen=True)
class OpeningReport:
    """What came of hits: orders opened, evidence merged into one, refused and why, held for a switched off type."""

    opened: int
    merged: int
    refused: int
    held: int
    refused_because: dict[str, int]


@dataclass(frozen=True)
class ReactionReport:
    """What came of new events: {result: events}, see EventReaction.Result, and of the hits among them."""

    events: Mapping[str, int]
    orders: OpeningReport


def open_from_hits(*, as_of: date, now: datetime, only_events: bool = False) -> OpeningReport:
    """Open the orders for the scenario hits of `as_of`; hits already settled are left alone, so it may run again.

    Of several hits of one customer the most urgent scenario opens the order and the others add their evidence to it.
    Customers with an open order get none; hits of events make that one more urgent. `only_events` leaves the hits of
    the night to the night.
    """
    types = {one.code: one for one in OrderType.objects.current()}
    run = OpeningRun(as_of, now, types, Scenario.objects.in_bulk(), only_events)
    totals: Counter[str] = Counter(opened=0, merged=0, refused=0, held=0)
    because: Counter[str] = Counter()
    after = 0
    while customers := _customers_with_hits(run, after):
        with transaction.atomic():
            hits, results = _open_chunk(run, customers)
        reasons = [result.reason.value for result in results if result.reason is not None]
        opened, merged = sum(one.opened for one in results), sum(one.merged for one in results)
        totals.update(opened=opened, merged=merged, refused=len(reasons), held=hits - opened - merged - len(reasons))
        because.update(reasons)
        after = customers[-1]
    if totals["opened"]:
        audit.record(actor=None, action="order.open", target=f"night:{as_of}", **totals)
    return OpeningReport(**totals, refused_because=dict(because))


def _customers_with_hits(run: OpeningRun, after: int) -> list[int]:
    hits = run.hits().filter(customer_id__gt=after)
    return list(hits.order_by("customer_id").values_list("customer_id", flat=True).distinct()[:CUSTOMERS_PER_CHUNK])


def _open_chunk(run: OpeningRun, customers: list[int]) -> tuple[int, Sequence[OpeningResult]]:
    """The hits of these customers, and the results of those with an order request; the others are held."""
    hits = list(run.hits().filter(customer_id__in=customers).select_related(None).select_for_update(of=("self",)))
    requests = {hit.pk: request for hit in hits if (request := run.request_of(hit)) is not None}
    results = open_orders(requests=list(requests.values()), on=run.as_of, now=run.now)
    settled = {hit: one for hit, one in zip(requests, results, strict=True) if one.order_no or one.reason}
    settle_hits(
        opened={hit: one.order_no for hit, one in settled.items() if one.order_no},
        refused={hit: one.reason for hit, one in settled.items() if one.reason},
        held=[hit.pk for hit in hits if hit.pk not in settled],
    )
    return len(hits), results


def open_from_events(*, now: datetime) -> ReactionReport:
    """Run the event scenarios on new events, and open or raise the orders of their hits.

    Work left by a killed run is done by the next one; two runs at once do it once.
    """
    events = react_to_events(now=now)
    return ReactionReport(events, open_from_hits(as_of=timezone.localtime(now).date(), now=now, only_events=True))
