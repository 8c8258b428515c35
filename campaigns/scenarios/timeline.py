"""What scenarios wanted of a customer, for the page of the customer's contacts."""

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.audiences.rules import rule_catalogue
from campaigns.audiences.text import format_evidence
from campaigns.outreach.models import RefusalReason
from campaigns.outreach.timeline import MAX_ITEMS
from campaigns.scenarios.models import EventReaction, Scenario, ScenarioHit
from customers.facts.models import StatusEvent, Subscriber
from retention.core import clock
from retention.core.accounts.models import User
from retention.core.ui.components import TimelineItem
from retention.core.ui.formats import moment

State, Result = ScenarioHit.State, EventReaction.Result
TONES = {State.OPENED: "good", State.MESSAGED: "good", State.REFUSED: "warning", State.HELD: "warning"}
EVENT_LABELS = dict(StatusEvent.Kind.choices)
# The ledger has an entry of its own for what the gate refused.
TOLD_BY_LEDGER = [one.value for one in RefusalReason if one != RefusalReason.ORDER_OPEN]


def hit_items(user: User, line: Subscriber, since: datetime) -> list[TimelineItem]:
    """Nights and events that found the customer; where the gate refused, the ledger says it."""
    hits = ScenarioHit.objects.visible_to(user).filter(
        customer=line.account.customer_id, on__gte=timezone.localtime(since).date()
    )
    hits = hits.exclude(state=State.REFUSED, reason__in=TOLD_BY_LEDGER).select_related("scenario", "reaction")
    fields = rule_catalogue()
    return [_hit(one, user, fields) for one in hits.order_by("-on", "-pk")[:MAX_ITEMS]]


def _hit(hit: ScenarioHit, user: User, fields: dict) -> TimelineItem:
    rests = hit.on + timedelta(days=hit.scenario.cooldown_days)
    parts = [" · ".join(f"{label} {value}" for label, value in format_evidence(hit.evidence, fields))]
    if hit.reason:
        parts.append(hit.get_reason_display())
    if hit.order_no:
        parts.append(_("order %(number)s") % {"number": hit.order_no})
    if hit.state != State.REFUSED:
        parts.append(_("found again from %(day)s at the earliest") % {"day": moment(rests)})
    reaction = getattr(hit, "reaction", None)
    return TimelineItem(
        at=reaction.at if reaction else clock.midnight(hit.on),
        title=_title(hit.scenario),
        text=" · ".join(part for part in parts if part),
        icon="target",
        tone=TONES.get(State(hit.state), "info"),
        href=_address(hit.scenario, user),
        badge=hit.get_state_display(),
    )


def event_items(user: User, line: Subscriber, since: datetime) -> list[TimelineItem]:
    """Events of the line that a scenario heard and did not act on: resting, over the limit, not worth a contact."""
    left = EventReaction.objects.filter(event__subscriber=line, at__gt=since)
    left = left.exclude(result__in=[Result.HIT, Result.PASSED]).select_related("scenario", "event")
    return [
        TimelineItem(
            at=one.at,
            title=_title(one.scenario),
            text=_("event: %(event)s") % {"event": EVENT_LABELS.get(one.event.kind, one.event.kind)},
            icon="target",
            tone="warning",
            href=_address(one.scenario, user),
            badge=one.get_result_display(),
        )
        for one in left.order_by("-at", "-pk")[:MAX_ITEMS]
    ]


def _title(scenario: Scenario) -> str:
    return _("Scenario %(code)s: %(title)s") % {"code": scenario.code, "title": scenario.title}


def _address(scenario: Scenario, user: User) -> str:
    return reverse("campaigns:scenario", args=[scenario.code]) if user.may("scenarios.view") else ""
