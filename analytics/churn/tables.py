"""Tables of the churn model: every version kept, and the figures of one."""

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from analytics.churn.charts import format_day
from analytics.churn.models import ModelVersion
from retention.core.ui import components, formats
from retention.core.ui.tables.base import BaseTable
from retention.core.ui.tables.columns import BadgeColumn, Column, NumberColumn, PercentColumn, RiskColumn
from retention.core.ui.tables.detail import DetailTable, WordColumn, YesNoColumn

TONES = {
    ModelVersion.State.CHAMPION: ("good", "check"),
    ModelVersion.State.CHALLENGER: ("info", "test-pipe"),
    ModelVersion.State.RETIRED: ("neutral", ""),
}
ONE_LINE = {"td": {"class": "text-nowrap"}}


class VersionTable(BaseTable):
    version = tables.Column(verbose_name=_("Version"), attrs=ONE_LINE)
    state = BadgeColumn(verbose_name=_("State"), tones=TONES)
    created_at = tables.DateTimeColumn(verbose_name=_("Trained"), short=True, attrs=ONE_LINE)
    judged_on = tables.Column(
        accessor="span__judged_on", verbose_name=_("Evaluated on"), orderable=False, attrs=ONE_LINE
    )
    auc = NumberColumn(accessor="metrics__auc", verbose_name=_("AUC"), show="decimal", orderable=False)
    lift = NumberColumn(
        accessor="metrics__lift_at_10", verbose_name=_("Lift, top tenth"), show="decimal", orderable=False
    )
    ece = PercentColumn(accessor="metrics__ece", verbose_name=_("Calibration error"), orderable=False)
    verdict = tables.Column(empty_values=(), verbose_name=_("Against the champion"), orderable=False)
    promoted_by = tables.Column(verbose_name=_("Promoted by"), orderable=False)
    promoted_why = tables.Column(verbose_name=_("Why"), orderable=False)

    caption = _("Model versions")
    region_id = "versions"
    exportable = False
    show_tools = False

    class Meta(BaseTable.Meta):
        fields = ()

    def row_url(self, record: ModelVersion) -> str:
        return reverse("analytics:version", args=[record.pk])

    def render_version(self, value: str) -> SafeString:
        return format_html("<code>{}</code>", value)

    def render_judged_on(self, value: str) -> str:
        return format_day(value)

    def render_promoted_why(self, value: str) -> str:
        return gettext(value)

    def render_verdict(self, record: ModelVersion) -> str:
        return verdict(record) or formats.DASH


def verdict(version: ModelVersion) -> str:
    """What the comparison with the champion of its time said, in a word or two."""
    found = version.comparison
    if not version.beats_plain_rate:
        return gettext("no better than the plain rate")
    if not found:
        return ""
    if found.get("why") == "seen":
        return gettext("not comparable")
    if found.get("why") == "unusable":
        return gettext("champion cannot score")
    return gettext("better") if found["better"] else gettext("not significantly better")


class FigureColumn(NumberColumn):
    """A figure with as many decimals as its row names (`digits`)."""

    def render(self, value: Any, record: Any = None) -> str:
        return formats.number(value, record["digits"])


class FigureTable(DetailTable):
    """Figures of a version (`own`) and of the one beside it (`theirs`), if any."""

    label = Column(verbose_name=_("Figure"))
    own = FigureColumn()
    theirs = FigureColumn()

    caption = _("Figures on a month it had not seen")

    def __init__(self, rows: list[dict[str, Any]], *, own: ModelVersion, other: ModelVersion | None) -> None:
        super().__init__(rows, exclude=() if other else ("theirs",))
        self.columns["own"].column.verbose_name = own.version
        if other:
            self.columns["theirs"].column.verbose_name = other.version


class CohortTable(DetailTable):
    label = Column(verbose_name=_("Tenure"))
    rows_judged = NumberColumn(accessor="rows", verbose_name=_("Lines"))
    leavers = NumberColumn(verbose_name=_("Leavers"))
    auc = NumberColumn(verbose_name=_("AUC"), show="thousandths")
    lift = NumberColumn(accessor="lift_at_10", verbose_name=_("Lift, top tenth"), show="decimal")
    ece = PercentColumn(verbose_name=_("Calibration error"))
    ece_by_chance = PercentColumn(verbose_name=_("By chance alone"))
    own = WordColumn(verbose_name=_("Model"), words={True: _("its own"), False: _("of all")})

    caption = _("By tenure")


class CohortsBesideTable(DetailTable):
    """Cohorts of a version, and under `other` those of the one beside it, if any."""

    label = Column(verbose_name=_("Tenure"))
    rows_judged = NumberColumn(accessor="rows", verbose_name=_("Lines"))
    auc = NumberColumn(verbose_name=_("AUC"), show="thousandths")
    ece = PercentColumn(verbose_name=_("Calibration error"))
    other_auc = NumberColumn(accessor="other__auc", verbose_name=_("AUC, other"), show="thousandths")
    other_ece = PercentColumn(accessor="other__ece", verbose_name=_("Calibration error, other"))

    caption = _("By tenure")


class TierTable(DetailTable):
    tier = RiskColumn(verbose_name=_("Risk tier"))
    since = PercentColumn(accessor="from", verbose_name=_("From"))
    lines = NumberColumn(verbose_name=_("Lines"))
    mean = PercentColumn(verbose_name=_("Mean churn probability"))

    caption = _("The base now")

    def render_lines(self, value: int, record: dict[str, Any]) -> SafeString:
        url = f"{reverse('customers:list')}?tier={record['tier']}"
        return format_html('<a href="{}">{}</a>', url, formats.number(value))


class SelectionTable(DetailTable):
    """Kinds of learner, best first."""

    label = Column(verbose_name=_("Kind"))
    log_loss = NumberColumn(verbose_name=_("Loss"), show="probability")
    auc = NumberColumn(verbose_name=_("AUC"), show="thousandths")
    behind = NumberColumn(verbose_name=_("Gap to the best"), show="thousandths")
    average_precision = PercentColumn(verbose_name=_("Average precision"))
    lift = NumberColumn(accessor="lift_at_10", verbose_name=_("Lift, top tenth"), show="decimal")
    ece = PercentColumn(verbose_name=_("Calibration error"))
    seconds = NumberColumn(verbose_name=_("Seconds"), show="tenths")

    caption = _("Algorithms compared on past months")

    def render_label(self, value: str, record: dict[str, Any]) -> SafeString:
        chosen = components.badge(gettext("chosen"), "good", "check") if record["chosen"] else ""
        return format_html("{} {}", value, chosen)


class GainTable(DetailTable):
    """A challenger and the champion on the same lines; the interval holds 95% of paired draws."""

    label = Column(verbose_name=_("Figure"))
    old = FigureColumn(verbose_name=_("Champion"))
    new = FigureColumn(verbose_name=_("This one"))
    low = FigureColumn(verbose_name=_("Gain, from"))
    high = FigureColumn(verbose_name=pgettext_lazy("range", "to"))
    sure = YesNoColumn(verbose_name=_("Significant"))

    caption = _("Figure")
    css = "rp-mini"


class CalibrationTable(DetailTable):
    label = Column(verbose_name=_("Calibration error"))
    old = PercentColumn(verbose_name=_("Champion"))
    new = PercentColumn(verbose_name=_("This one"))
    worse = YesNoColumn(verbose_name=_("Worse"))

    caption = _("Calibration error")
    css = "rp-mini mt-3"
