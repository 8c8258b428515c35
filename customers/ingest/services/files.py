"""Loading a file: recognised, mapped, in chunks, going on after the last committed chunk of an interrupted job."""

import hashlib
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext as _

from customers.declarations import IMPORT_JOB
from customers.ingest.chunks import CHUNK_ROWS, Chunk
from customers.ingest.resources import attributes, resource_named
from customers.ingest.resources.base import Resource
from customers.ingest.services.acceptance import close_delivery, is_open, open_delivery
from customers.ingest.services.loading import load
from customers.ingest.services.mapping.apply import check_source, map_chunks
from customers.ingest.services.mapping.document import Mapping
from customers.ingest.services.mapping.rounding import Rounding
from customers.ingest.services.pending_references import land_pending_after
from customers.ingest.services.progress import JobProgress, LoadResult, NoProgress
from customers.ingest.services.readers import Reading, Unreadable, ending_sentence, open_source
from customers.ingest.validators.columns import check_columns
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
    A file that cannot begin to be loaded raises Invalid; one that breaks off has `error` set in the result.
    """
    described, now = resource_named(resource), now or clock.now()
    _check_mapping(described, mapping)
    progress = JobProgress(job) if job else NoProgress()
    result = progress.restored(LoadResult(described.name, source_name(path, mapping)))
    rounding = Rounding(described)
    if declare:
        _declare(described, path, mapping)
    if result.accepted is None or not is_open(result.accepted):
        result.accepted = open_delivery(resource=described.name, source=result.source, now=now)
        progress.save(result)
        progress.committed(result)
    with path.open("rb") as file:
        reading = _reading(described, file, mapping)
        try:
            chunks = rounding.each(_chunks(reading, mapping)) if mapping else _chunks(reading, mapping)
            load(described, _chunks_after(result.last_row, chunks), source=result.source, now=now,
                 result=result, progress=progress)  # fmt: skip
        except Unreadable as error:
            result.error = str(error.message)
        if reading.ended:
            result.error = ending_sentence(reading.ended, result.last_row)
        notes = [*result.notes, *reading.notes, *rounding.notes, *_empty_file_notes(result)]
        result.notes = list(dict.fromkeys(notes))
    if not result.error:
        close_delivery(result.accepted)
    land_pending_after(result, now=now)
    return result


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


def _check_mapping(resource: Resource, mapping: Mapping | None) -> None:
    if mapping is None:
        return
    if mapping.resource and mapping.resource != resource.name:
        names = {"mapping": mapping.name, "makes": mapping.resource, "resource": resource.name}
        raise Invalid(_("%(mapping)s makes %(makes)s, not %(resource)s.") % names, code="bad_mapping")
    check_columns(resource, mapping.makes)


def _reading(resource: Resource, file: BinaryIO, mapping: Mapping | None) -> Reading:
    """The reader, with its columns checked before anything is loaded."""
    reading = open_source(file)
    if mapping is None:
        if reading.columns is not None:
            check_columns(resource, reading.columns)
        return reading
    check_source(mapping, reading.columns)
    made = mapping.rows_made(reading.columns or [])
    if made > 1:  # keep the chunks that come out of the mapping as small as those that went in
        file.seek(0)
        reading = open_source(file, size=max(1, CHUNK_ROWS // made))
    return reading


def _chunks(reading: Reading, mapping: Mapping | None) -> Iterator[Chunk]:
    return map_chunks(mapping, reading) if mapping else iter(reading)


def _chunks_after(row: int, chunks: Iterator[Chunk]) -> Iterator[Chunk]:
    """The chunks after source row `row`, which an earlier attempt has committed."""
    for chunk in chunks:
        if chunk.last > row:
            yield chunk if chunk.first > row else chunk.since(row)


def _declare(resource: Resource, path: Path, mapping: Mapping | None) -> None:
    if resource.name != "attributes":
        raise Invalid(_("--declare is for the resource 'attributes'."), code="invalid")
    with path.open("rb") as file:
        guesses = attributes.CustomFieldGuesser()
        try:
            for chunk in _chunks(_reading(resource, file, mapping), mapping):
                guesses.look(chunk.columns)
        except Unreadable:
            pass  # the load reports it; the fields of the rows before are declared
        guesses.declare()


def _empty_file_notes(result: LoadResult) -> list[str]:
    return [] if result.received or result.error else [_("The file holds no rows for this resource.")]
