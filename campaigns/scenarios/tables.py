"""The lists of the scenario pages."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy, pgettext_lazy

from campaigns.audiences.rules import RuleField
from campaigns.audiences.text import format_evidence
from campaigns.scenarios.models import ScenarioHit
from customers.profile.text import format_held
from retention.core.ui.tables.base import BaseTable
from retention.core.ui.tables.columns import (
    BadgeColumn,
    Column,
    DayColumn,
    GainColumn,
    NumberColumn,
    ReferenceColumn,
    SparkColumn,
    SwitchColumn,
)
from retention.core.ui.tables.detail import DetailTable

State = ScenarioHit.State
STATE_TONES = {
    State.PENDING: ("info", "hourglass"),
    State.OPENED: ("good", "check"),
    State.REFUSED: ("warning", "ban"),
    State.REPORTED: ("neutral", "list"),
    State.HELD: ("neutral", "player-pause"),
}


class ScenarioTable(BaseTable):
    """Rows are dicts, made by views.scenarios; keys: name, code, why, says, night, trend."""

    name = Column(verbose_name=gettext_lazy("Scenario"), accessor="name")
    says = Column(verbose_name=gettext_lazy("Who"), orderable=False)
    enabled = SwitchColumn()
    priority = NumberColumn(
        verbose_name=gettext_lazy("Priority"), help_text=gettext_lazy("1 goes first."), initial_sort_descending=False
    )
    on = DayColumn(verbose_name=gettext_lazy("Last night"), default="")
    found = NumberColumn(
        verbose_name=gettext_lazy("Lines found"),
        help_text=gettext_lazy("On the last night that ran, before anything was left out."),
    )
    new = NumberColumn(
        verbose_name=pgettext_lazy("hits", "New"),
        help_text=gettext_lazy("Customers that were not found lately and became hits."),
    )
    opened = NumberColumn(verbose_name=gettext_lazy("Orders opened"))
    refused = NumberColumn(verbose_name=gettext_lazy("Not called (contact rule)"))
    trend = SparkColumn(verbose_name=gettext_lazy("New, 30 nights"))
    owner = Column(verbose_name=gettext_lazy("Owner"), default="")

    caption = gettext_lazy("Scenarios")
    region_id = "scenarios"
    empty_title = gettext_lazy("No scenarios yet")
    empty_text = gettext_lazy("A scenario is a rule that finds customers every night, and says what to do for them.")

    def row_url(self, record: dict[str, Any]) -> str:
        return reverse("campaigns:scenario", args=[record["code"]])

    def render_name(self, value: str, record: dict[str, Any]) -> SafeString:
        why = format_html('<div class="rp-muted rp-small">{}</div>', record["why"]) if record["why"] else ""
        return format_html('{} <span class="rp-muted rp-small">{}</span>{}', value, record["code"], why)

    def value_name(self, value: str, record: dict[str, Any]) -> str:
        return f"{record['code']} {value}"

    def render_says(self, value: str, record: dict[str, Any]) -> SafeString:
        css = "rp-small rp-bad" if record["is_broken"] else "rp-small"
        return format_html('<span class="{}">{}</span>', css, value)

    def value_says(self, value: str) -> str:
        return value


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


class RunTable(BaseTable):
    """Rows are campaigns.scenarios.queries.Night."""

    on = DayColumn(verbose_name=gettext_lazy("Night"))
    found = NumberColumn(verbose_name=gettext_lazy("Lines found"))
    new = NumberColumn(verbose_name=pgettext_lazy("hits", "New"))
    opened = NumberColumn(verbose_name=gettext_lazy("Orders opened"))
    refused = NumberColumn(verbose_name=gettext_lazy("Not called (contact rule)"))
    waiting = NumberColumn(verbose_name=pgettext_lazy("hits", "Waiting"))
    held = Column(verbose_name=gettext_lazy("Held because"), default="", orderable=False)

    caption = gettext_lazy("Nights")
    region_id = "nights"
    prefix = "nights-"
    exportable = False
    show_tools = False
    short = True

    def row_value(self, record: Any) -> object:
        return record.on

    def render_held(self, value: str) -> str:
        return format_held(value)


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
