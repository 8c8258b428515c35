"""What this app gives to the one below it, which does not know it: a panel of the 360, and words for its codes."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from campaigns.evidence import describe
from campaigns.models import ContactOutcome, ContactPurpose, Decision, DeclineReason, RefusalReason, ScenarioHit
from campaigns.offers.words import shown
from campaigns.rules import rule_catalogue
from campaigns.tables import STATE_TONES
from customers import panels, words
from customers.models import Subscriber

SHOWN = 8


def register() -> None:
    words.register(ContactPurpose, ContactOutcome, RefusalReason)
    words.register(DeclineReason)
    panels.register("decisions")(decisions_panel)
    panels.register("scenarios")(hits_panel)


def decisions_panel(request: HttpRequest, subscriber: Subscriber) -> panels.Panel | None:
    """What this line was offered, newest first, and what became of it."""
    found = list(Decision.objects.filter(subscriber=subscriber).for_history()[:SHOWN])
    if not found:
        return None
    context = {"rows": [shown(decision) for decision in found]}
    return panels.Panel(
        title=_("Offers"), icon="gift", template="campaigns/_decisions_of_line.html", context=context, flush=True
    )


def hits_panel(request: HttpRequest, subscriber: Subscriber) -> panels.Panel | None:
    """The scenarios that found this line, newest first; the page has made sure that the person may see the line."""
    hits = list(
        ScenarioHit.objects.filter(subscriber=subscriber).select_related("scenario").order_by("-on", "-pk")[:SHOWN]
    )
    if not hits:
        return None
    fields = rule_catalogue()
    rows = [
        {"hit": hit, "facts": describe(hit.evidence, fields), "tone": STATE_TONES[ScenarioHit.State(hit.state)]}
        for hit in hits
    ]
    context = {"rows": rows, "with_links": request.user.may("scenarios.view")}
    return panels.Panel(
        title=_("Scenarios"), icon="target", template="campaigns/_of_line.html", context=context, flush=True
    )
