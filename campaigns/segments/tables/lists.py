"""Exclusions, bands, flows and the lines of a segment as lists."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy, pgettext_lazy

from campaigns.segments.rules import Matrix
from campaigns.segments.text import format_band, format_place
from customers.directory.tables import ClippedColumn
from customers.facts.models import Subscriber
from retention.core.ui.tables.base import BaseTable
from retention.core.ui.tables.columns import (
    BarColumn,
    Column,
    DayColumn,
    MoneyColumn,
    NumberColumn,
    PercentColumn,
    RiskColumn,
)
from retention.core.ui.tables.detail import DetailTable


class ExclusionTable(DetailTable):
    """Rows of MatrixGrid.left_out."""

    title = Column(verbose_name=gettext_lazy("Left out because"))
    lines = NumberColumn(verbose_name=gettext_lazy("Lines"))
    revenue = MoneyColumn(verbose_name=gettext_lazy("Monthly spend"))
    change = PercentColumn(verbose_name=gettext_lazy("Change since the month end"))

    caption = gettext_lazy("Left out before layering")
    css = "rp-mini"

    def row_url(self, record: dict[str, Any]) -> str:
        return str(record["url"])


class BandTable(DetailTable):
    """What each band holds: rows dimension, band, holds."""

    dimension = Column(verbose_name=gettext_lazy("Dimension"))
    band = Column(verbose_name=gettext_lazy("Band"))
    holds = Column(verbose_name=gettext_lazy("Holds"))

    caption = gettext_lazy("Bands")
    css = "rp-mini"

    def __init__(self, matrix: Matrix) -> None:
        super().__init__([
            {
                "dimension": one.title,
                "band": one.band_title(code),
                "holds": format_band(one, code),
            }
            for one in matrix.dimensions
            for code in one.codes
        ])  # fmt: skip


class FlowTable(BaseTable):
    """Rows of views.migration: which lines went from where to where."""

    before = Column(verbose_name=pgettext_lazy("migration", "From"))
    after = Column(verbose_name=pgettext_lazy("migration", "To"))
    lines = NumberColumn(verbose_name=gettext_lazy("Lines"))
    share = PercentColumn(
        verbose_name=gettext_lazy("Of the cell"), help_text=gettext_lazy("Of the lines that stood in the cell before.")
    )
    revenue = MoneyColumn(verbose_name=gettext_lazy("Monthly spend"))

    caption = gettext_lazy("Movements between cells")
    region_id = "flows"
    empty_title = gettext_lazy("No movements yet")
    empty_text = gettext_lazy("They are counted when two month ends have been placed by the same matrix.")

    class Meta(BaseTable.Meta):
        fields = ()

    def row_url(self, record: dict[str, Any]) -> str:
        return str(record["url"])


class CellFlowTable(DetailTable):
    """Where the lines of a cell came from, or went to: rows place, lines, share, url."""

    place = Column(verbose_name=gettext_lazy("Cell"))
    lines = NumberColumn(verbose_name=gettext_lazy("Lines"))
    share = PercentColumn(verbose_name=gettext_lazy("Share"))

    css = "rp-mini"
    empty_text = gettext_lazy("Nobody in this month.")

    def __init__(self, *args: Any, caption: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.caption = caption

    def row_url(self, record: dict[str, Any]) -> str:
        return str(record["url"])


class SegmentLinesTable(BaseTable):
    """The people of a cell, an exclusion or a movement."""

    subscriber_no = Column(verbose_name=gettext_lazy("Subscriber"), orderable=False)
    customer = ClippedColumn(accessor="account__customer__name", verbose_name=gettext_lazy("Customer"), orderable=False)
    branch = ClippedColumn(accessor="branch__name", verbose_name=gettext_lazy("Branch"), orderable=False)
    plan = ClippedColumn(accessor="plan__name", verbose_name=gettext_lazy("Plan"), orderable=False)
    status = Column(accessor="get_status_display", verbose_name=gettext_lazy("Status"), orderable=False)
    segment = Column(
        accessor="line_segment__segment", verbose_name=gettext_lazy("Segment by stability, now"), orderable=False
    )
    segment_need = Column(
        accessor="line_segment__segment_need", verbose_name=gettext_lazy("Segment by need, now"), orderable=False
    )
    tier = RiskColumn(accessor="profile__risk_tier", verbose_name=gettext_lazy("Risk tier"), orderable=False)
    chance = BarColumn(accessor="profile__risk_probability", verbose_name=gettext_lazy("Churn probability"))
    spend = MoneyColumn(accessor="profile__arpu", verbose_name=gettext_lazy("Monthly spend"))
    change = PercentColumn(
        accessor="profile__bill_change",
        verbose_name=gettext_lazy("Spend change"),
        help_text=gettext_lazy("The last bill against the mean of the three months before, as a share."),
        orderable=False,
    )
    contract_end = DayColumn(accessor="profile__contract_ends_on", verbose_name=gettext_lazy("Contract ends"))

    caption = gettext_lazy("Lines of a segment")
    region_id = "segment-lines"
    empty_title = gettext_lazy("No line that you may see stands here")
    empty_text = gettext_lazy("Supervisors see the lines of the customers on the orders of their groups.")

    class Meta(BaseTable.Meta):
        fields = ()

    def __init__(self, *args: Any, matrix: Matrix, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.matrix = matrix

    def row_url(self, record: Subscriber) -> str:
        return reverse("customers:detail", args=[record.subscriber_no])

    def render_segment(self, value: str) -> str:
        return format_place(value, self.matrix)

    def render_segment_need(self, value: str) -> str:
        return format_place(value, self.matrix)
