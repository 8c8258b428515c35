from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from analytics.churn.models import OutcomeStatus
from analytics.outcomes.text import month_name
from retention.core.ui.tables.base import BaseTable
from retention.core.ui.tables.columns import BarColumn, Column, NumberColumn, PercentColumn


class OutcomeTable(BaseTable):
    month = Column(verbose_name=_("Month end"), initial_sort_descending=True)
    lines = NumberColumn(verbose_name=_("Lines"))
    labelled = NumberColumn(
        verbose_name=_("Judged"), help_text=_("Lines that churned or stayed: the base of the churn rate.")
    )
    churned = NumberColumn(verbose_name=_("Churned"))
    rate = PercentColumn(verbose_name=_("Churn rate"))
    competing = NumberColumn(
        verbose_name=_("Competing ends"), help_text=_("Lines that ended in a way that does not count as churn.")
    )
    excluded = NumberColumn(verbose_name=_("Left out"))

    caption = _("Outcomes by month end")
    region_id = "outcomes"
    empty_title = _("Nothing counted yet")
    empty_text = _("A month end is counted by the first night after its outcome is known.")

    class Meta(BaseTable.Meta):
        fields = ()

    def render_month(self, value: date) -> str:
        return month_name(value)

    def value_month(self, value: date) -> date:
        return value

    def row_url(self, record: dict[str, Any]) -> str:
        """The month in full below, the filters kept."""
        query = self.request.GET.copy()
        query["month"] = record["pk"]
        return f"?{query.urlencode()}#detail"


class OutcomeExport(OutcomeTable):
    """With a column for every fate."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        fates = [(str(fate), NumberColumn(verbose_name=fate.label)) for fate in OutcomeStatus]
        super().__init__(*args, extra_columns=fates, **kwargs)


class GainTable(BaseTable):
    rank = NumberColumn(verbose_name=_("Rank"), initial_sort_descending=False)
    label = Column(verbose_name=_("Factor"))
    gain = NumberColumn(
        verbose_name=_("Information gain, bits"),
        help_text=_("How much knowing the factor says about whether a line leaves."),
        show="fine",
    )
    gain_ratio = NumberColumn(
        verbose_name=_("Gain ratio"),
        help_text=_("The gain divided by how finely the factor splits the lines."),
        show="fine",
    )
    moved = NumberColumn(verbose_name=_("Rank, change"), help_text=_("Places gained since the month end before."))

    caption = _("Information gain of factors")
    region_id = "gains"

    class Meta(BaseTable.Meta):
        fields = ()
        sequence = ("label", "rank", "gain", "gain_ratio", "moved")

    def render_moved(self, value: int) -> str:
        return f"{'+' if value > 0 else '−'}{abs(value)}" if value else "0"

    def row_value(self, record: dict[str, Any]) -> object:
        return record["factor"]


class BandTable(BaseTable):
    label = Column(verbose_name=_("Factor"), orderable=False)
    band = Column(verbose_name=_("Band"), orderable=False)
    lines = NumberColumn(verbose_name=_("Lines"), orderable=False)
    leavers = NumberColumn(verbose_name=_("Leavers"), orderable=False)
    rate = BarColumn(verbose_name=_("Churn rate"), orderable=False)
    rate_low = PercentColumn(
        verbose_name=_("At least"), help_text=_("Lower end of the 95 % interval of the rate."), orderable=False
    )
    rate_high = PercentColumn(
        verbose_name=_("At most"), help_text=_("Upper end of the 95 % interval of the rate."), orderable=False
    )
    lift = NumberColumn(verbose_name=_("Times the usual rate"), show="decimal", orderable=False)

    caption = _("High-risk factors")
    region_id = "bands"
    show_tools = False

    class Meta(BaseTable.Meta):
        fields = ()

    def row_value(self, record: dict[str, Any]) -> object:
        return record["factor"]
