"""The lists of the work pages."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_tables2.data import TableQuerysetData

from retention.core.jobs.text import STATE_TONES as JOB_TONES
from retention.core.ui import formats
from retention.core.ui.tables.base import BaseTable
from retention.core.ui.tables.columns import (
    BadgeColumn,
    Column,
    DayColumn,
    DueColumn,
    DurationColumn,
    GainColumn,
    NumberColumn,
    ReferenceColumn,
    TimeColumn,
)
from retention.core.ui.tables.detail import DetailTable
from workorders.orders.models import Transition, WorkOrder
from workorders.orders.skips import format_skip
from workorders.orders.text import STATE_TONES
from workorders.supervision.models import BulkRun

CLAIM_ORDER = ("priority", "due_at", "-expected_gain")
ONE_LINE = {"td": {"class": "text-nowrap"}}


class OrderData(TableQuerysetData):
    """Finds the page by ids alone, then reads its rows: sorting whole rows of many thousand orders takes seconds."""

    seen: tuple[slice, list[WorkOrder]] | None = None

    def __getitem__(self, places: slice) -> list[WorkOrder]:
        """Caches the page: templates read it several times."""
        if self.seen is None or self.seen[0] != places:
            self.seen = places, self._read(places)
        return self.seen[1]

    def _read(self, places: slice) -> list[WorkOrder]:
        ids = list(self.data.values_list("pk", flat=True)[places])
        rows = WorkOrder.objects.for_board().in_bulk(ids)
        return [rows[pk] for pk in ids if pk in rows]

    def __iter__(self) -> Iterator[WorkOrder]:
        return self.data.for_board().iterator(chunk_size=1000)


class ContactTable(BaseTable):
    """Contacts of orders.queries.contacts_of_day with their orders; nothing of the customers."""

    at = TimeColumn(verbose_name=_("Saved"))
    began_at = TimeColumn(verbose_name=_("Call began"))
    seconds = DurationColumn(
        verbose_name=_("Length"),
        help_text=_("From the start of the call until its outcome was saved."),
        empty_values=(),
        orderable=False,
    )
    order = ReferenceColumn(verbose_name=_("Order"), accessor="order__order_no", kind="workorder")
    type = Column(verbose_name=_("Type"), accessor="order__type__title", order_by="order__type__code", attrs=ONE_LINE)
    outcome = Column(verbose_name=_("Outcome"), accessor="disposition__title", order_by="disposition__code")
    closed = TimeColumn(
        verbose_name=_("Order closed"),
        help_text=_("Empty while the order goes on: an appointment, or another try."),
        empty_values=(),
        orderable=False,
    )

    caption = _("Contacts of the day")
    region_id = "contacts"
    empty_title = _("No contact on this day")

    class Meta(BaseTable.Meta):
        order_by = ("-at",)

    def render_seconds(self, record: Transition, bound_column: Any) -> str:
        return bound_column.column.render(self.value_seconds(record))

    def value_seconds(self, record: Transition) -> int | None:
        began_at = getattr(record, "began_at", None)
        return int((record.at - began_at).total_seconds()) if began_at else None

    def render_closed(self, record: Transition, bound_column: Any) -> str:
        closed = self.value_closed(record)
        return bound_column.column.render(closed) if closed else formats.DASH

    def value_closed(self, record: Transition) -> datetime | None:
        return record.at if record.move == "complete" else None


class OrderTable(BaseTable):
    order_no = Column(verbose_name=_("Order"), attrs=ONE_LINE)
    type = Column(verbose_name=_("Type"), accessor="type__title", order_by="type__code", attrs=ONE_LINE)
    customer = Column(verbose_name=_("Customer"), accessor="customer__name", orderable=False, attrs=ONE_LINE)
    state = BadgeColumn(verbose_name=_("State"), tones=STATE_TONES)
    team = Column(
        verbose_name=pgettext_lazy("team", "Group"), accessor="team__title", order_by="team__code", default="–"
    )
    agent = Column(
        verbose_name=_("Agent"),
        help_text=_("Who has the order; of a closed one, who closed it."),
        accessor="agent__display_name",
        order_by=("assignee__username", "closed_by__username"),
        default="–",
    )
    done_by = Column(
        verbose_name=_("Done by"),
        help_text=_("Who saved the last contact; it stays with a closed or cancelled order."),
        accessor="done_by_name",
        orderable=False,
        default="–",
    )
    priority = NumberColumn(
        verbose_name=_("Priority"), help_text=_("The smallest number is worked first."), initial_sort_descending=False
    )
    due_at = DueColumn(verbose_name=_("Due"), attrs=ONE_LINE)
    opened_at = DayColumn(verbose_name=_("Opened"), attrs=ONE_LINE)
    appointment_at = DayColumn(verbose_name=_("Appointment"), attrs=ONE_LINE)
    attempts = NumberColumn(verbose_name=_("Attempts"))
    expected_gain = GainColumn(
        verbose_name=_("Expected gain"), help_text=_("What a contact is expected to bring less what it costs, in yuan.")
    )
    disposition = Column(
        verbose_name=_("Last outcome"),
        accessor="disposition__title",
        order_by="disposition__code",
        default="–",
        attrs=ONE_LINE,
    )
    source = Column(verbose_name=_("Source"), order_by=("origin_kind", "origin_key"), attrs=ONE_LINE)
    branch = Column(verbose_name=_("Branch"), accessor="branch__name", order_by="branch__path", attrs=ONE_LINE)

    caption = _("Work orders")
    region_id = "orders"
    empty_title = _("No work orders yet")
    empty_text = _("Scenarios open them every night for customers they find.")
    bulk_actions: tuple[dict[str, Any], ...] = (
        {"value": "give", "label": _("Assign to…"), "icon": "user-plus", "key": "a"},
        {"value": "take_back", "label": _("Take back"), "icon": "arrow-back-up"},
        {"value": "defer", "label": _("Defer…"), "icon": "clock-pause"},
        {"value": "priority", "label": _("Priority…"), "icon": "flame"},
        {"value": "cancel", "label": _("Cancel…"), "icon": "circle-x"},
    )

    class Meta(BaseTable.Meta):
        order_by = CLAIM_ORDER

    def __init__(self, orders: "QuerySet[WorkOrder]", *, today: date, may_defer: bool = True, **kwargs: Any) -> None:
        super().__init__(OrderData(orders), **kwargs)
        self.today = today
        if not may_defer:
            self.bulk_actions = tuple(one for one in self.bulk_actions if one["value"] != "defer")
        self.bulk_url = reverse("workorders:bulk")

    def row_url(self, record: WorkOrder) -> str:
        return reverse("workorders:order", args=[record.order_no])

    def row_value(self, record: WorkOrder) -> str:
        return record.order_no


class RunTable(BaseTable):
    """Bulk actions with their counts."""

    created_at = DayColumn(verbose_name=_("Requested"), accessor="job__created_at")
    action = Column(verbose_name=_("Action"), accessor="get_action_display", order_by="action")
    state = BadgeColumn(verbose_name=_("State"), accessor="job__state", tones=JOB_TONES)
    total = NumberColumn(verbose_name=_("Orders"))
    done = NumberColumn(verbose_name=_("Done"))
    refused = NumberColumn(verbose_name=_("Refused"))

    caption = _("Bulk actions")
    region_id = "bulk-runs"
    empty_title = _("No bulk action yet")
    empty_text = _("What you do with many orders at once is done in the background and listed here.")

    class Meta(BaseTable.Meta):
        order_by = ("-created_at",)

    def row_url(self, record: BulkRun) -> str:
        return reverse("workorders:bulk-run", args=[record.pk])


class RefusedTable(BaseTable):
    """Orders of a bulk action that were left as they are."""

    order = ReferenceColumn(verbose_name=_("Order"), accessor="order__order_no", kind="workorder")
    type = Column(verbose_name=_("Type"), accessor="order__type__title", order_by="order__type__code")
    refusal = Column(verbose_name=_("Refused because"), accessor="get_refusal_display", order_by="refusal")

    caption = _("Refused orders")
    region_id = "refused"
    empty_title = _("No order was refused")

    class Meta(BaseTable.Meta):
        order_by = ("refusal", "order")


class SkipTable(DetailTable):
    """Orders that an agent put back on one day."""

    at = TimeColumn(verbose_name=_("Time"))
    order = ReferenceColumn(accessor="order__order_no", verbose_name=_("Order"), kind="workorder")
    type = Column(verbose_name=_("Type"), accessor="order__type__title")
    reason = Column(verbose_name=_("Reason"), accessor="detail__reason")

    caption = _("Orders skipped")
    css = "rp-mini"

    def render_reason(self, value: str) -> str:
        return format_skip(value)
