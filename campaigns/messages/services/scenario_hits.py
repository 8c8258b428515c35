"""From scenario hits, of the night or of events, to messages in the queue."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from campaigns.messages.models import MessageTemplate
from campaigns.messages.services.queueing import MessageRequest, Queued, queue_messages
from campaigns.messages.states import State
from campaigns.outreach.models import RefusalReason
from campaigns.scenarios.models import Scenario, ScenarioHit
from campaigns.scenarios.services.hits import settle_hits

CUSTOMERS_PER_CHUNK = 2000
ORIGIN = "scenario"


@dataclass(frozen=True)
class QueueingReport:
    """What came of hits: messages queued, refused by the gate and why, held: the template is off, or there is no
    number, address or value."""

    queued: int
    refused: int
    held: int
    refused_because: dict[str, int]


@dataclass(frozen=True)
class _Run:
    as_of: date
    now: datetime
    scenarios: dict[int, Scenario]
    templates: dict[str, MessageTemplate]
    only_events: bool

    def hits(self) -> "QuerySet[ScenarioHit]":
        hits = ScenarioHit.objects.to_message(on=self.as_of)
        return hits.from_events() if self.only_events else hits


def queue_from_hits(*, as_of: date, now: datetime, only_events: bool = False) -> QueueingReport:
    """Queue the messages for the scenario hits of `as_of` through the same gate as orders; hits settled before are left
    alone, so it may run again. Of several hits of one customer the most urgent scenario is asked for first, and the
    gate refuses the others. only_events: leaves the hits of the night to the night."""
    templates = {one.code: one for one in MessageTemplate.objects.usable()}
    run = _Run(as_of, now, Scenario.objects.in_bulk(), templates, only_events)
    totals: Counter[str] = Counter(queued=0, refused=0, held=0)
    because: Counter[str] = Counter()
    after = 0
    while customers := _customers_with_hits(run, after):
        with transaction.atomic():
            _queue_chunk(run, customers, totals, because)
        after = customers[-1]
    return QueueingReport(**totals, refused_because=dict(because))


def queue_from_events(*, now: datetime) -> QueueingReport:
    """The hits of event scenarios that wait for a message."""
    return queue_from_hits(as_of=timezone.localtime(now).date(), now=now, only_events=True)


def _customers_with_hits(run: _Run, after: int) -> list[int]:
    hits = run.hits().filter(customer_id__gt=after)
    return list(hits.order_by("customer_id").values_list("customer_id", flat=True).distinct()[:CUSTOMERS_PER_CHUNK])


def _queue_chunk(run: _Run, customers: list[int], totals: Counter[str], because: Counter[str]) -> None:
    hits = list(run.hits().filter(customer_id__in=customers).select_related(None).select_for_update(of=("self",)))
    by_scenario: dict[int, list[ScenarioHit]] = {}
    for hit in hits:  # by the priority of their scenarios
        by_scenario.setdefault(hit.scenario_id, []).append(hit)
    messaged: dict[int, str] = {}
    refused: dict[int, RefusalReason] = {}
    for pk, theirs in by_scenario.items():
        for hit, answer in zip(theirs, _queue(run, run.scenarios[pk], theirs), strict=False):
            if answer.state != State.REFUSED:
                messaged[hit.pk] = answer.reference
            elif answer.reason in RefusalReason.values:
                refused[hit.pk] = RefusalReason(answer.reason)
    held = [hit.pk for hit in hits if hit.pk not in messaged and hit.pk not in refused]
    settle_hits(messaged=messaged, refused=refused, held=held)
    totals.update(queued=len(messaged), refused=len(refused), held=len(held))
    because.update(reason.value for reason in refused.values())


def _queue(run: _Run, scenario: Scenario, hits: Sequence[ScenarioHit]) -> list[Queued]:
    """The answers in the order of the hits; none while the template is off."""
    template = run.templates.get(scenario.template)
    if template is None:
        return []
    requests = [
        MessageRequest(hit.subscriber_id, ORIGIN, f"{scenario.code}:{_occasion(hit)}", by_risk=hit.by_risk)
        for hit in hits
    ]
    return queue_messages(requests=requests, template=template, now=run.now, priority=scenario.priority)


def _occasion(hit: ScenarioHit) -> str:
    return f"e{hit.event_id}" if hit.event_id else hit.on.isoformat()
