"""Sentences for an offer's benefit and its decision's state."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.offers.models import Decision, Offer
from campaigns.offers.states import State
from campaigns.offers.tariffs import Amounts
from retention.core.db.models import pick
from retention.core.ui import formats

DECISION_TONES = {
    State.PROPOSED: ("info", "message-2"),
    State.ACCEPTED: ("warning", "hourglass"),
    State.DECLINED: ("neutral", "thumb-down"),
    State.WITHDRAWN: ("neutral", "arrow-back-up"),
    State.CONFIRMED: ("good", "circle-check"),
    State.REFUSED: ("bad", "circle-x"),
}


def format_benefits(kind: str, terms: Mapping[str, Any]) -> str:
    """The customer's benefit, e.g. "24 months with Gold policy"; "" for an offer that is not finished."""
    if kind == Offer.Kind.RENEWAL and "months" in terms:
        return _("%(months)s with %(policy)s") % {
            "months": _months(terms["months"]),
            "policy": terms["policy_name"],
        }
    if kind == Offer.Kind.PLAN_CHANGE and "plan_name" in terms:
        said = {"plan": terms["plan_name"], "fee": formats.money(Decimal(terms["monthly_fee"]))}
        if "months" not in terms:  # decided before plan changes had a term
            return _("%(plan)s, %(fee)s a month") % said
        return _("%(plan)s, %(fee)s a month for %(months)s") % (said | {"months": _months(terms["months"])})
    return pick(terms.get("gift", ""), terms.get("gift_zh", ""))


def _months(count: int) -> str:
    return ngettext("%(n)d month", "%(n)d months", count) % {"n": count}


def format_worth(found: Amounts) -> str:
    """What the customer has of it, e.g. "saves ¥151.00 a month, worth ¥1,812.00 over 12 months"; "" for nothing."""
    said = {"monthly": formats.money(abs(found.monthly)), "months": _months(found.months)}
    if found.monthly > 0:
        said["total"] = formats.money(found.worth)
        return _("saves %(monthly)s a month, worth %(total)s over %(months)s") % said
    if found.monthly < 0:
        return _("%(monthly)s more a month, for %(months)s") % said
    return _("worth %(value)s") % {"value": formats.money(found.worth)} if found.worth else ""


def format_cost(found: Amounts) -> str:
    """What it costs us or brings us, e.g. "costs us ¥1,812.00 over 12 months"."""
    said = {"cost": formats.money(abs(found.cost)), "months": _months(found.months)}
    if found.cost < 0:
        return _("brings us %(cost)s over %(months)s") % said
    return (_("costs us %(cost)s over %(months)s") if found.months else _("costs us %(cost)s")) % said


def format_offer_name(decision: Decision) -> str:
    """The offer's name as it was when the customer was asked."""
    return pick(decision.terms["name"], decision.terms["name_zh"])


@dataclass(frozen=True)
class DecisionText:
    """A decision as pages show it. name: of the offer; gets: what the customer gets."""

    decision: Decision

    @property
    def name(self) -> str:
        return format_offer_name(self.decision)

    @property
    def gets(self) -> str:
        return format_benefits(self.decision.terms["kind"], self.decision.terms)

    @property
    def badge(self) -> tuple[str, str, str]:
        """Its text, tone and icon."""
        return self.decision.get_state_display(), *DECISION_TONES[State(self.decision.state)]

    @property
    def outcome(self) -> str:
        return format_outcome(self.decision)


def format_outcome(decision: Decision) -> str:
    """Why the customer declined or billing refused, or billing's reference; "" before there is a result."""
    if decision.state == State.CONFIRMED:
        return _("Billing reference %(ref)s") % {"ref": decision.billing_ref}
    return decision.refusal_reason or (decision.get_decline_reason_display() if decision.decline_reason else "")
