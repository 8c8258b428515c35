"""Absences, and the promises that fall into one."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from retention.core.accounts.models import User
from retention.core.ui.tables.base import BaseTable
from retention.core.ui.tables.columns import Column, DayColumn, NumberColumn, ReferenceColumn
from retention.core.ui.tables.detail import DetailTable
from workorders.allocation.models import Absence
from workorders.orders.models import WorkOrder
from workorders.orders.states import WORK


class AbsenceTable(BaseTable):
    agent = Column(verbose_name=gettext_lazy("Agent"), accessor="agent__display_name", order_by="agent__username")
    first_day = DayColumn(verbose_name=gettext_lazy("First day"))
    last_day = DayColumn(verbose_name=gettext_lazy("Last day"))
    reason = Column(verbose_name=gettext_lazy("Reason"), accessor="get_reason_display", order_by="reason")
    cover = Column(verbose_name=pgettext_lazy("absence", "Cover"), empty_values=(), order_by="cover__username")
    held = NumberColumn(
        verbose_name=gettext_lazy("Still with the agent"),
        help_text=gettext_lazy("Open orders that the agent has now, appointments included."),
    )

    caption = gettext_lazy("Absences")
    region_id = "absences"
    empty_title = gettext_lazy("Nobody is absent")

    class Meta(BaseTable.Meta):
        order_by = ("first_day",)

    def row_url(self, record: Absence) -> str | None:
        return None if record.ended else reverse("absences:edit", args=[record.pk])

    def render_cover(self, record: Absence) -> str:
        return self.value_cover(record)

    def value_cover(self, record: Absence) -> str:
        if record.cover is None:
            return _("The group")
        if record.cover.may(WORK):
            return record.cover.display_name
        return _("%(name)s works no orders any more: the group covers") % {"name": record.cover.display_name}


class PromiseTable(DetailTable):
    """Orders of queries.promises_of."""

    order_no = ReferenceColumn(verbose_name=gettext_lazy("Order"), kind="workorder")
    type = Column(verbose_name=gettext_lazy("Type"), accessor="type__title")
    appointment_at = DayColumn(verbose_name=gettext_lazy("Promised for"))

    caption = gettext_lazy("Promises in the absence")
    empty_text = gettext_lazy("No appointment falls into the absence.")

    def __init__(self, orders: list[WorkOrder], *, user: User) -> None:
        super().__init__(orders)
        self.user = user
