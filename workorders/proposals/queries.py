"""Offers on the call screen: what may be put to this customer, what was, and how it stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.offers.eligibility import Judged
from campaigns.offers.models import Decision, DeclineReason, Offer
from campaigns.offers.states import ACCEPTED_STATES, State
from campaigns.offers.text import DECISION_TONES, DecisionText, format_benefits, format_cost, format_worth
from retention.core.accounts.models import User
from retention.core.ui.components import TimelineItem
from workorders.order_types import rules
from workorders.order_types.models import Disposition
from workorders.orders.models import WorkOrder

RECENT_DECISIONS = 20


def offers_pane(order: WorkOrder, *, now: datetime, may_propose: bool) -> dict[str, Any]:
    """`offers` that may be proposed, `barred_offers` with the reasons, `decisions` of this order with their badge,
    `promised`: one waits for billing."""
    of_line = list(Decision.objects.filter(subscriber=order.subscriber_id).for_history()[:RECENT_DECISIONS])
    mine = [decision for decision in of_line if decision.order_no == order.order_no]
    promised = next((one for one in of_line if one.state == State.ACCEPTED), None)
    offers, barred = [], []
    if may_propose and promised is None:
        on = timezone.localtime(now).date()
        standing = {one.offer_id for one in mine if one.state == State.PROPOSED}
        found = Offer.objects.judged_for(subscriber_id=order.subscriber_id, on=on)
        offers = [LineOffer(one) for one in found if one.is_eligible and one.offer.pk not in standing]
        barred = [one for one in found if not one.is_eligible]
    return {
        "offers": offers,
        "barred_offers": barred,
        "decisions": [OrderDecision(decision, may_propose) for decision in mine],
        "promised": promised,
        "decline_reasons": DeclineReason.choices,
    }


@dataclass(frozen=True)
class LineOffer:
    """An offer that may be proposed to the line, in words."""

    judged: Judged[Offer]

    @property
    def offer(self) -> Offer:
        return self.judged.offer

    @property
    def gets(self) -> str:
        worth = format_worth(self.judged.amounts) if self.judged.amounts else ""
        return " · ".join(filter(None, [format_benefits(self.offer.kind, self.offer.terms()), worth]))

    @property
    def cost(self) -> str:
        return format_cost(self.judged.amounts) if self.judged.amounts else ""


@dataclass(frozen=True)
class OrderDecision(DecisionText):
    """A decision on the call screen of its order; the customer's answer may be recorded while it `stands`."""

    may_propose: bool

    @property
    def stands(self) -> bool:
        return self.may_propose and self.decision.state == State.PROPOSED

    @property
    def by(self) -> User | None:
        return self.decision.accepted_by or self.decision.proposed_by


def decision_trail(decisions: Sequence[DecisionText]) -> list[TimelineItem]:
    """The events of an order's decisions, in the form of its timeline."""
    return [item for one in decisions for item in _decision_events(one.decision, one.name, one.outcome)]


def _decision_events(decision: Decision, name: str, outcome: str) -> list[TimelineItem]:
    by, taken_by = decision.proposed_by, decision.accepted_by
    deeds = [(decision.proposed_at, _("Offer proposed"), name, "gift", "info", by)]
    if decision.accepted_at:
        deeds.append((decision.accepted_at, _("Offer accepted"), name, "heart-handshake", "good", taken_by))
    if decision.settled_at:
        tone, icon = DECISION_TONES[State(decision.state)]
        text = " · ".join(filter(None, [name, outcome]))
        who = None if decision.state in ACCEPTED_STATES else by
        deeds.append((decision.settled_at, decision.get_state_display(), text, icon, tone, who))
    return [
        TimelineItem(at, title, text, icon=icon, tone=tone, actor=who.username if who else "")
        for at, title, text, icon, tone, who in deeds
    ]


def accepted_disposition(flow: rules.Flow, decisions: Sequence[DecisionText]) -> str:
    """The end of the call that an accepted offer means, as far as the order's type offers it; "" without one."""
    if not any(one.decision.state in ACCEPTED_STATES for one in decisions):
        return ""
    accepted = Disposition.objects.choosable().filter(result=Disposition.Result.ACCEPTED, closes=True)
    return next((one.code for one in accepted if flow.offers(one.code)), "")
