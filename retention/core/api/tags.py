"""The parts of the API: which operations belong together, and in which order they are read."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Tag:
    """title: for the page. text: English, for the description of the API."""

    name: str
    title: object
    text: str


FACTS = Tag("facts", _("Facts in"), "Batches and single rows of the resources that billing keeps.")
EVENTS = Tag("events", _("Events in"), "What happens to a line; event scenarios act within 60 seconds.")
SIGNALS = Tag("signals", _("Signals out"), "Risk, warnings and contacts.")
DECISIONS = Tag("decisions", _("Decisions"), "What customers have accepted, for billing to carry out.")
WEBHOOKS = Tag("webhooks", _("Webhooks"), "Where we send what happens here.")
TM_FORUM = Tag("TM Forum", _("TM Forum"), "The same data in the shapes of the TM Forum Open APIs, read only.")
TAGS = (FACTS, EVENTS, SIGNALS, DECISIONS, WEBHOOKS, TM_FORUM)

# The first that fits; everything else is facts, whose paths begin with the name of their resource.
BEGINNINGS = (
    ("/tmf-api/", TM_FORUM),
    ("/api/v1/events", EVENTS),
    ("/api/v1/decisions", DECISIONS),
    ("/api/v1/webhooks", WEBHOOKS),
    ("/api/v1/warnings", SIGNALS),
    ("/api/v1/subscribers/{subscriber_no}/", SIGNALS),
)


def tag_of(path: str) -> str:
    if path.endswith("/termination-check"):
        return DECISIONS.name
    return next((tag.name for beginning, tag in BEGINNINGS if path.startswith(beginning)), FACTS.name)


def described(result: dict[str, Any], generator: object, request: object, public: bool) -> dict[str, Any]:
    """The tags with what they are, in reading order (a hook of drf-spectacular)."""
    return result | {"tags": [{"name": tag.name, "description": tag.text} for tag in TAGS]}
