"""The calendar of care, the days that come, and the notices."""

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from campaigns.audiences.days_of_year import format_days_of_year
from campaigns.care.models import CareNotice
from campaigns.care.queries.calendar import Coming
from retention.core.ui.tables.base import BaseTable
from retention.core.ui.tables.columns import SENTENCE, Column, DayColumn, NumberColumn, SwitchColumn
from retention.core.ui.tables.detail import DetailTable


class CareTable(BaseTable):
    """Rows are dicts, made by views.CareCalendar."""

    name = Column(verbose_name=_("Kind of care"))
    trigger = Column(verbose_name=_("When"), orderable=False)
    says = Column(verbose_name=_("Who"), orderable=False, attrs=SENTENCE)
    way = Column(verbose_name=_("How"))
    text = Column(verbose_name=_("Talk track or message"), orderable=False, attrs=SENTENCE)
    enabled = SwitchColumn()
    new = NumberColumn(verbose_name=_("Customers, 30 nights"))
    reported = NumberColumn(verbose_name=_("Only listed"))
    opened = NumberColumn(verbose_name=_("Orders opened"))
    refused = NumberColumn(verbose_name=_("Not called (contact rule)"))

    caption = _("Care calendar")
    region_id = "care"

    def row_url(self, record: dict[str, Any]) -> str:
        return reverse("campaigns:scenario", args=[record["code"]])

    def render_says(self, value: str, record: dict[str, Any]) -> SafeString:
        css = "rp-small rp-bad" if record["is_broken"] else "rp-small"
        return format_html('<span class="{}">{}</span>', css, value)

    def value_says(self, value: str) -> str:
        return value

    def render_text(self, value: str) -> SafeString:
        return format_html('<span class="rp-small">{}</span>', value)

    def value_text(self, value: str) -> str:
        return value


class ComingTable(DetailTable):
    """Rows of queries.calendar.coming_days."""

    day = DayColumn(verbose_name=_("Day"))
    what = Column(verbose_name=_("What"))
    where = Column(verbose_name=_("Branch"), accessor="notice__branch", empty_values=())
    kind = Column(verbose_name=_("Kind of care"), accessor="kind__title")
    contact_on = DayColumn(verbose_name=_("Contact on"))

    caption = _("Coming days")
    css = "rp-mini"

    def row_url(self, record: Coming) -> str:
        if record.notice:
            return reverse("care:carenotice", args=[record.notice.code])
        return reverse("campaigns:scenario", args=[record.kind.code])

    def render_what(self, value: str, record: Coming) -> str:
        return value if record.notice else format_days_of_year([value])

    def render_where(self, value: Any) -> str:
        return str(value or _("The whole base"))


class CareNoticeTable(BaseTable):
    title = Column(verbose_name=_("Notice"), order_by="name")
    kind = Column(verbose_name=_("Kind of care"), accessor="scenario__title", order_by="scenario__name")
    branch = Column(verbose_name=_("Branch"), accessor="branch__name", empty_values=())
    starts_on = DayColumn(verbose_name=_("Starts on"))
    ends_on = DayColumn(verbose_name=_("Ends on"))
    enabled = SwitchColumn()

    caption = _("Care notices")
    region_id = "care-notices"
    empty_title = _("No notices yet")
    empty_text = _("A notice tells customers of a district about a big event or network work, from a day to a day.")

    def row_url(self, record: CareNotice) -> str:
        return reverse("care:carenotice", args=[record.code])

    def render_branch(self, value: str | None) -> str:
        return value or str(_("The whole base"))
