"""The origin of an order: its kind and its key within the kind."""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class OriginKind(TextChoices):
    """SCENARIO: a hit of the night; EVENT: a hit of an event; CAMPAIGN: a member of a campaign; OF_ORDERS: another
    order, whose number is the key; INSPECTION: a plan, whose code is the key; the others are lists from which a person
    chose lines."""

    SCENARIO = "scenario", _("Found by a nightly scenario")
    EVENT = "event", _("Found by a scenario as an event arrived")
    WARNING_LIST = "warning-list", _("Chosen from the warning list")
    PLANNER = "planner", _("Chosen from the planner's list")
    GROUP = "group", _("Chosen from a group at risk")
    SECOND_SIM = "second-sim", _("Chosen from the list of second SIMs")
    CAMPAIGN = "campaign", _("Of a campaign")
    FOLLOW_UP = "follow-up", _("Follows another order")
    SPLIT = "split", _("Split off another order")
    HAND_OVER = "hand-over", _("Handed over by another branch")
    INSPECTION = "inspection", _("Visit of an inspection plan")
    WIN_BACK = "win-back", _("Chosen from the list of lines that left")
    CUSTOMER = "customer", _("Opened from the customer's page")


# The lists that a risk score makes: a customer who opted out of profiling is not contacted because of one.
BY_RISK = (OriginKind.WARNING_LIST, OriginKind.PLANNER)
# The origins that are named by their key, the scenario's code; the others are named by their kind.
OF_SCENARIOS = (OriginKind.SCENARIO, OriginKind.EVENT)
OF_ORDERS = (OriginKind.FOLLOW_UP, OriginKind.SPLIT, OriginKind.HAND_OVER)
CHOSEN = {kind.value: kind.label for kind in OriginKind if kind not in (*OF_SCENARIOS, OriginKind.CAMPAIGN)}
# Campaigns and scenarios may have the same code.
CAMPAIGN_MARK = f"{OriginKind.CAMPAIGN.value}:"


@dataclass(frozen=True)
class Origin:
    """key: the code of the scenario or campaign, or the number of the group; "" where the kind is enough."""

    kind: OriginKind
    key: str = ""

    @property
    def source(self) -> str:
        """As pages, the trail and the audit trail name it: `S13`, `warning-list`, `campaign:autumn`."""
        if self.kind == OriginKind.CAMPAIGN:
            return f"{CAMPAIGN_MARK}{self.key}"
        return self.key if self.kind in OF_SCENARIOS else self.kind.value

    @property
    def by_risk(self) -> bool:
        return self.kind in BY_RISK

    @property
    def answers_event(self) -> bool:
        """Whether the customer has done something that is answered, or is spoken to already: no hold-out keeps the
        answer back."""
        return self.kind in (OriginKind.EVENT, *OF_ORDERS)

    @property
    def contact_source(self) -> str:
        """As the contact ledger names it: `scenario:S13`, `source:warning-list`, `campaign:autumn`."""
        if self.kind == OriginKind.CAMPAIGN:
            return self.source
        return f"{'scenario' if self.kind in OF_SCENARIOS else 'source'}:{self.source}"
