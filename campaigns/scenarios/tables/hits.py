"""Whom scenarios found, and how that ended."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy

from campaigns.audiences.rules import RuleField
from campaigns.audiences.text import format_evidence
from campaigns.scenarios.models import ScenarioHit
from customers.fields.text import format_day
from retention.core.ui.tables.base import BaseTable
from retention.core.ui.tables.columns import (
    BadgeColumn,
    Column,
    DayColumn,
    GainColumn,
    NumberColumn,
    ReferenceColumn,
)
from retention.core.ui.tables.detail import DetailTable

State = ScenarioHit.State
STATE_TONES = {
    State.PENDING: ("info", "hourglass"),
    State.OPENED: ("good", "check"),
    State.MESSAGED: ("good", "message"),
    State.REFUSED: ("warning", "ban"),
    State.REPORTED: ("neutral", "list"),
    State.LISTED: ("neutral", "list-check"),
    State.HELD: ("neutral", "player-pause"),
    State.CLEARED: ("neutral", "circle-dashed"),
    State.HELD_OUT: ("neutral", "scale"),
}


class HitTable(BaseTable):
    """Hits with `for_list()`. `fields` is rules.rule_catalogue()."""

    subscriber_no = Column(
        verbose_name=gettext_lazy("Subscriber"),
        accessor="subscriber__subscriber_no",
        order_by="subscriber__subscriber_no",
    )
    customer = Column(
        verbose_name=gettext_lazy("Customer"), accessor="subscriber__account__customer__name", orderable=False
    )
    branch = Column(verbose_name=gettext_lazy("Branch"), accessor="subscriber__branch__name", orderable=False)
    on = DayColumn(verbose_name=gettext_lazy("Found on"))
    evidence = Column(
        verbose_name=gettext_lazy("Found by"),
        help_text=gettext_lazy("The facts of the rule as they stood that night."),
        orderable=False,
    )
    gain = GainColumn(
        verbose_name=gettext_lazy("Expected gain"),
        help_text=gettext_lazy("What a contact is expected to bring, in yuan."),
    )
    state = BadgeColumn(verbose_name=gettext_lazy("State"), tones=STATE_TONES)
    reason = Column(verbose_name=gettext_lazy("Contact rule"), default="")
    order_no = ReferenceColumn(verbose_name=gettext_lazy("Order"), kind="workorder", default="", orderable=False)
    order_result = Column(
        verbose_name=gettext_lazy("Result of the order"),
        help_text=gettext_lazy("How the order ended, or where it stands."),
        default="",
    )
    since = Column(
        verbose_name=gettext_lazy("Since then"),
        accessor="subscriber__terminated_on",
        help_text=gettext_lazy("Whether the line is still in use today, or when and why it ended."),
        empty_values=(),
        orderable=False,
    )

    caption = gettext_lazy("Hits")
    region_id = "hits"
    empty_title = gettext_lazy("Nobody found yet")
    empty_text = gettext_lazy("Whoever the scenario finds on a night is listed here, with the facts it was found by.")

    def __init__(self, *args: Any, fields: Mapping[str, RuleField], **kwargs: Any) -> None:
        self.rule_fields = fields
        super().__init__(*args, **kwargs)

    def row_url(self, record: ScenarioHit) -> str:
        return reverse("customers:detail", args=[record.subscriber.subscriber_no])

    def render_evidence(self, value: dict[str, Any]) -> SafeString:
        told = format_evidence(value, self.rule_fields)
        return format_html('<span class="rp-small">{}</span>', format_html_join(" · ", "{} {}", told))

    def value_evidence(self, value: dict[str, Any]) -> str:
        return "; ".join(f"{label} {text}" for label, text in format_evidence(value, self.rule_fields))

    def value_gain(self, value: Decimal) -> Decimal:
        return value

    def render_since(self, record: ScenarioHit) -> str:
        line = record.subscriber
        if line.terminated_on is None:
            return gettext("Still a customer")
        reason = line.get_termination_reason_display() or line.get_status_display()
        return f"{reason}, {format_day(line.terminated_on)}"

    value_since = render_since


class LineHitTable(DetailTable):
    """Hits of a line. with_links: whether the reader may open the scenarios."""

    on = DayColumn(verbose_name=gettext_lazy("Found on"))
    scenario = Column(accessor="scenario__title", verbose_name=gettext_lazy("Scenario"))
    evidence = Column(verbose_name=gettext_lazy("Found by"), attrs={"td": {"class": "rp-small"}})
    state = BadgeColumn(verbose_name=gettext_lazy("State"), tones=STATE_TONES)

    caption = gettext_lazy("Scenarios")
    css = "rp-mini"

    def __init__(self, hits: list[ScenarioHit], *, fields: Mapping[str, RuleField], with_links: bool) -> None:
        super().__init__(hits)
        self.fields, self.with_links = fields, with_links

    def render_scenario(self, value: str, record: ScenarioHit) -> SafeString | str:
        if not self.with_links:
            return value
        return format_html('<a href="{}">{}</a>', reverse("campaigns:scenario", args=[record.scenario.code]), value)

    def render_evidence(self, value: Mapping[str, Any]) -> str:
        return " · ".join(f"{label} {fact}" for label, fact in format_evidence(value, self.fields))

    def render_state(self, value: str, record: ScenarioHit, column: BadgeColumn, bound_column: Any) -> SafeString:
        badge = column.render(value, record, bound_column)
        reason = record.get_reason_display() if record.reason else ""
        return format_html('{} <span class="rp-small rp-muted">{}</span>', badge, reason)


class EndingTable(DetailTable):
    """How hits ended; each row leads to its hits."""

    label = Column(verbose_name=gettext_lazy("Ended as"))
    hits = NumberColumn(verbose_name=gettext_lazy("Hits"))

    caption = gettext_lazy("How hits ended, 30 nights")
    css = "rp-mini"

    def row_url(self, record: dict[str, Any]) -> str:
        return record["href"]
