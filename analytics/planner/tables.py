"""Tables of the planner: segments, and randomised tests."""

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from analytics.planner.queries import PlannedLines
from analytics.valuation.models import Experiment
from analytics.valuation.rules.save_rates import SaveRate
from analytics.warnings.tables.warned import WarningTable
from retention.core.ui import components, formats
from retention.core.ui.tables.base import BaseTable
from retention.core.ui.tables.columns import Column, DayColumn, MoneyColumn, NumberColumn, PercentColumn
from retention.core.ui.tables.detail import DetailTable

ONE_LINE = {"td": {"class": "text-nowrap"}}


class SegmentTable(BaseTable):
    segment = Column(verbose_name=_("Segment"), orderable=False, attrs=ONE_LINE)
    lines = NumberColumn(verbose_name=_("Lines"), orderable=False)
    chance = PercentColumn(verbose_name=_("Mean churn probability"), orderable=False)
    treatment = Column(verbose_name=_("Best treatment"), orderable=False, attrs=ONE_LINE)
    rate = PercentColumn(
        verbose_name=_("Save rate"),
        help_text=_("Of the lines that would leave, the share that stays because of a contact."),
        orderable=False,
    )
    interval = Column(verbose_name=_("Confidence interval"), orderable=False)
    paying = NumberColumn(verbose_name=_("Contacts that pay"), orderable=False)
    net = MoneyColumn(
        verbose_name=_("Net gain"),
        help_text=_("What the contacts that pay are expected to bring less what they cost, in yuan."),
        orderable=False,
    )
    verdict = Column(verbose_name=_("Verdict"), orderable=False)
    source = Column(verbose_name=_("Known from"), orderable=False, attrs=ONE_LINE)

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

    def value_verdict(self, record: dict[str, Any]) -> str:
        return str(record["verdict"])


class PlannedTable(WarningTable):
    """The lines of a plan; `expected_gain` and `treatment` are the plan's."""

    treatment = Column(accessor="treatment__label", verbose_name=_("Treatment"), attrs=ONE_LINE)

    caption = _("Lines of the plan")
    region_id = "planned"
    empty_title = _("No lines")
    empty_text = _("No scored line is in this choice.")

    class Meta(WarningTable.Meta):
        orderable = False
        sequence = (
            "subscriber_no", "customer", "branch", "expected_gain", "treatment", "...",
            "open_order", "last_contact", "next_call", "what_if",
        )  # fmt: skip

    def __init__(self, planned: PlannedLines, **kwargs: Any) -> None:
        super().__init__(planned, **kwargs)
        self.bulk_url = reverse("analytics:planner-orders")


class ExperimentTable(BaseTable):
    source = Column(verbose_name=_("Test"), orderable=False)
    kind = Column(verbose_name=_("Treatment"), orderable=False)
    segment = Column(empty_values=(), verbose_name=_("Segment"), orderable=False)
    as_of = DayColumn(verbose_name=_("Counted on"), orderable=False)
    treated = NumberColumn(verbose_name=_("Contacted"), orderable=False)
    treated_left = PercentColumn(verbose_name=_("Contacted group, left"), orderable=False)
    control = NumberColumn(verbose_name=_("Control group"), orderable=False)
    control_left = PercentColumn(verbose_name=_("Control group, left"), orderable=False)
    recorded_by = Column(empty_values=(), verbose_name=_("Recorded by"), orderable=False)
    state = Column(empty_values=(), verbose_name=_("State"), orderable=False)

    caption = _("Tests")
    region_id = "tests"
    empty_title = _("No tests yet")
    empty_text = _(
        "A test contacts some lines and holds others back at random; only then is it known what a call does."
    )

    class Meta(BaseTable.Meta):
        fields = ()

    def __init__(self, *args: Any, may_plan: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.may_plan = may_plan

    def render_segment(self, record: Experiment) -> str:
        return _test_segment(record)

    def value_segment(self, record: Experiment) -> str:
        return _test_segment(record)

    def render_source(self, record: Experiment) -> SafeString | str:
        if record.campaign is None:
            return record.source
        url = reverse("evaluation:campaign", args=[record.campaign.code])
        return format_html('<a href="{}">{}</a>', url, record.campaign.title)

    def render_recorded_by(self, record: Experiment) -> str:
        return self.value_recorded_by(record)

    def value_recorded_by(self, record: Experiment) -> str:
        """Tests that the night has counted were recorded by nobody."""
        return str(record.recorded_by or _("Counted each night from campaigns"))

    def render_treated_left(self, record: Experiment) -> str:
        return formats.percent(record.treated_left / record.treated)

    def value_treated_left(self, record: Experiment) -> float:
        return record.treated_left / record.treated

    def render_control_left(self, record: Experiment) -> str:
        return formats.percent(record.control_left / record.control)

    def value_control_left(self, record: Experiment) -> float:
        return record.control_left / record.control

    def render_state(self, record: Experiment) -> SafeString | str:
        if record.withdrawn_at:
            return components.badge(str(_("Withdrawn")), "neutral")
        if not self.may_plan:
            return components.badge(str(_("In force")), "good")
        url = reverse("analytics:withdraw-experiment", args=[record.pk])
        return format_html('<a class="btn btn-sm" href="{}">{}</a>', url, _("Withdraw"))

    def value_state(self, record: Experiment) -> str:
        return str(_("Withdrawn") if record.withdrawn_at else _("In force"))


class SaveRateTable(DetailTable):
    """Save rates of a treatment by segment; `rate` is a SaveRate."""

    segment = Column(verbose_name=_("Segment"), attrs=ONE_LINE)
    share = PercentColumn(accessor="rate__rate", verbose_name=_("Save rate"))
    interval = NumberColumn(accessor="rate", verbose_name=_("Confidence interval"))
    known_from = Column(verbose_name=_("Known from"))

    def __init__(self, rows: list[dict[str, Any]], *, treatment: Any) -> None:
        super().__init__(rows)
        self.caption = treatment

    def render_share(self, value: float, record: dict[str, Any]) -> SafeString | str:
        shown = formats.percent(value)
        return format_html('<span class="rp-bad">{}</span>', shown) if record["rate"].does_harm else shown

    def render_interval(self, value: SaveRate) -> str:
        return f"{formats.percent(value.low)} – {formats.percent(value.high)}"

    def render_known_from(self, value: str, record: dict[str, Any]) -> SafeString | str:
        if not record["rate"].does_harm:
            return value
        harm = components.badge(gettext("Contact increases churn"), "bad", "alert-triangle")
        return format_html("{} {}", harm, value)


def _test_segment(test: Experiment) -> str:
    parts = [test.get_cohort_display(), test.get_band_display()]
    return " · ".join(str(part) for part in parts if part) or gettext("Everybody")
