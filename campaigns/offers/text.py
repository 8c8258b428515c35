"""Sentences for an offer's benefit and its decision's state."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.offers.economics import OfferEconomics, rounded
from campaigns.offers.models import Decision, Offer
from campaigns.offers.queries.library import TypicalLine
from campaigns.offers.states import State
from campaigns.offers.tariffs import Amounts
from retention.core.db.models import pick
from retention.core.ui import formats

DECISION_TONES = {
    State.REQUESTED: ("warning", "clock-pause"),
    State.DENIED: ("bad", "hand-stop"),
    State.EXPIRED: ("neutral", "clock"),
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


def format_binding(terms: Mapping[str, Any]) -> str:
    """To what the customer is bound, e.g. "Bound for 12 months; who leaves before repays ¥50.00, less in proportion to
    the months served."; "" for offers that bind nobody."""
    if not terms.get("bound_months"):
        return ""
    said = {"months": _months(terms["bound_months"]), "amount": formats.money(Decimal(terms["clawback"]))}
    if not Decimal(terms["clawback"]):
        return _("Bound for %(months)s.") % said
    return (
        _("Bound for %(months)s; who leaves before repays %(amount)s, less in proportion to the months served.") % said
    )


def format_rate(part: int, of: int) -> str:
    """A share with its number, e.g. "50.0% of 2"; a dash for none."""
    if not of:
        return formats.DASH
    return _("%(rate)s of %(number)s") % {"rate": formats.percent(part / of), "number": formats.number(of)}


def format_typical(line: TypicalLine) -> str:
    """The line that the economics of the library are for."""
    what = {"spend": formats.money(line.spend), "chance": formats.percent(line.chance)}
    if line.chance is None:
        return _("%(spend)s a month; lines are not scored yet, so no gain is known.") % what
    return _("%(spend)s a month, churn probability %(chance)s: the medians of the last night.") % what


def format_gain(found: OfferEconomics | None) -> str:
    """The expected gain or loss, e.g. "Expected gain ¥34.20"; "" for a line without a score or value."""
    if found is None or found.gain is None:
        return ""
    amount = formats.money(rounded(abs(found.gain)))
    return (_("Expected gain %(amount)s") if found.gain >= 0 else _("Expected loss %(amount)s")) % {"amount": amount}


def format_gain_reason(found: OfferEconomics | None) -> str:
    """Why the offer is expected to bring what it does, in sentences; "" where the value of the line is not known."""
    if found is None:
        return ""
    what = {
        "rate": formats.percent(found.save_rate, 0), "kept": formats.money(rounded(found.if_saved)),
        "months": found.horizon, "given": formats.money(rounded(abs(found.given))),
        "monthly": formats.money(rounded(abs(found.monthly))), "one_off": formats.money(rounded(found.one_off)),
    }  # fmt: skip
    parts = [
        _(
            "Of those about to leave %(rate)s stay for it, and one who stays brings %(kept)s over %(months)d months"
            " after what the offer costs."
        )
    ]
    if found.monthly > 0:
        parts.append(_("One who would stay anyway pays %(given)s less over that time."))
    elif found.monthly < 0:
        parts.append(_("One who would stay anyway pays %(given)s more over that time."))
    if found.is_rated and found.monthly > 0:
        parts.append(_("With the use of the last months the customer pays %(monthly)s a month less on this plan."))
    elif found.is_rated and found.monthly < 0:
        parts.append(_("With the use of the last months the customer pays %(monthly)s a month more on this plan."))
    if found.one_off:
        parts.append(_("Each that accepts costs %(one_off)s once."))
    return " ".join(part % what for part in parts)


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

    @property
    def binding(self) -> str:
        return format_binding(self.decision.terms)


def format_outcome(decision: Decision) -> str:
    """Why the customer declined, a supervisor or billing refused, or billing's reference; "" before a result."""
    if decision.state == State.CONFIRMED:
        return _("Billing reference %(ref)s") % {"ref": decision.billing_ref}
    if decision.state == State.DENIED:
        return decision.decision_note
    return decision.refusal_reason or (decision.get_decline_reason_display() if decision.decline_reason else "")
