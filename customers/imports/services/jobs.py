"""Running an import: one job per file content and mapping, resumed where a killed worker left it."""

from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from customers.imports.models import Upload
from customers.imports.rules.choices import CUSTOM_FIELDS_RESOURCE
from customers.imports.services import storage
from customers.imports.services.mappings import mapping_of
from customers.imports.services.preview import preview
from customers.ingest.resources import resource_named
from customers.ingest.services.files import import_job, load_file
from retention.core.accounts.models import User
from retention.core.audit import services as audit
from retention.core.errors import Conflict, DomainError, Invalid
from retention.core.jobs.models import Job
from retention.core.jobs.services import FINISHED_STATES, INTERRUPTED, is_held, running

log = structlog.get_logger("retention.imports")
FILE_RETENTION = timedelta(days=35)
ORPHAN_RETENTION = timedelta(days=1)  # longer than any upload takes
MAX_ATTEMPTS = 10


def start(*, upload: Upload, actor: User, now: datetime) -> Job:
    """Queue the import. The same content with the same mapping is one job, which a second start joins.

    Invalid when the mapping does not fit the file; Conflict when this import has been started before.
    """
    resource, path = resource_named(upload.resource), storage.path_of(upload)
    mapping = mapping_of(upload.mapping)
    preview(path, resource, mapping, now=now, rows=1)
    with transaction.atomic():
        mine = Upload.objects.select_for_update().get(pk=upload.pk)
        if not mine.is_draft:
            raise Conflict(_("The import has begun already."), code="started")
        job = import_job(resource.name, path, mapping, today=timezone.localdate(now))
        if not is_held(job):
            Job.objects.filter(pk=job.pk).update(
                state=Job.State.QUEUED, actor=actor, error="", finished_at=None, attempts=0
            )
            job.refresh_from_db()
        upload.job = job
        upload.save(update_fields=["job"])
        audit.record(
            actor=actor, action="facts.import", target=f"upload:{upload.pk}", deed="start",
            resource=resource.name, file=upload.name, job=job.pk,
        )  # fmt: skip
    return job


def run(*, upload: Upload, now: datetime) -> None:
    """Load the file after the last committed chunk. Does nothing when it is finished or runs elsewhere.

    Errors are stored on the job; only unexpected ones are raised as well.
    """
    job = upload.job
    if job is None or upload.outcome:
        return
    if job.state not in FINISHED_STATES:
        try:
            _load(upload, job, now=now)
        except DomainError as error:
            log.info("import stopped", upload=upload.pk, code=error.code)
            if error.code == "already_running":
                return  # the worker that holds it stores the result
    job.refresh_from_db()
    Upload.objects.filter(job=job, outcome="").update(outcome=job.state, counts=job.counts)


def _load(upload: Upload, job: Job, *, now: datetime) -> None:
    mapping = mapping_of(upload.mapping)
    with running(job):
        result = load_file(
            upload.resource, storage.path_of(upload), mapping=mapping, job=job, now=now,
            declare=upload.resource == CUSTOM_FIELDS_RESOURCE,
        )  # fmt: skip
        job.counts = job.counts | {"notes": result.notes}
        if result.error:
            job.state, job.error = Job.State.FAILED, result.error
        elif result.rejected:
            job.state = Job.State.GAPS


def stalled_imports() -> list[int]:
    """Unfinished imports without a worker: a lost message, a killed worker."""
    dead = Q(job__state=Job.State.FAILED, job__error=INTERRUPTED)
    waiting = Upload.objects.filter(dead | Q(job__state__in=[Job.State.QUEUED, Job.State.RUNNING]))
    rows = waiting.present().filter(outcome="", job__attempts__lt=MAX_ATTEMPTS).select_related("job").order_by("pk")
    return [upload.pk for upload in rows if upload.job and not is_held(upload.job)]


def delete_old_files(*, now: datetime) -> int:
    """Delete the files of imports older than FILE_RETENTION; imports never started are deleted. Returns how many.

    Folders that belong to no import go after ORPHAN_RETENTION.
    """
    old = Upload.objects.present().filter(created_at__lt=now - FILE_RETENTION)
    count = 0
    for upload in old.select_related("job"):
        if upload.is_running:
            continue
        storage.drop(upload.folder)
        if upload.is_draft:
            upload.delete()
        else:
            upload.dropped_at = now
            upload.save(update_fields=["dropped_at"])
        count += 1
    known = set(Upload.objects.values_list("folder", flat=True))
    return count + storage.drop_orphans(known, before=now - ORPHAN_RETENTION)


def retry(*, upload: Upload, actor: User, now: datetime) -> Job:
    """Start a failed import again after its last committed chunk. Invalid when it has not failed."""
    if upload.job is None or upload.state != Job.State.FAILED:
        raise Invalid(_("Only an import that failed can be taken up again."), code="not_failed")
    Job.objects.filter(pk=upload.job.pk, state=Job.State.FAILED).update(
        state=Job.State.QUEUED, error="", finished_at=None, attempts=0
    )
    upload.job.refresh_from_db()
    upload.outcome = ""
    upload.save(update_fields=["outcome"])
    audit.record(actor=actor, action="facts.import", target=f"upload:{upload.pk}", deed="retry", job=upload.job_id)
    return upload.job
