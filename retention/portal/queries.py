"""Reads of the home page: key figures for managers, reminders, lines at risk."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from analytics.kpis.figures import figure_link
from analytics.kpis.queries import KpiCard, by_month, cards
from analytics.monitoring.queries import model_alarms
from analytics.warnings.models import ListDelivery, month_slug
from customers.batches.rules import LONG_WAIT
from customers.fields.choices import HIGH_TIERS
from customers.ingest.models import QuarantinedRow
from customers.profile.models import SubscriberProfile
from retention.core import clock
from retention.core.accounts.models import User
from retention.core.accounts.permissions import may_open
from retention.core.ui import formats

AT_RISK_ROWS = 8
CARD_FORMATS = {
    "count": ("compact", "percent"),
    "percent": ("percent", "points"),
    "money": ("money_compact", "percent"),
}


@dataclass(frozen=True)
class Reminder:
    """Something that waits for this user: a sentence, and the page (its address and the link text)."""

    text: str
    href: str
    link: str
    tone: str


def reminders(*, user: User) -> list[Reminder]:
    """Monthly lists sent to this user and not opened; open alarms of the model monitoring; rows that wait too long."""
    found: list[Reminder] = []
    if user.may("churn.view"):
        found += [*_unopened_lists(user), *_unread_alarms()]
    if user.may("jobs.view"):
        found += _rows_waiting()
    return found


def _unopened_lists(user: User) -> Iterable[Reminder]:
    waiting = list(ListDelivery.objects.unopened_of(user))
    if len(waiting) == 1:
        [one] = waiting
        text = ngettext(
            "The churn warning list of %(month)s is here, with %(count)d line of your branch.",
            "The churn warning list of %(month)s is here, with %(count)d lines of your branch.",
            one.lines,
        ) % {"month": date_format(one.warning_list.dated, "YEAR_MONTH_FORMAT"), "count": one.lines}
        yield Reminder(text, reverse("analytics:list", args=[month_slug(one.warning_list.dated)]), _("Open it"), "info")
    elif waiting:
        text = _("%(count)d monthly churn warning lists were sent to you and not opened yet.") % {"count": len(waiting)}
        yield Reminder(text, reverse("analytics:lists"), _("See the lists"), "info")


def _unread_alarms() -> Iterable[Reminder]:
    if count := model_alarms().unattended(clock.now()).count():
        text = ngettext(
            "%(count)d alarm of the churn model has not been acknowledged.",
            "%(count)d alarms of the churn model have not been acknowledged.",
            count,
        ) % {"count": count}
        yield Reminder(text, reverse("analytics:watch"), _("Open monitoring"), "warning")


def _rows_waiting() -> Iterable[Reminder]:
    if count := QuarantinedRow.objects.waiting_since(clock.now() - LONG_WAIT).count():
        text = ngettext(
            "%(count)d row from billing has waited for more than a day for something it refers to.",
            "%(count)d rows from billing have waited for more than a day for something they refer to.",
            count,
        ) % {"count": count}
        yield Reminder(text, f"{reverse('batches:waiting')}?waited=day", _("See what they wait for"), "warning")


def kpi_cards(*, user: User, as_of: date) -> list[dict]:
    """Cards as the `kpi_card` component takes them; an indicator without a record shows a dash."""
    return [_card(card, user) for card in cards(user=user, until=as_of)]


def _card(card: KpiCard, user: User) -> dict:
    kind, delta_kind = CARD_FORMATS[card.kpi.unit]
    link = figure_link(card.kpi)
    shown = {
        "label": card.kpi.label,
        "value": card.value,
        "kind": kind,
        "hint": card.kpi.help,
        "href": link if may_open(user=user, address=link) else "",
        "spark": by_month(card.points),
        "better": "up" if card.kpi.good > 0 else "down",
        "delta": card.change,
        "delta_kind": delta_kind,
    }
    if card.previous_on:
        before = {"value": formats.show(card.previous, kind), "day": date_format(card.previous_on, "SHORT_DATE_FORMAT")}
        shown["delta_label"] = _("vs %(value)s on %(day)s") % before
    return shown


def at_risk(*, user: User) -> Iterable[SubscriberProfile]:
    """The high-risk lines with the highest expected gain of a contact, best first."""
    risky = SubscriberProfile.objects.visible_to(user).filter(risk_tier__in=HIGH_TIERS)
    return risky.for_warning_list().order_by("-expected_gain", "subscriber_id")[:AT_RISK_ROWS]
