"""Every model version kept, as a table."""

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from analytics.churn.charts import format_day
from analytics.churn.models import ModelVersion
from retention.core.ui import formats
from retention.core.ui.tables.base import BaseTable
from retention.core.ui.tables.columns import BadgeColumn, NumberColumn, PercentColumn

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
    judged_on = tables.Column(accessor="span__judged_on", verbose_name=_("Judged on"), orderable=False, attrs=ONE_LINE)
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
    return gettext("better") if found["better"] else gettext("not surely better")
