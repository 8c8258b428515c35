"""The lists of pause reasons, and of the pauses of one day."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from retention.core.ui.tables.base import BaseTable
from retention.core.ui.tables.columns import Column, DurationColumn, NumberColumn, SwitchColumn, TimeColumn
from retention.core.ui.tables.detail import DetailTable, YesNoColumn
from workorders.pauses.models import Pause, PauseCode


class PauseCodeTable(BaseTable):
    name = Column(verbose_name=_("Pause reason"), accessor="title", order_by="code")
    code = Column(verbose_name=_("Code"))
    minutes = NumberColumn(
        verbose_name=_("Minutes at most"), help_text=_("Longer pauses stand out on the board. Blank: no limit.")
    )
    worked = YesNoColumn(verbose_name=_("Counts as work"))
    active = SwitchColumn()

    caption = _("Pause reasons")
    region_id = "pause-reasons"
    empty_title = _("No pause reasons yet")

    class Meta(BaseTable.Meta):
        order_by = ("position", "code")

    def __init__(self, *args: Any, may_edit: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.may_edit = may_edit

    def row_url(self, record: PauseCode) -> str | None:
        return reverse("pauses:code-edit", args=[record.code]) if self.may_edit else None


class PauseTable(DetailTable):
    """Pauses of one agent on one day."""

    reason = Column(verbose_name=_("Pause reason"), accessor="code__title")
    began_at = TimeColumn(verbose_name=_("Began"))
    ended_at = TimeColumn(verbose_name=_("Ended"))
    seconds = DurationColumn(verbose_name=_("Length"), empty_values=())
    ended_by = Column(verbose_name=_("Ended by"), accessor="get_ended_by_display")
    over = YesNoColumn(verbose_name=_("Longer than usual"), empty_values=())

    caption = _("Pauses of the day")
    empty_text = _("No pause on this day.")

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now

    def render_seconds(self, record: Pause, bound_column: Any) -> str:
        return bound_column.column.render(int(record.length(now=self.now).total_seconds()))

    def render_over(self, record: Pause, bound_column: Any) -> str:
        return bound_column.column.render(record.is_over(now=self.now))
