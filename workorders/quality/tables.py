"""Reviews, their results, calibrations, score sheets and sampling rules."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from retention.core.ui.formats import percent
from retention.core.ui.tables.base import BaseTable
from retention.core.ui.tables.columns import (
    BadgeColumn,
    Column,
    DayColumn,
    FigureAddress,
    FigureColumn,
    FigurePercentColumn,
    NumberColumn,
    PercentColumn,
    ReferenceColumn,
    SwitchColumn,
)
from retention.core.ui.tables.detail import DetailTable, YesNoColumn
from workorders.quality.agreement import Agreement
from workorders.quality.models import Calibration, Review, SampleRule, ScoreSheet
from workorders.quality.text import STATE_TONES

MARK_HELP = _("Share of the weighted points; 0 when something fatal failed.")


class ReviewTable(BaseTable):
    contact_at = DayColumn(verbose_name=_("Call saved"))
    agent = Column(verbose_name=_("Agent"), accessor="agent__display_name", order_by="agent__username")
    team = Column(verbose_name=pgettext_lazy("team", "Group"), accessor="team__title", order_by="team__code")
    order = ReferenceColumn(verbose_name=_("Order"), accessor="order__order_no", kind="workorder")
    type = Column(verbose_name=_("Type"), accessor="order__type__title", order_by="order__type__code")
    outcome = Column(verbose_name=_("Outcome"), accessor="contact__disposition__title", orderable=False)
    reason = Column(verbose_name=_("Drawn because"), accessor="get_reason_display", orderable=False)
    sheet = Column(verbose_name=_("Score sheet"), accessor="sheet__title", orderable=False)
    state = BadgeColumn(verbose_name=_("State"), tones=STATE_TONES)
    total = PercentColumn(verbose_name=_("Mark"), help_text=MARK_HELP)
    is_fatal = YesNoColumn(verbose_name=_("Fatal"))
    reply = Column(verbose_name=_("Reply"), accessor="get_reply_display", orderable=False)
    reviewer = Column(verbose_name=_("Reviewer"), accessor="reviewer__display_name", orderable=False)

    caption = _("Quality reviews")
    region_id = "reviews"
    empty_title = _("No calls to review")
    empty_text = _("Sampling rules draw them every week; an order's page offers it by hand.")

    class Meta(BaseTable.Meta):
        order_by = ("-contact_at",)

    def row_url(self, record: Review) -> str:
        return reverse("quality:review", args=[record.pk])


class OwnReviewTable(BaseTable):
    """Finished reviews of the reader's own calls."""

    contact_at = DayColumn(verbose_name=_("Call saved"))
    order = Column(verbose_name=_("Order"), accessor="order__order_no", orderable=False)
    sheet = Column(verbose_name=_("Score sheet"), accessor="sheet__title", orderable=False)
    total = PercentColumn(verbose_name=_("Mark"), help_text=MARK_HELP)
    is_fatal = YesNoColumn(verbose_name=_("Fatal"))
    state = BadgeColumn(verbose_name=_("State"), tones=STATE_TONES)
    reply = Column(verbose_name=_("Reply"), accessor="get_reply_display", orderable=False)
    reviewed_at = DayColumn(verbose_name=_("Reviewed"))

    caption = _("Reviews of my calls")
    region_id = "own-reviews"
    empty_title = _("None of your calls has been reviewed yet")

    class Meta(BaseTable.Meta):
        order_by = ("-contact_at",)

    def row_url(self, record: Review) -> str:
        return reverse("quality:own", args=[record.pk])


class ResultTable(BaseTable):
    """Rows: dicts of queries.results."""

    title = Column(verbose_name=_("Agent"))
    reviews = FigureColumn(
        verbose_name=_("Reviews"), help_text=_("Finished reviews that count, by the day of the call.")
    )
    mark = FigurePercentColumn(verbose_name=_("Mean mark"), help_text=MARK_HELP, counted="reviews")
    fatal = FigureColumn(verbose_name=_("Fatal"), help_text=_("Reviews in which something fatal failed."))
    objected = FigureColumn(verbose_name=_("Objections"), help_text=_("Reviews to which the agent objected."))

    caption = _("Quality results")
    region_id = "quality-results"
    empty_title = _("No finished reviews in this period")

    def __init__(self, *args: Any, address: FigureAddress, title: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.address = address
        self.columns["title"].column.verbose_name = title


class CalibrationTable(BaseTable):
    name = Column(verbose_name=_("Calibration"))
    sheet = Column(verbose_name=_("Score sheet"), accessor="sheet__title", orderable=False)
    opened_at = DayColumn(verbose_name=_("Opened"))
    closed_at = DayColumn(verbose_name=_("Closed"))
    scored = NumberColumn(verbose_name=_("Scored"), help_text=_("Reviews of this round that are finished."))
    asked = NumberColumn(verbose_name=_("Asked for"), help_text=_("Calls times reviewers of this round."))

    caption = _("Calibrations")
    region_id = "calibrations"
    empty_title = _("No calibrations yet")

    class Meta(BaseTable.Meta):
        order_by = ("-opened_at",)

    def row_url(self, record: Calibration) -> str:
        return reverse("quality:calibration", args=[record.pk])


class AgreementTable(DetailTable):
    title = Column(verbose_name=_("Criterion"), accessor="criterion__title")
    calls = NumberColumn(
        verbose_name=_("Number of calls"), help_text=_("Calls to which every reviewer has given a score.")
    )
    same = PercentColumn(verbose_name=_("Same score"), help_text=_("Share of all pairs of scores that are equal."))
    kappa = NumberColumn(
        verbose_name=_("Kappa"),
        show="decimal",
        help_text=_(
            "1 is full agreement, 0 what chance gives. Cohen for two reviewers, weighted for points; Fleiss for more."
            " Blank where only one score was ever given."
        ),
    )
    apart = Column(verbose_name=_("Mean difference to the others"), empty_values=())
    deviating = Column(verbose_name=_("Scores apart"), empty_values=())

    caption = _("Agreement by criterion")
    empty_text = _("Nobody has scored yet.")

    def __init__(self, *args: Any, names: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = names

    def render_apart(self, record: Agreement) -> str:
        return " · ".join(f"{self.names.get(who, who)} {percent(by)}" for who, by in record.apart.items()) or "–"

    def render_deviating(self, record: Agreement) -> str:
        return " · ".join(self.names.get(who, who) for who in record.deviating) or "–"


class ScoreSheetTable(BaseTable):
    name = Column(verbose_name=_("Score sheet"), accessor="title", order_by="name")
    code = Column(verbose_name=_("Code"))
    branch = Column(verbose_name=_("Branch"), accessor="branch__name", default=_("The whole base"))
    criteria = NumberColumn(verbose_name=_("Criteria"), help_text=_("How many criteria it has."), orderable=False)
    version = NumberColumn(verbose_name=_("Version"))
    enabled = SwitchColumn()

    caption = _("Score sheets")
    region_id = "score-sheets"
    empty_title = _("No score sheet yet")

    def row_url(self, record: ScoreSheet) -> str:
        return reverse("quality:scoresheet", args=[record.code])

    def render_criteria(self, value: list[Any]) -> str:
        return str(len(value))

    def value_criteria(self, value: list[Any]) -> int:
        return len(value)


class SampleRuleTable(BaseTable):
    name = Column(verbose_name=_("Sampling rule"), accessor="title", order_by="name")
    code = Column(verbose_name=_("Code"))
    sheet = Column(verbose_name=_("Score sheet"), accessor="sheet__title", orderable=False)
    per_agent = NumberColumn(
        verbose_name=_("Calls of each agent a week"), help_text=_("So many closed calls of each agent are drawn.")
    )
    share_percent = NumberColumn(
        verbose_name=_("Share of all calls (%)"), help_text=_("This share of the closed calls is drawn besides.")
    )
    complaints = YesNoColumn(verbose_name=_("Complaints"))
    enabled = SwitchColumn()

    caption = _("Sampling rules")
    region_id = "sampling-rules"
    empty_title = _("No sampling rule yet")

    def row_url(self, record: SampleRule) -> str:
        return reverse("quality:samplerule", args=[record.code])
