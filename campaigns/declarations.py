"""What this app declares to the core: audit actions, an API scope and tag, an event, a lock space."""

from django.utils.translation import gettext_lazy as _

from retention.core.administration.sections import SECTIONS, Section
from retention.core.api.scopes import SCOPES, Scope
from retention.core.api.tags import TAGS, Tag
from retention.core.audit import services as audit
from retention.core.db.locks import LOCK_SPACES
from retention.core.jobs.chunks import CHUNKED_WORK
from retention.core.ui.glossary import declare_meanings
from retention.core.webhooks.events import EVENTS, Event

audit.declare_actions(
    "carenotice.change",
    "contact_policy.change",
    "decision.move",
    "offer.change",
    "scenario.change",
    "segmentation.change",
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
SECTIONS.declare(
    "contact_policy",
    Section(
        _("Contact policy"), _("Caps, cool-downs, calling hours and consent, for all contacts together"), "shield-lock",
        "outreach:policy", "contact_policy.view", 20,
    ),
)  # fmt: skip

declare_meanings(
    {
        "may_call": _("Whether the contact rules allow a call to this customer at this moment."),
        "OfferTable.proposed": _("Times the offer was made to a customer."),
        "OfferTable.accepted": _("Times a customer took it."),
        "OfferTable.refused": _("Accepted offers that billing could not carry out."),
        "RunTable.found": _("Lines that the rule held for that night."),
        "RunTable.new": _("Customers among them who were not found within the cool-down before."),
        "RunTable.opened": _("Work orders opened for what was found."),
        "RunTable.refused": _("Customers for whom a contact rule forbade an order."),
        "RunTable.waiting": _("Customers whose order has not been opened yet."),
        "ScenarioTable.opened": _("Work orders opened on the last night."),
        "ScenarioTable.refused": _("Customers for whom a contact rule forbade an order on the last night."),
        "ScenarioTable.trend": _("New customers found on each of the last 30 nights."),
        "EndingTable.hits": _("Customers found whose order ended so."),
        "scenario_opened": _("Work orders opened in the last 30 nights."),
        "scenario_refused": _("Customers for whom a contact rule forbade an order in the last 30 nights."),
        "CareTable.new": _("Customers found in the last 30 nights, and by events of that time."),
        "CareTable.reported": _("Customers among them whose contact is only listed: there is no gateway for it."),
        "CareTable.opened": _("Work orders opened for customers among them."),
        "CareTable.refused": _("Customers among them for whom a contact rule forbade an order."),
        "ExclusionTable.lines": _("Lines that this rule left out and none above it."),
        "ExclusionTable.revenue": _("What these lines spend in a month, added up"),
        "ExclusionTable.change": _("Change of the lines since the last month end that was placed by the same matrix."),
        "FlowTable.lines": _("Lines that went from one cell to the other between the two month ends."),
        "FlowTable.revenue": _("What these lines spend in a month, added up"),
        "CellFlowTable.lines": _("Lines that went from one cell to the other between the two month ends."),
        "CellFlowTable.share": _("Of all lines of this cell at that month end."),
        "offer_confirmed": _("Accepted offers that billing has carried out."),
    }
)
