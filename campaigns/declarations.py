"""What this app declares to the core: audit actions, an API scope and tag, an event, a lock space."""

from django.utils.translation import gettext_lazy as _

from retention.core.administration.sections import SECTIONS, Section
from retention.core.api.scopes import SCOPES, Scope
from retention.core.api.tags import TAGS, Tag
from retention.core.audit import services as audit
from retention.core.db.locks import LOCK_SPACES
from retention.core.webhooks.events import EVENTS, Event

audit.declare_actions("contact_policy.change", "decision.move", "offer.change", "scenario.change")
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
NUMBER_LOCK = LOCK_SPACES.declare(7319, "contacting a telephone number")
SECTIONS.declare(
    "contact_policy",
    Section(
        _("Contact policy"), _("Caps, cool-downs, calling hours and consent, for all contacts together"), "shield-lock",
        "outreach:policy", "contact_policy.view", 20,
    ),
)  # fmt: skip
