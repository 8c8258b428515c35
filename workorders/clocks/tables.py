"""The list of working calendars."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from retention.core.ui import formats
from retention.core.ui.components import badge
from retention.core.ui.tables.base import BaseTable
from retention.core.ui.tables.columns import SENTENCE, Column, SwitchColumn
from workorders.clocks.models import WorkCalendar
from workorders.clocks.queries.months import unknown_years
from workorders.clocks.text import format_groups, format_week


class WorkCalendarTable(BaseTable):
    title = Column(verbose_name=_("Calendar"), order_by="name")
    where = Column(verbose_name=_("For"), empty_values=(), order_by="branch__path")
    hours = Column(verbose_name=_("Working hours"), orderable=False, attrs=SENTENCE)
    holidays = Column(verbose_name=_("Public holidays"), empty_values=())
    days = Column(verbose_name=_("Own days"), orderable=False, empty_values=())
    enabled = SwitchColumn()

    caption = _("Working calendars")
    region_id = "work-calendars"
    empty_title = _("No working calendar yet")
    empty_text = _("Without one, working time is every hour of every day.")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def row_url(self, record: WorkCalendar) -> str:
        return reverse("clocks:workcalendar", args=[record.code])

    def render_where(self, record: WorkCalendar) -> str:
        if record.groups:
            return format_groups(record.groups)
        return record.branch.name if record.branch else gettext("The whole base")

    def render_hours(self, value: list[str]) -> str:
        return format_week(value)

    def render_holidays(self, record: WorkCalendar) -> SafeString | str:
        if not record.holidays:
            return formats.DASH
        named = str(record.get_holidays_display())
        years = unknown_years(record, today=self.today)
        if not years:
            return named
        text = gettext("%(years)s not arranged yet") % {"years": ", ".join(map(str, years))}
        return format_html("{} {}", named, badge(text, "warning", "alert-triangle"))

    def value_holidays(self, record: WorkCalendar) -> str:
        return str(record.get_holidays_display()) if record.holidays else ""

    def render_days(self, record: WorkCalendar) -> str:
        return formats.number(len(record.days))
