"""May this line be terminated? Billing asks before it does so (row B4); the answer follows the retention order.

Reasons. Not yet: "request_received" (the order is about to be opened), "retention_order_open". Yes: "no_request",
"not_contactable" (the customer may not be contacted), "retained" and "not_retained" (how the order ended),
"waited_too_long" (the limit is over: nobody is held hostage).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from campaigns.scenarios.models import EventReaction, Scenario, ScenarioHit
from campaigns.scenarios.services.events import EVENT_WINDOW
from customers.models import StatusEvent, Subscriber
from workorders.models import Disposition, WorkOrder
from workorders.states import OPEN

KEPT = (Disposition.Result.RETAINED, Disposition.Result.ACCEPTED)


@dataclass(frozen=True)
class Answer:
    allowed: bool
    reason: str
    order: WorkOrder | None = None


def termination_check(*, subscriber: Subscriber, now: datetime) -> Answer:
    """Whether billing may terminate the line now, by its newest termination request."""
    requests = StatusEvent.objects.filter(subscriber=subscriber, kind=StatusEvent.Kind.TERMINATION_REQUEST)
    request = requests.order_by("-at", "-pk").first()
    if request is None:
        return Answer(True, "no_request")
    late = now - request.at > timedelta(hours=settings.TERMINATION_HOLD_HOURS)
    hits = ScenarioHit.objects.filter(event=request).exclude(state=ScenarioHit.State.REPORTED)
    hit = hits.order_by("scenario__priority", "pk").first()
    if hit is None:
        return _without_hit(request, now)
    if hit.state == ScenarioHit.State.PENDING:
        return Answer(late, "waited_too_long" if late else "request_received")
    order = WorkOrder.objects.select_related("disposition").filter(order_no=hit.order_no).first()
    if order is None:
        return Answer(True, "not_contactable")
    if order.state in OPEN:
        return Answer(late, "waited_too_long" if late else "retention_order_open", order)
    kept = order.disposition is not None and order.disposition.result in KEPT
    return Answer(True, "retained" if kept else "not_retained", order)


def _without_hit(request: StatusEvent, now: datetime) -> Answer:
    """Nobody looks for it, or nobody has yet."""
    listening = Scenario.objects.on_events().filter(event_kinds__contains=[request.kind])
    seen = EventReaction.objects.filter(event=request).values("scenario")
    waits = request.at > now - EVENT_WINDOW and listening.exclude(pk__in=seen).exists()
    return Answer(False, "request_received") if waits else Answer(True, "no_request")
