"""The list of scenarios, and the nights of one."""

from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy, pgettext_lazy

from customers.profile.text import format_held
from retention.core.ui.tables.base import BaseTable
from retention.core.ui.tables.columns import (
    SENTENCE,
    Column,
    DayColumn,
    NumberColumn,
    SparkColumn,
    SwitchColumn,
)
from retention.core.ui.tables.detail import DetailTable


class ScenarioTable(BaseTable):
    """Rows are dicts, made by views.scenarios; keys: scenario, says, night, trend."""

    name = Column(verbose_name=gettext_lazy("Scenario"), accessor="name", attrs=SENTENCE)
    says = Column(verbose_name=gettext_lazy("Who"), orderable=False, attrs=SENTENCE)
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
        return record["href"]

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

    def row_url(self, record: Any) -> str:
        """The funnel of the night."""
        return f"?night={record.on}#funnel"

    def render_held(self, value: str) -> str:
        return format_held(value)


class BranchNumbersTable(DetailTable):
    """Rows are dicts: branch, numbers (in words), href ("" where the reader does not decide)."""

    branch = Column(verbose_name=gettext_lazy("Branch"))
    numbers = Column(verbose_name=gettext_lazy("Numbers of its own"))

    caption = gettext_lazy("Numbers of branches")
    css = "rp-mini"
    empty_text = gettext_lazy("The same numbers hold in every branch.")

    def row_url(self, record: dict[str, Any]) -> str | None:
        return record["href"] or None
