"""The job log: every night, import and training with its steps, and how far the running ones are."""

import zlib
from typing import Any

import django_tables2 as tables
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from retention.core import audit, job_words
from retention.core.access import require
from retention.core.columns import BadgeColumn, DayColumn, DurationColumn
from retention.core.exports import export_response, wants_export
from retention.core.forms import JobFilter
from retention.core.models import Job
from retention.core.tables import BaseTable
from retention.core.templatetags import formats

# What a poll saw last: it is answered 204 while nothing has moved. Not in the address, which the links would keep.
SEEN = "X-Seen"
ONE_LINE = {"td": {"class": "text-nowrap"}, "th": {"class": "text-nowrap"}}


class JobTable(BaseTable):
    kind = tables.Column(verbose_name=gettext_lazy("Job"), attrs=ONE_LINE)
    business_date = DayColumn(verbose_name=gettext_lazy("Business date"))
    key = tables.Column(verbose_name=gettext_lazy("Of"), default="")
    state = BadgeColumn(verbose_name=gettext_lazy("State"), tones=job_words.TONES)
    steps = tables.Column(verbose_name=gettext_lazy("Steps"), accessor="progress", orderable=False, attrs=ONE_LINE)
    started_at = DayColumn(verbose_name=gettext_lazy("Started"), attrs=ONE_LINE)
    seconds = DurationColumn(verbose_name=gettext_lazy("Took"), orderable=False)
    actor = tables.Column(verbose_name=gettext_lazy("By"), accessor="actor__display_name", default="", orderable=False)
    error = tables.Column(verbose_name=gettext_lazy("What happened"), orderable=False)

    caption = gettext_lazy("Jobs")
    region_id = "jobs"
    empty_title = gettext_lazy("No job has run yet")
    empty_text = gettext_lazy("Every nightly run, import and training is listed here with its steps.")

    def row_url(self, record: Job) -> str:
        return reverse("core:job", args=[record.pk])

    def render_kind(self, value: str) -> str:
        return job_words.of_kind(value)

    def render_steps(self, value: tuple[int, int]) -> str:
        done, known = value
        return _("%(done)d of %(known)d") % {"done": done, "known": known} if known else formats.DASH

    def value_steps(self, value: tuple[int, int]) -> str:
        return "/".join(map(str, value))

    def render_error(self, value: str) -> str:
        return f"{value[:117]}…" if len(value) > 118 else value


@require("jobs.view")
@require_GET
def job_list(request: HttpRequest) -> HttpResponseBase:
    known = Job.objects.order_by("kind").values_list("kind", flat=True).distinct()
    form = JobFilter(request.GET, kinds=[(kind, job_words.of_kind(kind)) for kind in known])
    table = JobTable(_filtered(form), request=request)
    if wants_export(request):
        audit.record(actor=request.user, action="export", target="jobs")
        return export_response(request, table, "jobs")
    running = list(Job.objects.for_list().unfinished())
    version = version_of(running)
    if request.headers.get(SEEN) == version:
        return HttpResponse(status=204)
    paused = "live" in request.GET
    context = {
        "form": form,
        "table": table.paged(),
        "running": [progress_card(job) for job in running],
        "paused": paused,
        "version": version if running and not paused else "",
    }
    return render(request, "core/jobs.html", context)


@require("jobs.view")
@require_GET
def job_page(request: HttpRequest, pk: int) -> HttpResponse:
    job = get_object_or_404(Job.objects.for_list(), pk=pk)
    version = version_of([job])
    if request.headers.get(SEEN) == version:
        return HttpResponse(status=204)
    running = job.state in {Job.State.QUEUED, Job.State.RUNNING}
    context = {
        "job": job,
        "title": job_words.of_kind(job.kind),
        "facts": facts(job),
        "steps": [step_row(step) for step in job.steps.all()],
        "card": progress_card(job),
        "version": version if running else "",
    }
    return render(request, "core/job.html", context)


@require("jobs.view")
@require_GET
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The progress card alone; it asks for itself again until the job has ended."""
    job = get_object_or_404(Job.objects.for_list(), pk=pk)
    return render(request, "core/_job_progress.html", {"card": progress_card(job)})


def version_of(jobs: list[Job]) -> str:
    """Changes when anything shown of these jobs does; a poll that finds it unchanged leaves the page alone."""
    seen = [(job.pk, job.state, job.progress, [(step.rows, step.error) for step in job.steps.all()]) for job in jobs]
    return f"{zlib.crc32(repr(seen).encode()):x}"


def progress_card(job: Job) -> dict[str, Any]:
    done, known = job.progress
    now_at = next((step.name for step in job.steps.all() if step.started_at and not step.finished_at), "")
    title = f"{job_words.of_kind(job.kind)} {job.business_date} {job.key}".strip()
    return {
        "id": f"job-{job.pk}",
        "title": f"{title}: {job_words.of_step(now_at)}" if now_at else title,
        "state": job.state,
        "done": done,
        "total": known,
        "error": job.error,
        "href": reverse("core:job", args=[job.pk]),
        "poll_url": reverse("core:job-progress", args=[job.pk]),
    }


def facts(job: Job) -> list[tuple[str, object]]:
    who = job.actor.display_name if job.actor else _("by itself")
    return [
        (_("Of"), job.key or formats.DASH),
        (_("Asked for"), f"{formats.moment(job.created_at)} · {who}"),
        (_("Started"), formats.moment(job.started_at)),
        (_("Finished"), formats.moment(job.finished_at)),
        (_("Took"), formats.duration(job.seconds)),
        (_("Attempts"), formats.number(job.attempts)),
    ]


def step_row(step: Any) -> dict[str, Any]:
    """One line of the step table; counts are listed as they were recorded."""
    seconds = step.seconds
    state = Job.State.FAILED if step.error else Job.State.DONE if step.finished_at else None
    if state is None:
        state = Job.State.RUNNING if step.started_at else Job.State.QUEUED
    return {
        "name": job_words.of_step(step.name),
        "label": state.label,
        "tone": job_words.TONES[state],
        "rows": step.rows if step.finished_at else None,
        "seconds": seconds if step.finished_at else None,
        "speed": step.rows / seconds if step.rows and seconds >= 0.01 else None,
        "counts": sorted((name, value) for name, value in step.counts.items() if value not in ({}, [], "")),
        "error": step.error,
    }


def _filtered(form: JobFilter) -> QuerySet[Job]:
    """All jobs when the address asks for what does not exist."""
    asked = form.cleaned_data if form.is_valid() else {}
    return Job.objects.for_list().filter(**{name: value for name, value in asked.items() if value})
