"""Tables of the planner: segments, and randomised tests."""

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from analytics.valuation.models import Experiment
from retention.core.ui import components, formats
from retention.core.ui.tables.base import BaseTable
from retention.core.ui.tables.columns import DayColumn, MoneyColumn, NumberColumn, PercentColumn

ONE_LINE = {"td": {"class": "text-nowrap"}}


class SegmentTable(BaseTable):
    segment = tables.Column(verbose_name=_("Segment"), orderable=False, attrs=ONE_LINE)
    lines = NumberColumn(verbose_name=_("Lines"), orderable=False)
    chance = PercentColumn(verbose_name=_("Chance of leaving, mean"), orderable=False)
    treatment = tables.Column(verbose_name=_("Best treatment"), orderable=False, attrs=ONE_LINE)
    rate = PercentColumn(verbose_name=_("Save rate"), orderable=False)
    interval = tables.Column(verbose_name=_("Confidence interval"), orderable=False)
    paying = NumberColumn(verbose_name=_("Contacts that pay"), orderable=False)
    net = MoneyColumn(verbose_name=_("Net gain"), orderable=False)
    verdict = tables.Column(verbose_name=_("Verdict"), orderable=False)
    source = tables.Column(verbose_name=_("Known from"), orderable=False, attrs=ONE_LINE)

    caption = _("Best treatment by segment")
    region_id = "segments"
    empty_title = _("No lines")
    empty_text = _("No scored line is in this choice.")
    show_tools = True

    def row_url(self, record: dict[str, Any]) -> str:
        return record["href"]

    def row_value(self, record: dict[str, Any]) -> object:
        return record["segment"]

    def render_verdict(self, record: dict[str, Any]) -> SafeString:
        return components.badge(str(record["verdict"]), record["tone"])


class ExperimentTable(BaseTable):
    source = tables.Column(verbose_name=_("Test"), orderable=False)
    kind = tables.Column(verbose_name=_("Treatment"), orderable=False)
    segment = tables.Column(empty_values=(), verbose_name=_("Segment"), orderable=False)
    as_of = DayColumn(verbose_name=_("Counted on"), orderable=False)
    treated = NumberColumn(verbose_name=_("Contacted"), orderable=False)
    treated_left = PercentColumn(verbose_name=_("Contacted, left"), orderable=False)
    control = NumberColumn(verbose_name=_("Held back"), orderable=False)
    control_left = PercentColumn(verbose_name=_("Held back, left"), orderable=False)
    recorded_by = tables.Column(verbose_name=_("Recorded by"), orderable=False)
    state = tables.Column(empty_values=(), verbose_name=_("State"), orderable=False)

    caption = _("Tests")
    region_id = "tests"
    empty_title = _("No tests yet")
    empty_text = _(
        "A test contacts some lines and holds others back at random; only then is it known what a call does."
    )

    class Meta(BaseTable.Meta):
        fields = ()

    def render_segment(self, record: Experiment) -> str:
        return _test_segment(record)

    def value_segment(self, record: Experiment) -> str:
        return _test_segment(record)

    def render_treated_left(self, record: Experiment) -> str:
        return formats.percent(record.treated_left / record.treated)

    def value_treated_left(self, record: Experiment) -> int:
        return record.treated_left

    def render_control_left(self, record: Experiment) -> str:
        return formats.percent(record.control_left / record.control)

    def value_control_left(self, record: Experiment) -> int:
        return record.control_left

    def render_state(self, record: Experiment) -> SafeString | str:
        if record.withdrawn_at:
            return components.badge(str(_("Withdrawn")), "neutral")
        if not self.may_plan:
            return components.badge(str(_("In force")), "good")
        url = reverse("analytics:withdraw-experiment", args=[record.pk])
        return format_html('<a class="btn btn-sm" href="{}">{}</a>', url, _("Withdraw"))

    def value_state(self, record: Experiment) -> str:
        return str(_("Withdrawn") if record.withdrawn_at else _("In force"))

    may_plan = False


def _test_segment(test: Experiment) -> str:
    parts = [test.get_cohort_display(), test.get_band_display()]
    return " · ".join(str(part) for part in parts if part) or gettext("Everybody")
