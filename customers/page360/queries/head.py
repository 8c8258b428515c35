"""The head of the 360 page: five figures for the agent, and notices."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from customers.contacts import text
from customers.contacts.models import ContactRecord
from customers.facts.models import Balance, Subscriber
from customers.fields.choices import SpendSource
from customers.page360.queries.risk import RiskHistory
from customers.profile.models import SubscriberProfile
from retention.core.ui import formats

Card = dict[str, Any]
CONTRACT_SOON_DAYS = 60
STALE_AFTER = timedelta(days=2)


def profile_of(line: Subscriber) -> SubscriberProfile | None:
    """The profile; None for lines that have left or have not been through a nightly build."""
    return getattr(line, "profile", None)


def cards(
    line: Subscriber,
    *,
    risk: RiskHistory,
    spent: Sequence[Decimal],
    last_contact: ContactRecord | None,
    today: date,
) -> list[Card]:
    """Cards for `kpi_card`: risk, spend, contract, balance, last contact. Upper apps add theirs."""
    return [
        _risk(risk),
        _spend(spent, profile_of(line)),
        _contract(profile_of(line), today),
        _balance(line),
        _last_contact(last_contact, today),
    ]


def notices(line: Subscriber, *, today: date) -> list[tuple[str, str]]:
    """(tone, text) of the notices shown first."""
    profile = profile_of(line)
    if line.status == Subscriber.Status.TERMINATED:
        return [("info", _("This line has left: there is no current profile, and what follows is its history."))]
    if profile is None:
        return [("info", _("This line is new; its profile is built in the next nightly run."))]
    if today - profile.as_of > STALE_AFTER:
        return [("warning", _("Profile and risk stand as of %(day)s.") % {"day": date_format(profile.as_of)})]
    return []


def _risk(risk: RiskHistory) -> Card:
    card: Card = {
        "label": _("Churn probability"),
        "measure": "risk_probability",
        "value": None,
        "kind": "percent",
        "spark": risk.spark,
        "href": "#risk",
    }
    if risk.now is None:
        return card | {"note": _("not scored")}
    card["value"] = risk.now.probability
    states = {"low": "good", "medium": "warning", "high": "bad", "critical": "bad"}
    card |= {"state": states[risk.now.tier], "state_label": risk.now.get_tier_display()}
    if risk.before:
        card |= {
            "delta": risk.now.probability - risk.before.probability,
            "delta_kind": "points",
            "better": "down",
            "delta_label": _("since %(day)s") % {"day": date_format(risk.before.as_of, "SHORT_DATE_FORMAT")},
        }
    return card


def _spend(spent: Sequence[Decimal], profile: SubscriberProfile | None) -> Card:
    """spent: by the month, oldest first."""
    by_topups = profile is not None and profile.spend_source == SpendSource.TOPUPS
    href = "#topups" if by_topups else "#money"
    card: Card = {"label": _("Monthly spend"), "kind": "money", "value": None, "spark": spent, "href": href}
    card["measure"] = "arpu"
    if profile and profile.arpu is not None:
        card["value"] = profile.arpu
    elif spent:
        card["value"] = sum(spent[-6:]) / len(spent[-6:])
    if profile and profile.bill_change is not None:
        card |= {"delta": profile.bill_change, "better": "up", "delta_label": _("last month against the three before")}
    return card


def _contract(profile: SubscriberProfile | None, today: date) -> Card:
    card: Card = {"label": _("Contract"), "kind": "text", "value": _("None"), "href": "#holdings"}
    card["measure"] = "contract_days_left"
    if profile is None or profile.contract_ends_on is None:
        ended = profile.last_contract_end if profile else None
        return card | ({"note": _("the last one ended %(day)s") % {"day": date_format(ended)}} if ended else {})
    left = (profile.contract_ends_on - today).days
    card |= {
        "value": ngettext("%(days)d day", "%(days)d days", left) % {"days": left},
        "note": _("ends %(day)s") % {"day": date_format(profile.contract_ends_on)},
    }
    if left <= CONTRACT_SOON_DAYS:
        card |= {"state": "warning", "state_label": _("Ends soon")}
    return card


def _balance(line: Subscriber) -> Card:
    newest = Balance.objects.filter(account=line.account).order_by("-day").first()
    card: Card = {"label": _("Balance"), "kind": "money", "value": newest.balance if newest else None, "href": "#money"}
    card["measure"] = "balance"
    if newest is None:
        return card
    card["note"] = date_format(newest.day)
    if newest.arrears:
        card |= {
            "state": "bad",
            "state_label": _("Arrears"),
            "note": _("owes %(sum)s") % {"sum": formats.money(newest.arrears)},
        }
    return card


def _last_contact(record: ContactRecord | None, today: date) -> Card:
    card: Card = {"label": _("Last contact"), "kind": "text", "value": _("None"), "href": "#history"}
    card["measure"] = "last_contact"
    if record is None:
        return card
    what = [
        record.get_channel_display(),
        text.format_contact_code(record.purpose),
        text.format_contact_code(record.outcome),
    ]
    return card | {
        "value": formats.relative_days(record.at, today),
        "note": " · ".join(str(part) for part in what if part),
    }
