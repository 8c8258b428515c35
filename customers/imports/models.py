"""Manual imports: the uploaded file, its mapping, and saved mappings."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from retention.core.accounts.models import User
from retention.core.jobs.models import Job


class SavedMapping(models.Model):
    """A mapping document (TOML, as `import_facts --mapping` takes it) and the file columns it was made for."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    resource = models.CharField(_("kind of rows"), max_length=40)
    columns = models.JSONField(default=list)
    document = models.TextField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(_("saved"))

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class UploadQuerySet(models.QuerySet["Upload"]):
    def visible_to(self, user: User) -> Self:
        """Uploads hold whole files of personal data: visible only to users who may import."""
        return self if user.may("facts.import") else self.none()

    def for_list(self) -> Self:
        return self.select_related("job", "owner").order_by("-created_at", "-pk")

    def present(self) -> Self:
        """Uploads whose file still exists."""
        return self.filter(dropped_at=None)


class Upload(models.Model):
    """An uploaded file. Once started, its `job` holds progress and result.

    folder: random name below MEDIA_ROOT/imports. data: the file in it that is loaded (a workbook's chosen sheet as
    CSV; empty until a sheet is chosen). rows: approximate number of rows, None when unknown.
    """

    class Kind(models.TextChoices):
        CSV = "csv", "CSV"
        NDJSON = "ndjson", "NDJSON"
        JSON = "json", "JSON"
        PARQUET = "parquet", "Parquet"
        XLSX = "xlsx", "Excel"

    name = models.CharField(_("file"), max_length=120)
    folder = models.CharField(max_length=40, unique=True)
    data = models.CharField(max_length=160, blank=True)
    kind = models.CharField(_("type"), max_length=10, choices=Kind.choices)
    size = models.BigIntegerField(_("size"))
    rows = models.BigIntegerField(_("rows"), null=True)
    sheets = models.JSONField(default=list)
    columns = models.JSONField(default=list)
    resource = models.CharField(_("kind of rows"), max_length=40, blank=True)
    mapping = models.TextField(blank=True)
    mapping_name = models.CharField(max_length=80, blank=True)
    corrects = models.ForeignKey("self", models.SET_NULL, null=True, related_name="corrections")
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    # The result; stored here because the same file uploaded again the same day shares the job.
    outcome = models.CharField(_("state"), max_length=10, choices=Job.State.choices, blank=True)
    counts = models.JSONField(default=dict)
    created_at = models.DateTimeField(_("sent"))
    dropped_at = models.DateTimeField(null=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["-created_at"], name="upload_newest")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_draft(self) -> bool:
        return self.job_id is None

    @property
    def state(self) -> str:
        """A Job.State; "" before the start."""
        return self.outcome or (self.job.state if self.job else "")

    @property
    def tally(self) -> dict:
        """The counts so far, as `LoadResult.counts` names them."""
        return self.counts if self.outcome else self.job.counts if self.job else {}

    @property
    def is_running(self) -> bool:
        return self.state in {Job.State.QUEUED, Job.State.RUNNING}
