"""Loading a file: recognised, mapped, in chunks, going on after the last committed chunk of an interrupted job."""

import hashlib
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path

from django.utils.translation import gettext as _

from customers.declarations import IMPORT_JOB
from customers.ingest.chunks import Chunk
from customers.ingest.resources import attributes, resource_named
from customers.ingest.resources.base import Resource
from customers.ingest.services.acceptance import close_delivery, is_open, open_delivery
from customers.ingest.services.file_keys import FileKeys, refuse_single_records, survey_keys
from customers.ingest.services.file_rows import FileRows
from customers.ingest.services.loading import load
from customers.ingest.services.mapping.document import Mapping
from customers.ingest.services.mapping.summing import check_sum
from customers.ingest.services.pending_references import land_pending_after
from customers.ingest.services.progress import JobProgress, LoadResult, NoProgress, Progress
from customers.ingest.services.readers import Unreadable, ending_sentence
from customers.ingest.validators.columns import check_columns
from customers.ingest.validators.rows import check
from retention.core import clock
from retention.core.errors import Invalid
from retention.core.jobs.models import Job
from retention.core.jobs.services import get_job

LONGEST_NAME = 100
FINISHED = (Job.State.DONE, Job.State.GAPS)


def load_file(
    resource: str,
    path: Path,
    *,
    mapping: Mapping | None = None,
    declare: bool = False,
    job: Job | None = None,
    now: datetime | None = None,
) -> LoadResult:
    """Load a CSV, NDJSON, JSON array or Parquet file (or gzip of one).

    mapping: how to make the resource's rows of the file's. declare: declare unknown custom fields, their types guessed
    from the whole file (resource `attributes`). job: keeps progress with each chunk, and the position to resume from.
    The rows are as new as the moment in which the file was first read, whenever they land.
    A file that cannot begin to be loaded raises Invalid, and so does one of single records where sums are wanted; one
    that breaks off has `error` set in the result.
    """
    described, now = resource_named(resource), now or clock.now()
    check_mapping(described, mapping)
    progress = JobProgress(job) if job else NoProgress()
    result = progress.restored(LoadResult(described.name, source_name(path, mapping)))
    with path.open("rb") as file:
        rows = FileRows(described, file, mapping)
        if declare:
            _declare(described, rows)
        keys = survey_keys(described, rows.chunks())
        refuse_single_records(described, keys, rows.chunks, now=now)
        _load_rows(described, rows, keys, result, progress=progress, now=now)
    land_pending_after(result, now=now)
    return result


def _load_rows(
    resource: Resource, rows: FileRows, keys: FileKeys, result: LoadResult, *, progress: Progress, now: datetime
) -> None:
    if result.accepted is None or not is_open(result.accepted):
        result.accepted = open_delivery(resource=resource.name, source=result.source, now=now)
        progress.save(result)
        progress.committed(result)

    def remember(chunk: Chunk) -> None:
        if keys:
            keys.reject_repeats(check(resource, chunk, now=now))

    try:
        chunks = _chunks_after(result.last_row, rows.chunks(), remember)
        load(resource, chunks, source=result.source, now=now, result=result, progress=progress, keys=keys)
    except Unreadable as error:
        result.error = str(error.message)
    if rows.reading.ended:
        result.error = ending_sentence(rows.reading.ended, result.last_row)
    result.notes = list(dict.fromkeys([*result.notes, *rows.notes, *_empty_file_notes(result)]))
    if not result.error:
        close_delivery(result.accepted)


def import_job(resource: str, path: Path, mapping: Mapping | None, *, today: date) -> Job:
    """The job of this import: an interrupted one of the same file and mapping, else today's, from the beginning."""
    key = f"{resource}:{source_name(path, mapping)}"
    broken_off = (
        Job.objects.filter(kind=IMPORT_JOB, key=key).exclude(state__in=FINISHED).order_by("-created_at").first()
    )
    if broken_off:
        return broken_off
    job = get_job(kind=IMPORT_JOB, business_date=today, key=key)
    job.counts = {}
    job.save(update_fields=["counts"])
    return job


def source_name(path: Path, mapping: Mapping | None) -> str:
    """The name under which bad rows of this file are kept: the same for the same content read the same way."""
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()[:12]
    except OSError as error:
        message = _("The file %(path)s cannot be read: %(error)s.") % {"path": path, "error": error.strerror}
        raise Invalid(message, code="no_file") from None
    return f"{path.name[-LONGEST_NAME:]}@{digest}" + (f"+{mapping.fingerprint}" if mapping else "")


def check_mapping(resource: Resource, mapping: Mapping | None) -> None:
    """Invalid when the mapping makes something else than the resource."""
    if mapping is None:
        return
    if mapping.resource and mapping.resource != resource.name:
        names = {"mapping": mapping.name, "makes": mapping.resource, "resource": resource.name}
        raise Invalid(_("%(mapping)s makes %(makes)s, not %(resource)s.") % names, code="bad_mapping")
    check_columns(resource, mapping.makes)
    check_sum(resource, mapping)


def _chunks_after(row: int, chunks: Iterator[Chunk], skipped: Callable[[Chunk], None]) -> Iterator[Chunk]:
    """The chunks after source row `row`, which an earlier attempt has committed; those before go to `skipped`."""
    for chunk in chunks:
        if chunk.first <= row:
            skipped(chunk)
        if chunk.last > row:
            yield chunk if chunk.first > row else chunk.since(row)


def _declare(resource: Resource, rows: FileRows) -> None:
    if resource.name != "attributes":
        raise Invalid(_("--declare is for the resource 'attributes'."), code="invalid")
    guesses = attributes.CustomFieldGuesser()
    try:
        for chunk in rows.chunks():
            guesses.look(chunk.columns)
    except Unreadable:
        pass  # the load reports it; the fields of the rows before are declared
    guesses.declare()


def _empty_file_notes(result: LoadResult) -> list[str]:
    return [] if result.received or result.error else [_("The file holds no rows for this resource.")]
