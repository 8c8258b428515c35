"""The job log: every night, import and training with its steps, and how far the running ones are."""

import zlib
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from retention.core.accounts.models import User
from retention.core.accounts.permissions import StaffRequest, require
from retention.core.errors import Conflict
from retention.core.jobs import nights, text
from retention.core.jobs.filters import JobFilter
from retention.core.jobs.models import NIGHTLY, Job
from retention.core.jobs.tables import JobTable, StepTable
from retention.core.ui import formats
from retention.core.ui.listing import ListPage

# State of the last poll: 204 while nothing has changed. Not in the address, since links would keep it.
SEEN_HEADER = "X-Seen"
# Counts of a night that say how it was run and what it lacks, not what it did.
NOT_OUTCOME = {"held", "history_only", "facts_came_late", "again"}


class JobList(ListPage):
    """All jobs; the page polls itself while one runs."""

    name = "jobs"
    permission = "jobs.view"
    template_name = "core/jobs/list.html"
    table_class = JobTable
    filterset_class = JobFilter

    def get_queryset(self) -> QuerySet[Job]:
        return Job.objects.for_list()

    @cached_property
    def running(self) -> list[Job]:
        return list(Job.objects.for_list().unfinished())

    def render_page(self) -> HttpResponseBase:
        if self.request.headers.get(SEEN_HEADER) == version_of(self.running):
            return HttpResponse(status=204)
        return super().render_page()

    def get_context_data(self) -> dict[str, Any]:
        paused = "live" in self.query
        return super().get_context_data() | {
            "running": [progress_card(job) for job in self.running],
            "paused": paused,
            "version": version_of(self.running) if self.running and not paused else "",
        }


@require("jobs.view")
@require_GET
def job_page(request: StaffRequest, pk: int) -> HttpResponse:
    job = get_object_or_404(Job.objects.for_list(), pk=pk)
    version = version_of([job])
    if request.headers.get(SEEN_HEADER) == version:
        return HttpResponse(status=204)
    running = job.state in {Job.State.QUEUED, Job.State.RUNNING}
    context = {
        "job": job,
        "title": text.format_kind(job.kind),
        "facts": job_facts(job),
        "steps": StepTable(steps) if (steps := [step_row(step) for step in job.steps.all()]) else None,
        "card": progress_card(job),
        "version": version if running else "",
        "missing": missing_facts(job),
        "outcome": {name: value for name, value in job.counts.items() if name not in NOT_OUTCOME},
        "may_run_again": job.kind == NIGHTLY and job.state in nights.RERUN_STATES and request.user.may("jobs.run"),
        "file_url": reverse("core:export", args=[job.key]) if is_own_export(job, request.user) else "",
    }
    return render(request, "core/jobs/detail.html", context)


@require("jobs.run")
@require_POST
def run_again(request: StaffRequest, pk: int) -> HttpResponse:
    """Have a worker do a night again; `accept`: with the facts that held it taken as true."""
    job = get_object_or_404(Job.objects.nights(), pk=pk)
    try:
        nights.request_rerun(job=job, actor=request.user, accept="accept" in request.POST)
        messages.success(request, _("A worker will run the night again within a few minutes."))
    except Conflict as problem:
        messages.error(request, str(problem.message))
    return redirect("core:job", pk)


@require("jobs.view")
@require_GET
def progress(request: StaffRequest, pk: int) -> HttpResponse:
    """The progress card alone; it polls itself until the job has ended."""
    job = get_object_or_404(Job.objects.for_list(), pk=pk)
    return render(request, "core/jobs/_progress.html", {"card": progress_card(job)})


def is_own_export(job: Job, user: User) -> bool:
    """Whether the job writes a file for this person (core/exports); its key is the number of the export."""
    return job.kind == "export" and job.actor_id == user.pk


def version_of(jobs: list[Job]) -> str:
    """Changes when anything shown of these jobs does; a poll that finds it unchanged leaves the page alone."""
    seen = [(job.pk, job.state, job.progress, [(step.rows, step.error) for step in job.steps.all()]) for job in jobs]
    return f"{zlib.crc32(repr(seen).encode()):x}"


def progress_card(job: Job) -> dict[str, Any]:
    done, known = job.progress
    now_at = next((step.name for step in job.steps.all() if step.started_at and not step.finished_at), "")
    title = f"{text.format_kind(job.kind)} {job.business_date} {job.key}".strip()
    return {
        "id": f"job-{job.pk}",
        "title": formats.labelled(title, text.format_step(now_at)) if now_at else title,
        "state": job.state,
        "done": done,
        "total": known,
        "error": job.error,
        "href": reverse("core:job", args=[job.pk]),
        "poll_url": reverse("core:job-progress", args=[job.pk]),
    }


def missing_facts(job: Job) -> list[str]:
    """What a night could not do, and why, in the reader's language."""
    sentences = [formats.labelled(fact, _(why)) for fact, why in job.reasons]
    if newer := job.counts.get("history_only"):
        sentences.append(_("The state of %(day)s stays: only history was rebuilt.") % {"day": newer})
    return sentences


def job_facts(job: Job) -> list[tuple[str, object]]:
    who = job.actor.display_name if job.actor else _("automatic")
    return [
        (_("Of"), job.key or formats.DASH),
        (_("Requested"), f"{formats.moment(job.created_at)} · {who}"),
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
        "name": text.format_step(step.name),
        "label": state.label,
        "tone": text.STATE_TONES[state],
        "rows": step.rows if step.finished_at else None,
        "seconds": seconds if step.finished_at else None,
        "speed": step.rows / seconds if step.rows and seconds >= 0.01 else None,
        "counts": sorted((name, value) for name, value in step.counts.items() if value not in ({}, [], "")),
        "error": step.error,
    }
