"""The funnel of a scenario as a table, for the whole and by branch."""

from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy, pgettext_lazy

from retention.core.ui import formats
from retention.core.ui.tables.columns import Column, NumberColumn
from retention.core.ui.tables.detail import DetailTable


class FunnelTable(DetailTable):
    """Rows are dicts: label, is_part (of the row above), number, remain, href."""

    label = Column(verbose_name=gettext_lazy("Step"))
    number = NumberColumn(verbose_name=gettext_lazy("Left out"))
    remain = NumberColumn(verbose_name=gettext_lazy("Remain"))

    caption = gettext_lazy("From found to contacted")
    css = "rp-mini"

    def row_url(self, record: dict[str, Any]) -> str | None:
        return record["href"] or None

    def render_label(self, value: str, record: dict[str, Any]) -> SafeString | str:
        return format_html('<span class="rp-small rp-muted">{}</span>', value) if record["is_part"] else value


class BranchFunnelTable(DetailTable):
    """Rows are dicts: branch, lines, customers, each of LEFT_OUT, passed, href."""

    branch = Column(verbose_name=gettext_lazy("Branch"))
    lines = NumberColumn(verbose_name=gettext_lazy("Lines found"))
    customers = NumberColumn(verbose_name=gettext_lazy("Customers"))
    opted_out = NumberColumn(verbose_name=gettext_lazy("Opted out of profiling"))
    cooled = NumberColumn(verbose_name=gettext_lazy("Cooling down"))
    unpaying = NumberColumn(verbose_name=gettext_lazy("A contact does not pay"))
    confirming = NumberColumn(verbose_name=gettext_lazy("Not confirmed yet"))
    refused = NumberColumn(verbose_name=gettext_lazy("Not called (contact rule)"))
    capped = NumberColumn(verbose_name=gettext_lazy("Over the nightly cap"))
    held_out = NumberColumn(verbose_name=gettext_lazy("Left alone (hold-out)"))
    passed = NumberColumn(verbose_name=pgettext_lazy("hits", "New"))

    caption = gettext_lazy("By branch")
    css = "rp-mini"

    def row_url(self, record: dict[str, Any]) -> str | None:
        return record["href"] or None

    def render_refused(self, value: int, record: dict[str, Any]) -> SafeString | str:
        shown = formats.number(value)
        if not value or not record["refused_href"]:
            return shown
        return format_html('<a href="{}">{}</a>', record["refused_href"], shown)
