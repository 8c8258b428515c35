from datetime import date
from typing import Self

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

NIGHTLY = "nightly"


class JobQuerySet(models.QuerySet["Job"]):
    def for_list(self) -> Self:
        """All that the jobs page reads, newest first."""
        return self.select_related("actor").prefetch_related("steps").order_by("-created_at", "-pk")

    def unfinished(self) -> Self:
        return self.filter(state__in=[Job.State.QUEUED, Job.State.RUNNING])

    def nights(self) -> Self:
        """The nightly runs, newest date first."""
        return self.filter(kind=NIGHTLY, key="").order_by("-business_date")

    def held(self) -> Self:
        """Nights that wait for facts or for scores."""
        return self.nights().filter(state=Job.State.GAPS, counts__has_key="held")

    def wanted_again(self) -> Self:
        """Nights that a person, or facts that came late, had put back into the queue."""
        return self.nights().filter(state=Job.State.QUEUED, counts__has_key="again")


class Job(models.Model):
    """Every long thing: an import, a night, a training. One row per (kind, business_date, key)."""

    class State(models.TextChoices):
        QUEUED = "queued", _("Queued")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        GAPS = "gaps", _("Done with gaps")
        HELD = "held", _("Held")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    kind = models.CharField(_("kind"), max_length=40)
    business_date = models.DateField(_("business date"))
    key = models.CharField(_("key"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.QUEUED)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(_("created"))
    started_at = models.DateTimeField(_("started"), null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)
    heartbeat_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    counts = models.JSONField(_("counts"), default=dict)
    error = models.TextField(_("error"), blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "business_date", "key"], name="job_once")]
        indexes = [models.Index(fields=["-created_at"], name="job_newest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.business_date} {self.key}".strip()

    @property
    def seconds(self) -> float | None:
        if not (self.started_at and self.finished_at):
            return None
        return (self.finished_at - self.started_at).total_seconds()

    @property
    def reasons(self) -> list[tuple[str, str]]:
        """(fact, why, in English) of what held a night; not of what waits only because another fact does."""
        held: dict[str, str] = self.counts.get("held", {})
        return [(fact, why) for fact, why in held.items() if why.partition(": ")[0] not in held]

    @property
    def progress(self) -> tuple[int, int]:
        """(steps finished, steps known)."""
        steps = list(self.steps.all())
        return sum(step.finished_at is not None for step in steps), len(steps)


class JobStep(models.Model):
    job = models.ForeignKey(Job, models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=60)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    rows = models.BigIntegerField(default=0)
    counts = models.JSONField(default=dict)
    error = models.TextField(blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["job", "name"], name="job_step_once")]

    def __str__(self) -> str:
        return f"{self.job}: {self.name}"

    @property
    def seconds(self) -> float:
        if not (self.started_at and self.finished_at):
            return 0.0
        return (self.finished_at - self.started_at).total_seconds()


class ChunkedRunQuerySet(models.QuerySet["ChunkedRun"]):
    def open(self) -> Self:
        """Runs with work left, or not yet closed, newest first."""
        return self.filter(finished_at=None).order_by("-started_at", "-pk")

    def newest_finished(self, *, kind: str, as_of: date | None = None) -> "ChunkedRun | None":
        """The run of a kind that ended last: of one date, or of any when none is given."""
        finished = self.filter(kind=kind).exclude(finished_at=None)
        return (finished if as_of is None else finished.filter(as_of=as_of)).order_by("-finished_at", "-pk").first()


class ChunkedRun(models.Model):
    """One piece of work over the whole base, shared by as many processes as join it: see retention.core.jobs.chunks.

    key: tells runs of one kind and date apart (a model version, a forced build). shared: what all chunks of the run
    take as given, computed once; null until then.
    """

    kind = models.CharField(max_length=40)
    as_of = models.DateField()
    key = models.CharField(max_length=200, blank=True)
    shared = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    objects = ChunkedRunQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "as_of", "key"], condition=models.Q(finished_at=None), name="chunked_run_open_once"
            )
        ]
        indexes = [models.Index(fields=["kind", "as_of", "-finished_at"], name="chunked_run_newest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.as_of} {self.key}".strip()

    @property
    def rows(self) -> int:
        """Rows of the last round: what the run has worked on so far."""
        last = self.chunks.order_by("-round").values("round")[:1]
        return self.chunks.filter(round__in=last).aggregate(rows=models.Sum("rows"))["rows"] or 0


class Chunk(models.Model):
    """A range of ids, both ends included, in one round of a run. Its row lock is the claim; result: of the round."""

    run = models.ForeignKey(ChunkedRun, models.CASCADE, related_name="chunks")
    round = models.PositiveSmallIntegerField(default=0)
    low = models.BigIntegerField()
    high = models.BigIntegerField()
    done_at = models.DateTimeField(null=True)
    rows = models.IntegerField(default=0)
    result = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "round", "low"], name="chunk_once")]
        ordering = ["round", "low"]

    def __str__(self) -> str:
        return f"{self.run_id}: round {self.round}, {self.low}-{self.high}"
