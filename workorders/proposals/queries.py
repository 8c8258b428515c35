"""Offers on the call screen: what may be put to this customer, what was, and how it stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from campaigns.campaigns.queries.drawn_offers import drawn_offer
from campaigns.offers.eligibility import Judged
from campaigns.offers.models import Decision, DeclineReason, Offer, ceilings
from campaigns.offers.queries.matching import judged_for
from campaigns.offers.states import ACCEPTED_STATES, OPEN_STATES, State
from campaigns.offers.text import (
    DECISION_TONES,
    DecisionText,
    format_benefits,
    format_binding,
    format_cost,
    format_gain,
    format_gain_reason,
    format_worth,
)
from retention.core.accounts.models import User
from retention.core.ui import formats
from retention.core.ui.components import TimelineItem
from retention.core.ui.references import addresses, reference
from workorders.order_types import rules
from workorders.order_types.models import Disposition
from workorders.orders.models import WorkOrder
from workorders.orders.origins import OriginKind

RECENT_DECISIONS = 20
# So many offers are shown before the agent asks for more.
BEST_OFFERS = 3


def offers_pane(order: WorkOrder, *, now: datetime, may_propose: bool) -> dict[str, Any]:
    """`offers`: the best that may be proposed, the one that a campaign has drawn for the line first; `more_offers`: the
    others, `barred_offers` with the reasons; `drawn`: the code of the drawn one; `decisions` of this order with their
    badge, `promised`: one waits for billing."""
    of_line = list(Decision.objects.filter(subscriber=order.subscriber_id).for_history()[:RECENT_DECISIONS])
    mine = [decision for decision in of_line if decision.order_no == order.order_no]
    promised = next((one for one in of_line if one.state == State.ACCEPTED), None)
    offers, barred, drawn = [], [], ""
    if may_propose and promised is None:
        on = timezone.localtime(now).date()
        standing = {one.offer_id for one in mine if one.state in OPEN_STATES and not one.is_over(now)}
        found = judged_for(subscriber_id=order.subscriber_id, on=on)
        ceiling = ceilings().get(order.assignee.role) if order.assignee else None
        drawn = _drawn_for(order)
        offers = [
            LineOffer(one, ceiling, is_drawn=one.offer.code == drawn)
            for one in found
            if one.is_eligible and one.offer.pk not in standing
        ]
        offers.sort(key=lambda one: not one.is_drawn)
        barred = [one for one in found if not one.is_eligible]
    return {
        "offers": offers[:BEST_OFFERS],
        "more_offers": offers[BEST_OFFERS:],
        "barred_offers": barred,
        "drawn": drawn,
        "decisions": [OrderDecision(decision, may_propose, now) for decision in mine],
        "promised": promised,
        "decline_reasons": DeclineReason.choices,
    }


def _drawn_for(order: WorkOrder) -> str:
    if order.origin_kind != OriginKind.CAMPAIGN:
        return ""
    return drawn_offer(campaign=order.origin_key, subscriber_id=order.subscriber_id)


@dataclass(frozen=True)
class LineOffer:
    """An offer that may be proposed to the line, in words. ceiling: what the agent may give alone; None for all.
    is_drawn: the order's campaign has drawn it for this customer."""

    judged: Judged[Offer]
    ceiling: Decimal | None
    is_drawn: bool = False

    @property
    def offer(self) -> Offer:
        return self.judged.offer

    @property
    def gets(self) -> str:
        worth = format_worth(self.judged.amounts) if self.judged.amounts else ""
        return " · ".join(filter(None, [format_benefits(self.offer.kind, self.offer.terms()), worth]))

    @property
    def cost(self) -> str:
        """What it costs us and is expected to bring, and how many are left."""
        left = self.judged.units_left
        parts = [
            format_cost(self.judged.amounts) if self.judged.amounts else "",
            format_gain(self.judged.economics),
            _("%(number)s left") % {"number": formats.number(left)} if left is not None else "",
        ]
        return " · ".join(filter(None, parts))

    @property
    def reason(self) -> str:
        return format_gain_reason(self.judged.economics)

    @property
    def binding(self) -> str:
        """To what the customer is bound, and the last day of the offer."""
        last = self.offer.valid_until
        until = formats.labelled(_("Valid until"), formats.moment(last)) if last else ""
        return " ".join(filter(None, [format_binding(self.offer.terms()), until]))

    @property
    def needs_approval(self) -> bool:
        amounts = self.judged.amounts
        return self.ceiling is not None and amounts is not None and amounts.cost > self.ceiling


@dataclass(frozen=True)
class OrderDecision(DecisionText):
    """A decision on the call screen of its order; the customer's answer may be recorded while it `stands`."""

    may_propose: bool
    now: datetime

    @property
    def stands(self) -> bool:
        return self.may_propose and self.decision.state == State.PROPOSED and not self.is_over

    @property
    def is_over(self) -> bool:
        """Its time has passed: it has to be proposed again."""
        return self.decision.is_over(self.now)

    @property
    def validity(self) -> str:
        """Until when it may be accepted, and whether the offer itself has ended meanwhile; "" once it is answered."""
        until = self.decision.stands_until
        if self.decision.state not in OPEN_STATES or until is None:
            return ""
        if self.is_over:
            return _("The reservation is over. Propose the offer again.")
        what = {"until": formats.moment(until)}
        if self.decision.state == State.REQUESTED:
            return _("Above your ceiling: a supervisor decides. Reserved until %(until)s.") % what
        offer, today = self.decision.offer, timezone.localdate(self.now)
        if not offer.enabled or (offer.valid_until and offer.valid_until < today):
            return _("The offer has ended meanwhile; this proposal stands until %(until)s.") % what
        return _("Reserved for this customer until %(until)s.") % what

    @property
    def by(self) -> User | None:
        return self.decision.accepted_by or self.decision.proposed_by


# The oldest that wait for an approval are shown; the others come up as these are decided.
SHOWN_REQUESTS = 50


@dataclass(frozen=True)
class OfferRequest(DecisionText):
    """A proposal that waits for an approval. order: as a link for who may see it. within: the ceiling covers it."""

    order: SafeString
    within: bool

    @property
    def cost(self) -> str:
        return formats.money(self.decision.cost)


def offer_requests(user: User, *, ceiling: Decimal | None, now: datetime) -> list[OfferRequest]:
    """What waits for an approval of this person, the oldest first. ceiling: theirs, yuan; None without one."""
    waiting = list(Decision.objects.for_approval(user, now=now)[:SHOWN_REQUESTS])
    pages = addresses("workorder", user, [one.order_no for one in waiting])
    return [
        OfferRequest(
            one,
            order=reference(one.order_no, pages.get(one.order_no)),
            within=ceiling is None or one.cost <= ceiling,
        )
        for one in waiting
    ]


def decision_trail(decisions: Sequence[DecisionText]) -> list[TimelineItem]:
    """The events of an order's decisions, in the form of its timeline."""
    return [item for one in decisions for item in _decision_events(one.decision, one.name, one.outcome)]


def _decision_events(decision: Decision, name: str, outcome: str) -> list[TimelineItem]:
    by, taken_by = decision.proposed_by, decision.accepted_by
    deeds = [(decision.proposed_at, _("Offer proposed"), name, "gift", "info", by)]
    if decision.decided_at and decision.state != State.DENIED:
        deeds.append((decision.decided_at, _("Offer approved"), name, "check", "good", decision.decided_by))
    if decision.accepted_at:
        deeds.append((decision.accepted_at, _("Offer accepted"), name, "heart-handshake", "good", taken_by))
    if decision.settled_at:
        tone, icon = DECISION_TONES[State(decision.state)]
        text = " · ".join(filter(None, [name, outcome]))
        who = None if decision.state in (*ACCEPTED_STATES, State.EXPIRED) else by
        who = decision.decided_by if decision.state == State.DENIED else who
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
