"""Orders as a table inside a page."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from retention.core.ui import formats
from retention.core.ui.tables.columns import BadgeColumn, Column, DayColumn
from retention.core.ui.tables.detail import DetailTable
from workorders.orders.models import WorkOrder
from workorders.orders.text import STATE_TONES


class CustomerOrderTable(DetailTable):
    """Orders of a customer, as `for_board` reads them."""

    order_no = Column(verbose_name=_("Order"), attrs={"td": {"class": "rp-mono"}})
    type = Column(accessor="type__title", verbose_name=_("Type"))
    state = BadgeColumn(verbose_name=_("State"), tones=STATE_TONES)
    opened_at = DayColumn(verbose_name=_("Opened"))
    outcome = Column(accessor="disposition__title", verbose_name=_("Outcome"))
    agent = Column(empty_values=(), verbose_name=_("Agent"))

    caption = _("Orders")
    css = "rp-mini"

    def row_url(self, record: WorkOrder) -> str:
        return reverse("workorders:order", args=[record.order_no])

    def render_agent(self, record: WorkOrder) -> str:
        return record.agent.display_name if record.agent else formats.DASH
