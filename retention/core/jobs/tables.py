"""The list of jobs, and the steps of one."""

from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from retention.core.jobs import text
from retention.core.jobs.models import Job
from retention.core.ui import components, formats
from retention.core.ui.tables.base import BaseTable
from retention.core.ui.tables.columns import BadgeColumn, Column, DayColumn, DurationColumn, NumberColumn
from retention.core.ui.tables.detail import DetailTable

NOWRAP = {"td": {"class": "text-nowrap"}, "th": {"class": "text-nowrap"}}


class JobTable(BaseTable):
    kind = Column(verbose_name=gettext_lazy("Job"), attrs=NOWRAP)
    business_date = DayColumn(verbose_name=gettext_lazy("Business date"))
    key = Column(
        verbose_name=gettext_lazy("Of"),
        help_text=gettext_lazy("Which of several jobs of its kind and day."),
        default="",
    )
    state = BadgeColumn(verbose_name=gettext_lazy("State"), tones=text.STATE_TONES)
    steps = Column(
        verbose_name=gettext_lazy("Steps"),
        help_text=gettext_lazy("Steps finished of those known."),
        accessor="progress",
        orderable=False,
        attrs=NOWRAP,
    )
    started_at = DayColumn(verbose_name=gettext_lazy("Started"), attrs=NOWRAP)
    seconds = DurationColumn(
        verbose_name=gettext_lazy("Took"), help_text=gettext_lazy("From start to end, in seconds."), orderable=False
    )
    actor = Column(verbose_name=gettext_lazy("By"), accessor="actor__display_name", default="", orderable=False)
    error = Column(
        verbose_name=gettext_lazy("What happened"), help_text=gettext_lazy("Why it failed."), orderable=False
    )

    caption = gettext_lazy("Jobs")
    region_id = "jobs"
    empty_title = gettext_lazy("No job has run yet")
    empty_text = gettext_lazy("Every nightly run, import and training is listed here with its steps.")

    def row_url(self, record: Job) -> str:
        return reverse("core:job", args=[record.pk])

    def render_kind(self, value: str) -> str:
        return text.format_kind(value)

    def render_steps(self, value: tuple[int, int]) -> str:
        done, known = value
        return _("%(done)d of %(known)d") % {"done": done, "known": known} if known else formats.DASH

    def value_steps(self, value: tuple[int, int]) -> str:
        return "/".join(map(str, value))

    def render_error(self, value: str) -> str:
        return f"{value[:117]}…" if len(value) > 118 else value

    def value_error(self, value: str) -> str:
        return value


class StepTable(DetailTable):
    """Steps of a job, as `views.step_row` gives them."""

    name = Column(verbose_name=gettext_lazy("Step"))
    state = Column(verbose_name=gettext_lazy("State"), accessor="label")
    rows_done = NumberColumn(accessor="rows", verbose_name=gettext_lazy("Rows"))
    seconds = NumberColumn(verbose_name=gettext_lazy("Seconds"), show="decimal")
    speed = NumberColumn(verbose_name=gettext_lazy("Rows a second"))
    counts = Column(verbose_name=gettext_lazy("Counts"), empty_values=())

    caption = gettext_lazy("Steps")
    css = "rp-mini"

    def render_state(self, value: object, record: dict[str, Any]) -> SafeString:
        return components.badge(value, *record["tone"])

    def render_counts(self, value: list[tuple[str, Any]], record: dict[str, Any]) -> SafeString:
        if record["error"]:
            return format_html('<span class="rp-bad">{}</span>', record["error"])
        return render_to_string("core/jobs/_counts.html", {"counts": value})
