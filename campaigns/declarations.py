"""What this app declares to the core: audit actions, an API scope and tag, an event, a lock space."""

from django.utils.translation import gettext_lazy as _

from retention.core.api.scopes import SCOPES, Scope
from retention.core.api.tags import TAGS, Tag
from retention.core.audit import services as audit
from retention.core.db.locks import LOCK_SPACES
from retention.core.jobs.chunks import CHUNKED_WORK
from retention.core.webhooks.events import EVENTS, Event

audit.declare_actions(
    "contact_policy.change", "decision.move", "offer.change", "scenario.change", "segmentation.change"
)
DECISIONS_WRITE = SCOPES.declare("decisions:write", Scope(_("read and settle decisions")))
DECISIONS = TAGS.declare(
    "decisions", Tag(40, _("Decisions"), "What customers have accepted, for billing to carry out.")
)
DECISION_ACCEPTED = EVENTS.declare(
    "decision.accepted",
    Event(
        _("decision accepted"),
        "A customer has accepted an offer: carry it out, then confirm or refuse it",
        "campaigns.offers.serializers.DecisionBody",
    ),
)
CONTACT_LOCK = LOCK_SPACES.declare(7307, "contacting a customer")
SEGMENTS = CHUNKED_WORK.declare("segments", "campaigns.segments.services.placement.SEGMENT_WORK")
NUMBER_LOCK = LOCK_SPACES.declare(7319, "contacting a telephone number")
