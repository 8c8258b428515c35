"""Look-ups of callers as a list."""

from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from retention.core.accounts.models import display_name_of
from retention.core.ui import components
from retention.core.ui.tables.base import BaseTable
from retention.core.ui.tables.columns import SENTENCE, Column, DayColumn, ReferenceColumn


class FoundColumn(Column):
    """Whether a line was found, as a badge."""

    def render(self, value: bool) -> SafeString:
        return components.badge(self.value(value), *(("good", "check") if value else ("warning", "x")))

    def value(self, value: bool) -> str:
        return pgettext("caller", "Found") if value else pgettext("caller", "Not found")


class LookupTable(BaseTable):
    """Rows of CallerLookupQuerySet.for_list."""

    at = DayColumn(verbose_name=_("Time"))
    agent = Column(verbose_name=_("Agent"), accessor="agent__display_name")
    asked = Column(
        verbose_name=pgettext_lazy("caller", "Number"),
        help_text=_("As it was asked for; most of it is hidden."),
        orderable=False,
    )
    line = ReferenceColumn(
        verbose_name=_("Line"),
        accessor="subscriber__subscriber_no",
        order_by="subscriber__subscriber_no",
        kind="subscriber",
        help_text=_("A link while you may see the customer: as long as the agent of your group does, or for longer."),
    )
    why = Column(verbose_name=_("Reason"), order_by=("reason", "note"), attrs=SENTENCE)
    found = FoundColumn(verbose_name=pgettext_lazy("caller", "Result"), accessor="is_found", orderable=False)
    until = DayColumn(verbose_name=pgettext_lazy("caller", "Shown until"))

    caption = _("Callers looked up")
    region_id = "callers"
    empty_title = _("Nobody has looked up a caller on these days")

    class Meta(BaseTable.Meta):
        order_by = ("-at",)

    def order_agent(self, rows: Any, is_descending: bool) -> tuple[Any, bool]:
        name = display_name_of("agent")
        return rows.order_by(name.desc() if is_descending else name.asc(), "-at"), True
