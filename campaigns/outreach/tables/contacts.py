"""The gate's answers about one customer, and the consents of a line."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from campaigns.outreach.models import ContactPurpose, RefusalReason
from campaigns.outreach.queries import Answer
from campaigns.outreach.text import format_first_allowed, format_purposes, format_why
from customers.facts.models import Consent, Subscriber
from customers.facts.text import format_source_code
from customers.lists.models import ListEntry
from retention.core.ui import components
from retention.core.ui.tables.columns import SENTENCE, Column, DayColumn, PhoneColumn
from retention.core.ui.tables.detail import DetailTable

# How an answer looks: it may be made, waits for the hours of its channel, or is refused.
ALLOWED, HELD, REFUSED = ("good", "circle-check"), ("info", "clock"), ("warning", "ban")


class MatrixTable(DetailTable):
    """A row a purpose, a column a channel: the answers of queries.explain_line."""

    purpose = Column(verbose_name=_("Purpose"))
    call = Column(verbose_name=_("Calls"))
    sms = Column(verbose_name=_("SMS"))
    email = Column(verbose_name=_("E-mail"))

    caption = _("May we contact now")
    css = "rp-mini"

    def __init__(self, answers: Sequence[Answer], *, now: datetime) -> None:
        rows: dict[str, dict[str, Any]] = {}
        for one in answers:
            rows.setdefault(one.request.purpose, {})[one.request.channel] = _cell(one, now)
        labels = dict(ContactPurpose.choices)
        super().__init__([{"purpose": labels[purpose], **cells} for purpose, cells in rows.items()])


def _cell(answer: Answer, now: datetime) -> SafeString:
    tone, icon = REFUSED
    if answer.reason is None:
        return components.badge(_("Yes"), *ALLOWED)
    if answer.reason == RefusalReason.QUIET_HOURS:
        tone, icon = HELD
    until = format_first_allowed(answer, now=now)
    badge = components.badge(answer.reason.label, tone, icon)
    return format_html('{} <span class="rp-small rp-muted">{}</span>', badge, until)


class AnswerTable(DetailTable):
    """The rules that stop a contact now, each once, with what it stops, the row behind it and until when."""

    rule = Column(verbose_name=_("Rule"))
    stops = Column(verbose_name=_("Stops"), attrs=SENTENCE)
    why = Column(verbose_name=_("Because"), attrs=SENTENCE)
    since = DayColumn(verbose_name=_("Since"))
    until = Column(verbose_name=_("First allowed"))

    caption = _("Rules that stop a contact")
    css = "rp-mini"
    empty_text = _("No rule stops a contact now.")

    def __init__(self, answers: Sequence[Answer], *, now: datetime) -> None:
        alike: dict[str, list[Answer]] = {}
        for one in answers:
            if one.reason:
                alike.setdefault(json.dumps([one.reason, one.behind, format_why(one)], default=str), []).append(one)
        super().__init__([_rule_row(theirs, now) for theirs in alike.values()])


def _rule_row(alike: Sequence[Answer], now: datetime) -> dict[str, Any]:
    first, channels = alike[0], dict(ListEntry.Channel.choices)
    assert first.reason is not None
    stopped: dict[str, list[str]] = {}
    for one in alike:
        stopped.setdefault(one.request.channel, []).append(one.request.purpose)
    untils = {format_first_allowed(one, now=now): None for one in alike}
    return {
        "rule": first.reason.label,
        "stops": "; ".join(f"{channels[channel]}: {_purposes(names)}" for channel, names in stopped.items()),
        "why": format_why(first),
        "since": first.since,
        "until": "; ".join(untils),
    }


def _purposes(codes: Sequence[str]) -> object:
    return _("every purpose") if len(codes) == len(ContactPurpose) else format_purposes(codes)


class ConsentTable(DetailTable):
    """Consents of a line with their proof."""

    granted = Column(verbose_name=_("What the customer said"))
    purpose = Column(accessor="get_purpose_display", verbose_name=_("Purpose"))
    channel = Column(accessor="get_channel_display", verbose_name=_("Channel"))
    at = DayColumn(verbose_name=_("When"))
    source = Column(verbose_name=_("Where it was said"))
    proof = Column(verbose_name=_("Proof"), attrs={"td": {"class": "rp-mono"}})
    recorded_by = Column(accessor="recorded_by__display_name", verbose_name=_("Recorded by"))

    caption = _("Consents")
    css = "rp-mini"
    empty_text = _("Neither an agreement nor a refusal is known.")

    def render_granted(self, value: bool) -> SafeString:
        return components.badge(_("Agrees"), *ALLOWED) if value else components.badge(_("Refuses"), *REFUSED)

    def render_source(self, value: str, record: Consent) -> str:
        return format_source_code(value)


class FoundTable(DetailTable):
    """Lines that a search found."""

    subscriber_no = Column(verbose_name=_("Subscriber"))
    customer = Column(accessor="account__customer__name", verbose_name=_("Customer"))
    phone_number = PhoneColumn(verbose_name=_("Phone"))
    branch = Column(accessor="branch__name", verbose_name=_("Branch"))

    caption = _("Customers")
    css = "rp-mini"
    empty_text = _("No customer that you may see is found by this.")

    def row_url(self, record: Subscriber) -> str:
        return reverse("outreach:line", args=[record.subscriber_no])
