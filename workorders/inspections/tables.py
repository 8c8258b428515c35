"""The lists of plans, of visits by day, of months of service, and of faults of firms."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from retention.core.ui import formats
from retention.core.ui.tables.base import BaseTable
from retention.core.ui.tables.columns import (
    BadgeColumn,
    Column,
    DayColumn,
    DueColumn,
    NumberColumn,
    PercentColumn,
    ReferenceColumn,
    SwitchColumn,
)
from retention.core.ui.tables.detail import DetailTable
from workorders.inspections.filters import REPAIRED
from workorders.inspections.models import InspectionPlan, InspectionVisit, VisitState
from workorders.inspections.queries import MonthOfService
from workorders.orders.models import WorkOrder

VISIT_TONES = {
    VisitState.PLANNED.value: ("neutral", "calendar-event"), VisitState.IN_HAND.value: ("info", "clock"),
    VisitState.DONE.value: ("good", "check"), VisitState.DROPPED.value: ("warning", "x"),
}  # fmt: skip


class VisitStateColumn(BadgeColumn):
    """A VisitState as a badge; in an export as its label."""

    def render(self, value: str, record: Any, bound_column: Any) -> SafeString:
        return super().render(VisitState(value).label, record, bound_column)

    def value(self, value: str) -> str:
        return str(VisitState(value).label)


class InspectionPlanTable(BaseTable):
    title = Column(verbose_name=pgettext_lazy("inspections", "Plan"), order_by="name")
    branch = Column(verbose_name=_("Branch"), accessor="branch__name", empty_values=(), order_by="branch__path")
    every_days = NumberColumn(verbose_name=_("Days between two visits"))
    per_day = NumberColumn(verbose_name=_("Visits a day at most"))
    team = Column(verbose_name=_("Group"), accessor="team__title", empty_values=(), order_by="team__code")
    enabled = SwitchColumn()

    caption = _("Inspection plans")
    region_id = "inspection-plans"
    empty_title = _("No inspection plans yet")
    empty_text = _("A plan says how often which firms are visited, and how many of them on a day.")

    def row_url(self, record: InspectionPlan) -> str:
        return reverse("inspections:inspectionplan", args=[record.code])

    def render_branch(self, value: str | None) -> str:
        return value or str(_("The whole base"))

    def render_team(self, value: str | None) -> str:
        return value or str(_("The nearest to the firm"))


class RouteTable(BaseTable):
    planned_on = DueColumn(verbose_name=_("Planned for"))
    firm = Column(verbose_name=_("Firm"), accessor="customer__name")
    customer_no = Column(verbose_name=_("Customer number"), accessor="customer__customer_no")
    branch = Column(verbose_name=_("Branch"), accessor="customer__branch__name", order_by="customer__branch__path")
    due_on = DayColumn(verbose_name=_("Due"))
    plan = Column(verbose_name=pgettext_lazy("inspections", "Plan"), accessor="plan__title", order_by="plan__code")
    state = VisitStateColumn(verbose_name=_("State"), tones=VISIT_TONES)
    order = ReferenceColumn(verbose_name=_("Order"), accessor="order__order_no", kind="workorder", orderable=False)
    agent = Column(verbose_name=_("Agent"), accessor="order__agent", orderable=False)

    caption = _("Routes")
    region_id = "routes"
    empty_title = _("No visits in this time")
    empty_text = _("Visits of plans in use are laid out six weeks ahead.")

    class Meta(BaseTable.Meta):
        order_by = ("planned_on", "branch")

    def __init__(self, *args: Any, today: date, may_edit: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today, self.may_edit = today, may_edit

    def row_url(self, record: InspectionVisit) -> str | None:
        if record.order_id is None and self.may_edit:
            return reverse("inspections:visit-move", args=[record.pk])
        return None


class ServiceMonthTable(DetailTable):
    """Rows of queries.service_by_month; every number leads to its rows."""

    month = Column(verbose_name=_("Month"))
    planned = NumberColumn(verbose_name=pgettext_lazy("inspections", "Visits planned"))
    done = NumberColumn(verbose_name=pgettext_lazy("inspections", "Visited"))
    done_share = PercentColumn(verbose_name=_("Share visited"))
    dropped = NumberColumn(verbose_name=pgettext_lazy("inspections", "Dropped"))
    faults = NumberColumn(verbose_name=_("Faults"))
    lines = NumberColumn(verbose_name=_("Lines"))
    per_100_lines = NumberColumn(verbose_name=_("Faults per 100 lines"))
    repaired = NumberColumn(verbose_name=pgettext_lazy("fault", "Repaired"))
    hours = Column(verbose_name=_("Mean time to repair"))

    caption = _("Service by month")

    def __init__(self, *args: Any, branch: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.branch = branch

    def render_month(self, value: date) -> str:
        return date_format(value, "YEAR_MONTH_FORMAT")

    def render_planned(self, value: int, record: MonthOfService) -> SafeString:
        return self._link("inspections:routes", value, record)

    def render_done(self, value: int, record: MonthOfService) -> SafeString:
        return self._link("inspections:routes", value, record, state=VisitState.DONE)

    def render_dropped(self, value: int, record: MonthOfService) -> SafeString:
        return self._link("inspections:routes", value, record, state=VisitState.DROPPED)

    def render_faults(self, value: int, record: MonthOfService) -> SafeString:
        return self._link("inspections:faults", value, record)

    def render_repaired(self, value: int, record: MonthOfService) -> SafeString:
        return self._link("inspections:faults", value, record, state=REPAIRED)

    def render_per_100_lines(self, value: float) -> str:
        return formats.number(round(value, 2))

    def render_hours(self, value: float) -> str:
        return format_hours(value)

    def _link(self, route: str, value: int, record: MonthOfService, **more: str) -> SafeString:
        asked = {"since": record.month.isoformat(), "until": record.last.isoformat(), **more}
        if self.branch:
            asked["branch"] = self.branch
        return format_html('<a href="{}?{}">{}</a>', reverse(route), urlencode(asked), formats.number(value))


class FaultTable(BaseTable):
    order_no = ReferenceColumn(verbose_name=_("Order"), kind="workorder")
    firm = Column(verbose_name=_("Firm"), accessor="customer__name")
    branch = Column(verbose_name=_("Branch"), accessor="branch__name", order_by="branch__path")
    state = Column(verbose_name=_("State"), accessor="get_state_display", order_by="state")
    opened_at = DayColumn(verbose_name=_("Opened"))
    closed_at = DayColumn(verbose_name=_("Closed"))
    hours = Column(verbose_name=_("Time to repair"), empty_values=(), orderable=False)

    caption = _("Faults of firms")
    region_id = "faults"
    empty_title = _("No faults in this time")
    empty_text = _("Orders about faults of enterprises and offices.")

    def render_hours(self, record: WorkOrder) -> str:
        return format_hours(self.value_hours(record))

    def value_hours(self, record: WorkOrder) -> float | None:
        """Until it was closed; None while it is open."""
        return (record.closed_at - record.opened_at).total_seconds() / 3600 if record.closed_at else None


def format_hours(hours: float | None) -> str:
    if hours is None:
        return formats.DASH
    return formats.duration(round(hours * 3600))
