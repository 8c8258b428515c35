from datetime import date
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from analytics.churn.models import OutcomeStatus
from analytics.outcomes.text import month_name
from retention.core.ui.tables.base import BaseTable
from retention.core.ui.tables.columns import BarColumn, Column, NumberColumn, PercentColumn
from retention.core.ui.tables.detail import DetailTable


class OutcomeTable(BaseTable):
    month = Column(verbose_name=_("Month end"), initial_sort_descending=True)
    lines = NumberColumn(verbose_name=_("Lines"))
    labelled = NumberColumn(
        verbose_name=_("Evaluated"), help_text=_("Lines that churned or stayed: the base of the churn rate.")
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

    def render_month(self, value: date, record: dict[str, Any]) -> SafeString | str:
        if record["missing"]:
            return format_html('{} <span class="rp-muted">{}</span>', month_name(value), gettext("no snapshot"))
        return month_name(value)

    def value_month(self, value: date) -> date:
        return value

    def row_url(self, record: dict[str, Any]) -> str | None:
        """The page with this month's detail, with the filters; None for a month that has none."""
        if record["missing"]:
            return None
        query = self.request.GET.copy() if self.request else QueryDict(mutable=True)
        query["month"] = record["pk"]
        return f"?{query.urlencode()}#detail"


class OutcomeExport(OutcomeTable):
    """With a column per outcome."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        fates = [(str(fate), NumberColumn(verbose_name=fate.label)) for fate in OutcomeStatus]
        super().__init__(*args, extra_columns=fates, **kwargs)


class GainTable(BaseTable):
    rank = NumberColumn(verbose_name=_("Rank"), initial_sort_descending=False)
    label = Column(verbose_name=_("Factor"))
    gain = NumberColumn(
        verbose_name=_("Information gain, bits"),
        help_text=_("How much the factor tells about whether a line leaves."),
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


class FateTable(DetailTable):
    """What became of the lines of a month."""

    label = Column(verbose_name=pgettext_lazy("churn", "Outcome"))
    group = Column(verbose_name=_("Counted as"))
    lines = NumberColumn(verbose_name=_("Lines"))
    share = PercentColumn(verbose_name=_("Share"))

    def __init__(self, rows: list[dict[str, Any]], *, month: str) -> None:
        super().__init__(rows)
        self.caption = gettext("%(month)s: what became of the lines") % {"month": month}


class OutcomeGroupTable(DetailTable):
    label = Column(verbose_name=_("Lines of"))
    labelled = NumberColumn(verbose_name=_("Evaluated"))
    churned = NumberColumn(verbose_name=_("Churned"))
    rate = PercentColumn(verbose_name=_("Churn rate"), show="percent_fine")
    excluded = NumberColumn(verbose_name=_("Left out"))

    def __init__(self, rows: list[dict[str, Any]], *, month: str) -> None:
        super().__init__(rows)
        self.caption = gettext("%(month)s: by tenure and line type") % {"month": month}


class DefinitionTable(DetailTable):
    meaning = Column(accessor="row__get_meaning_display", verbose_name=_("Meaning"))
    type = Column(verbose_name=_("Line type"))
    text = Column(verbose_name=_("Counts when"), attrs={"td": {"class": "text-wrap"}})
    change = Column(empty_values=(), verbose_name=_("Change"))

    caption = _("What churn means here")
    empty_text = _("The first night writes the shipped definitions.")

    def __init__(self, rows: list[dict[str, Any]], *, may_define: bool) -> None:
        super().__init__(rows, exclude=() if may_define else ("change",))

    def render_change(self, record: dict[str, Any]) -> SafeString:
        url = reverse("analytics:outcome-define", args=[record["row"].meaning, record["key"]])
        return format_html('<a class="btn btn-sm" href="{}">{}</a>', url, gettext("Change"))
