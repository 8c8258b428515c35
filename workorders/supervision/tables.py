"""The lists of the work pages."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_tables2.data import TableQuerysetData

from retention.core.ui.tables.base import BaseTable
from retention.core.ui.tables.columns import BadgeColumn, Column, DayColumn, DueColumn, GainColumn, NumberColumn
from workorders.orders.models import WorkOrder
from workorders.orders.text import STATE_TONES

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
    bulk_actions = (
        {"value": "give", "label": _("Give to…"), "icon": "user-plus"},
        {"value": "take_back", "label": _("Take back"), "icon": "arrow-back-up"},
        {"value": "cancel", "label": _("Cancel…"), "icon": "circle-x"},
    )

    class Meta(BaseTable.Meta):
        order_by = CLAIM_ORDER

    def __init__(self, orders: "QuerySet[WorkOrder]", *, today: date, **kwargs: Any) -> None:
        super().__init__(OrderData(orders), **kwargs)
        self.today = today
        self.bulk_url = reverse("workorders:bulk")

    def row_url(self, record: WorkOrder) -> str:
        return reverse("workorders:order", args=[record.order_no])

    def row_value(self, record: WorkOrder) -> str:
        return record.order_no
