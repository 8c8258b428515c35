"""Tables of the flow of an order type."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from retention.core.ui.tables.columns import Column, NumberColumn
from retention.core.ui.tables.detail import DetailTable
from workorders.flows.queries import VersionRow
from workorders.flows.text import move_rows
from workorders.order_types.models import OrderType
from workorders.order_types.stages import Stages


class VersionTable(DetailTable):
    version = NumberColumn(verbose_name=_("Version"), accessor="type__version")
    status = Column(verbose_name=_("Status"), accessor="type__status")
    open_orders = NumberColumn(verbose_name=_("Open orders"))

    caption = _("Versions")
    css = "rp-mini"

    def row_url(self, record: VersionRow) -> str:
        return f"{reverse('flows:flow', args=[record.type.code])}?version={record.type.version}"

    def render_status(self, record: VersionRow) -> Any:
        if record.type.status == OrderType.Status.DRAFT:
            return record.type.get_status_display()
        return _("new orders take it") if record.is_current else _("running orders only")


class MoveTable(DetailTable):
    """The moves of a version; rows of text.move_rows."""

    title = Column(verbose_name=_("Move"))
    sources = Column(verbose_name=_("From"))
    to = Column(verbose_name=_("To"))
    who = Column(verbose_name=_("Who may"))
    needs = Column(verbose_name=_("Asks for"))
    effects = Column(verbose_name=_("Effects"))

    caption = _("Moves")

    def __init__(self, flow: Stages) -> None:
        super().__init__(move_rows(flow))
