"""Tables of the console."""

from datetime import datetime
from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.outreach.text import format_source
from retention.core.accounts.models import User
from retention.core.ui.references import reference
from retention.core.ui.tables.base import BaseTable
from retention.core.ui.tables.columns import (
    BadgeColumn,
    Column,
    DayColumn,
    GainColumn,
    NumberColumn,
    PercentColumn,
    ReferenceColumn,
    TimeColumn,
)
from retention.core.ui.tables.detail import DetailTable
from workorders.orders.models import Transition, WorkOrder
from workorders.orders.stage_access import lacking_stage
from workorders.orders.text import STATE_TONES


class DayTable(BaseTable):
    """One row a day of an agent's work: dicts of workload.by_day."""

    day = DayColumn(verbose_name=_("Day"))
    contacts = NumberColumn(verbose_name=_("Contacts"))
    reached = NumberColumn(verbose_name=_("Reached"))
    reach_rate = PercentColumn(
        verbose_name=_("Reach rate"), help_text=_("Contacts in which the customer was reached."), orderable=False
    )
    good = NumberColumn(
        verbose_name=_("Retained or accepted"),
        help_text=_("Contacts that ended with the customer staying or taking an offer."),
    )
    good_rate = PercentColumn(verbose_name=_("of those reached"), orderable=False)
    refused = NumberColumn(verbose_name=_("Refused"))
    appointments = NumberColumn(verbose_name=_("Appointments"))
    closed = NumberColumn(verbose_name=_("Closed"))

    caption = _("My work by day")
    region_id = "days"
    empty_title = _("No contacts in this period")
    empty_text = _("Every contact you end is counted here on its day.")


class WorkListTable(BaseTable):
    """An agent's orders, or those of the groups' queues: nothing of the customers, whom the agent may not see yet."""

    order_no = Column(verbose_name=_("Order"), attrs={"td": {"class": "text-nowrap"}})
    type = Column(verbose_name=_("Type"), accessor="type__title", order_by="type__code")
    source = Column(
        verbose_name=_("Source"), help_text=_("Why the order exists."), order_by=("origin_kind", "origin_key")
    )
    state = BadgeColumn(verbose_name=_("State"), tones=STATE_TONES)
    priority = NumberColumn(
        verbose_name=_("Priority"), help_text=_("The smallest number is worked first."), initial_sort_descending=False
    )
    due_at = DayColumn(verbose_name=_("Due"))
    appointment_at = DayColumn(verbose_name=_("Appointment"))
    expected_gain = GainColumn(
        verbose_name=_("Expected gain"), help_text=_("What a contact is expected to bring less what it costs, in yuan.")
    )
    reserved_until = DayColumn(
        verbose_name=_("Reserved until"),
        help_text=_("Until then only agents are given it who fit its allocation rule."),
    )

    caption = _("My orders")
    region_id = "work-list"
    empty_title = _("No orders here")
    empty_text = _("“Next” gives you the first one that you may take.")

    class Meta(BaseTable.Meta):
        order_by = ("priority", "due_at", "-expected_gain")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def row_url(self, record: WorkOrder) -> str | None:
        return reverse("workorders:order", args=[record.order_no]) if record.assignee_id == self.user.pk else None

    def render_source(self, value: str) -> str:
        return format_source(value)

    def value_source(self, value: str) -> str:
        return format_source(value)


class AppointmentTable(DetailTable):
    """The own orders with a promised time, as they stand `now`."""

    appointment_at = DayColumn(verbose_name=pgettext_lazy("appointment", "When"))
    customer = Column(accessor="customer__name", verbose_name=_("Customer"))
    order_no = Column(verbose_name=_("Order"))
    type = Column(accessor="type__title", verbose_name=_("Type"))

    caption = _("Appointments")
    css = "rp-mini"

    def __init__(self, orders: list[WorkOrder], *, now: datetime) -> None:
        super().__init__(orders)
        self.now = now

    def row_url(self, record: WorkOrder) -> str:
        return reverse("workorders:order", args=[record.order_no])

    def render_order_no(self, value: str, record: WorkOrder) -> SafeString:
        return reference(value, self.row_url(record))

    def render_appointment_at(self, value: datetime, column: DayColumn) -> SafeString | str:
        shown = column.render(value)
        return format_html('<span class="rp-bad">{} {}</span>', shown, _("(due)")) if value <= self.now else shown


class EndedTable(DetailTable):
    """Contacts of queries.contacts_ended_on; the last move of an order can be corrected."""

    at = TimeColumn(verbose_name=_("Time"))
    order = ReferenceColumn(accessor="order__order_no", verbose_name=_("Order"), kind="workorder")
    type = Column(accessor="order__type__title", verbose_name=_("Type"))
    disposition = Column(accessor="disposition__title", verbose_name=_("Outcome"))
    correct = tables.TemplateColumn(template_name="workorders/console/_correct.html", verbose_name="")

    caption = _("Handled today")
    css = "rp-mini"

    def __init__(self, contacts: list[Transition], *, user: User) -> None:
        super().__init__(contacts)
        self.user = user

    def render_correct(self, record: Transition, column: tables.TemplateColumn, **given: Any) -> Any:
        order = record.order
        if order.version != record.version or lacking_stage(order, self.user, move="reopen"):
            return ""
        return column.render(record=record, **given)
