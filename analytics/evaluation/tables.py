"""The tables of the result of a campaign."""

from collections.abc import Sequence
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from analytics.evaluation.rules.verdicts import Comparison, Verdict
from analytics.evaluation.services.results import GroupResult, WindowResult
from analytics.evaluation.text.results import (
    MEASURES,
    TONES,
    format_arm,
    format_bounds,
    format_estimate,
    format_source,
    format_word,
)
from retention.core.ui import components, formats
from retention.core.ui.tables.columns import Column, DayColumn, NumberColumn
from retention.core.ui.tables.detail import DetailTable


class ComparisonTable(DetailTable):
    """Rows with a `comparison` and a `verdict` of their own."""

    treated = Column(verbose_name=_("Treated"), accessor="comparison")
    control = Column(verbose_name=_("Control"), accessor="comparison")
    difference = Column(
        verbose_name=_("Difference"),
        accessor="comparison",
        help_text=_("Treated less control, with the 95 % interval of one look."),
    )

    def render_treated(self, value: Comparison) -> str:
        return format_arm(value.treated)

    def render_control(self, value: Comparison) -> str:
        return format_arm(value.control)

    def render_difference(self, value: Comparison) -> str:
        return format_estimate(value) or formats.DASH

    def render_verdict(self, record: Any) -> SafeString | str:
        verdict = self.verdict_of(record)
        words, tone = format_word(verdict, record.comparison), TONES.get(verdict)
        return components.badge(words, tone) if tone else words

    def verdict_of(self, record: Any) -> Verdict:
        return record.comparison.verdict


class WindowTable(ComparisonTable):
    """What came of both arms within 30, 60 and 90 days."""

    measure = Column(verbose_name=_("Measure"))
    days = Column(verbose_name=_("Within"))
    bounds = Column(
        verbose_name=_("Bounds of the verdict"),
        accessor="comparison",
        help_text=_("They hold however often the figures are read; the verdict stands on them."),
    )
    verdict = Column(verbose_name=_("Verdict"), accessor="comparison")

    caption = _("What came of it")

    class Meta:
        sequence = ("measure", "days", "treated", "control", "difference", "bounds", "verdict")

    def render_measure(self, record: WindowResult) -> str:
        words = str(MEASURES[record.measure])
        if record.reduction is None:
            return words
        return gettext("%(measure)s (spend of before takes off %(share)s of the variance)") % {
            "measure": words, "share": formats.percent(record.reduction, 0),
        }  # fmt: skip

    def render_days(self, record: WindowResult) -> str:
        if record.measure == "spend":
            months = record.days // 30
            return ngettext("%(count)s whole month", "%(count)s whole months", months) % {"count": months}
        return gettext("%(days)s days") % {"days": record.days}

    def render_bounds(self, value: Comparison) -> str:
        return format_bounds(value) or formats.DASH


class GroupTable(ComparisonTable):
    name = Column(verbose_name=_("Group"))
    p = Column(
        verbose_name=_("p, corrected"),
        help_text=_("That chance alone makes such a difference in any of the groups (Holm)."),
    )
    verdict = Column(verbose_name=_("Verdict"))

    caption: Any = _("Effect by group")

    class Meta:
        sequence = ("name", "treated", "control", "difference", "p", "verdict")

    def __init__(self, rows: Sequence[GroupResult], *, title: str) -> None:
        super().__init__(rows)
        self.caption = title  # a page has several, told apart by readers of the screen

    def render_p(self, value: float) -> str:
        return "< 0.001" if value < 0.001 else formats.number(value, 3)

    def verdict_of(self, record: GroupResult) -> Verdict:
        return record.verdict


class ContactedTable(DetailTable):
    """Who contacted members of the control; rows are (source, members, contacts)."""

    source = Column(verbose_name=_("Contacted by"), accessor="0")
    members = NumberColumn(verbose_name=_("Members of the control"), accessor="1")
    contacts = NumberColumn(verbose_name=_("Contacts"), accessor="2")

    caption = _("Control members who were contacted")
    empty_text = _("No member of the control was contacted by anybody.")

    def render_source(self, value: str) -> str:
        return format_source(value)


class ContestTable(DetailTable):
    """Contests of uplift against risk x value, the newest first."""

    caption = _("Contests")
    as_of = DayColumn(verbose_name=_("Facts up to"))
    campaigns = Column(verbose_name=_("Campaigns"))
    members = NumberColumn(verbose_name=_("Members"))
    left = NumberColumn(verbose_name=_("Left"))
    uplift = Column(accessor="figures", verbose_name=_("Qini by uplift"))
    usual = Column(accessor="figures", verbose_name=_("Qini by risk × value"))
    wins = Column(accessor="figures", verbose_name=_("Splits won"))
    state = Column(accessor="get_state_display", verbose_name=_("State"))

    def render_campaigns(self, value: list[str]) -> str:
        return formats.number(len(value))

    def render_uplift(self, value: dict[str, Any]) -> str:
        return formats.number(value["uplift"], 3) if value else formats.DASH

    def render_usual(self, value: dict[str, Any]) -> str:
        return formats.number(value["usual"], 3) if value else formats.DASH

    def render_wins(self, value: dict[str, Any]) -> str:
        return f"{value['wins']} / {value['of']}" if value else formats.DASH
