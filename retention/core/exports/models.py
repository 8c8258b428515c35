from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from retention.core.jobs.models import Job


class ListExportQuerySet(models.QuerySet["ListExport"]):
    def present(self) -> Self:
        """Exports whose file, if written, is still kept."""
        return self.filter(dropped_at=None)

    def unfinished(self) -> Self:
        return self.present().filter(job__state__in=[Job.State.QUEUED, Job.State.RUNNING])


class ListExport(models.Model):
    """One list page as one person asked for it, and the file made of it.

    list: name of the ListPage. arguments: of its address. query: the query string; emptied with the file, as it may
    hold search words. as_of: the instant that the list is made for. folder: random name below MEDIA_ROOT/exports.
    file: the name for the browser. scope: what the owner could see when it was written, see services.scope_of.
    """

    list = models.CharField(max_length=60)
    arguments = models.JSONField(default=dict)
    query = models.TextField(blank=True)
    kind = models.CharField(max_length=4)
    language = models.CharField(max_length=10)
    as_of = models.DateTimeField()
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    job = models.OneToOneField(Job, models.CASCADE, null=True, related_name="+")
    folder = models.CharField(max_length=40, unique=True)
    file = models.CharField(max_length=200, blank=True)
    scope = models.TextField(blank=True)
    rows = models.BigIntegerField(_("rows"), null=True)
    dropped_at = models.DateTimeField(null=True)

    objects = ListExportQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["as_of"], name="list_export_age")]

    def __str__(self) -> str:
        return f"{self.list}.{self.kind}"
