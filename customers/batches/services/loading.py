"""Loading accepted batches. Any number of workers may call `load_queued`: each batch is claimed by a session advisory
lock, which ends with its worker, and lands in one transaction with its new state.

Batches of one resource land in the order in which they were accepted, whoever sent them, so a later correction is never
overwritten by what it corrects. Reading and checking, half of the work, still run in parallel.
"""

import time
import zlib
from collections.abc import Mapping
from datetime import datetime

import structlog
from django.db import DatabaseError, InterfaceError, connection, transaction
from django.utils.translation import gettext as _

from customers.batches.models import BatchBody, IngestBatch
from customers.batches.services.bodies import read_body
from customers.declarations import BATCH_LOCK
from customers.ingest.chunks import Chunk
from customers.ingest.resources import RESOURCES
from customers.ingest.services import landing
from customers.ingest.services.acceptance import close_delivery
from customers.ingest.services.loading import load_checked
from customers.ingest.services.pending_references import land_pending_after
from customers.ingest.services.progress import LoadResult, NoProgress
from customers.ingest.validators.rows import Checked, check
from retention.core import clock
from retention.core.db.locks import is_held, try_lock, unlock, wait_for
from retention.core.errors import Conflict, DomainError

log = structlog.get_logger("retention.batches")
MAX_BAD_SHARE = 0.2
MAX_ATTEMPTS = 10  # workers die of other causes too; a batch that kills its worker does so every time
CLAIM_CANDIDATES = 50


def load_queued(*, now: datetime | None = None, seconds: float = float("inf")) -> int:
    """Load queued batches until all are done or claimed by other workers. Returns how many ended.

    now: rows after it are future; None takes the business clock at each batch. seconds: no new batch after that.
    """
    settled, until = 0, time.monotonic() + seconds
    while time.monotonic() < until and (batch := _claim()) is not None:
        try:
            settled += _load(batch, now or clock.now())
        finally:
            _unlock(batch.pk)
    return settled


def is_loading(batch: IngestBatch) -> bool:
    """Whether a worker is loading it at this moment."""
    if batch.state != IngestBatch.State.QUEUED:
        return False
    return is_held(BATCH_LOCK, batch.pk)


def _claim() -> IngestBatch | None:
    """The oldest queued batch that no worker holds; this session takes its lock."""
    for pk in IngestBatch.objects.queued().values_list("pk", flat=True)[:CLAIM_CANDIDATES]:
        if not try_lock(BATCH_LOCK, pk):
            continue
        batch = IngestBatch.objects.queued().filter(pk=pk).select_related("client").first()
        if batch is not None:
            return batch
        _unlock(pk)
    return None


def _load(batch: IngestBatch, now: datetime) -> bool:
    """Load one claimed batch. False when it must wait for an earlier one that no worker is loading."""
    if batch.attempts >= MAX_ATTEMPTS:
        _settle(batch, now, state=IngestBatch.State.FAILED, error=f"It ended its worker {batch.attempts} times.")
        return True
    IngestBatch.objects.filter(pk=batch.pk).update(attempts=batch.attempts + 1)
    try:
        chunk = _chunk_of(batch)
        resource = RESOURCES[batch.resource]
        # Checks against stored rows must run after the earlier batches; the other checks need not wait.
        checked = None if chunk is None or resource.prepare else check(resource, chunk, now=now)
        if not _wait_for_earlier(batch):
            IngestBatch.objects.filter(pk=batch.pk).update(attempts=batch.attempts)
            return False
        if checked is None and chunk is not None:
            checked = check(resource, chunk, now=now)
        result = _land(batch, checked, now)
    except (DatabaseError, InterfaceError):
        raise  # nothing was applied; the batch is still queued
    except DomainError as error:
        _settle(batch, now, state=IngestBatch.State.FAILED, error=str(error.message))
        return True
    land_pending_after(result, now=now)
    log.info("batch settled", batch=str(batch), resource=batch.resource, state=batch.state, **result.counts())
    return True


def _chunk_of(batch: IngestBatch) -> Chunk | None:
    content = BatchBody.objects.values_list("content", flat=True).get(batch=batch)
    return read_body(zlib.decompress(content), batch.media_type)


def checked_body(batch: IngestBatch, *, now: datetime) -> Checked:
    """The rows of a loaded batch once more. Conflict `body_gone` when they are no longer kept."""
    try:
        chunk = _chunk_of(batch)
    except BatchBody.DoesNotExist:
        raise Conflict(_("The rows of the batch are no longer kept."), code="body_gone") from None
    assert chunk is not None, "a batch without rows is not accepted"
    return check(RESOURCES[batch.resource], chunk, now=now)


def _land(batch: IngestBatch, checked: Checked | None, now: datetime) -> LoadResult:
    """Land the rows and set the batch's state, in one transaction."""
    result = LoadResult(batch.resource, batch.source, accepted=batch.accepted, records=True)
    hold_above = None if batch.released else MAX_BAD_SHARE
    if checked is not None:
        landing.ensure_partitions(checked)
    with transaction.atomic():
        if checked is not None:
            load_checked(checked.resource, checked, result, now=now, hold_above=hold_above, progress=NoProgress())
        state = IngestBatch.State.HELD if result.held else IngestBatch.State.LOADED
        _settle(batch, now, state=state, counts=result.counts())
    return result


def _settle(
    batch: IngestBatch, now: datetime, *, state: str, error: str = "", counts: Mapping[str, int] | None = None
) -> None:
    """Set the final state. The body is kept: of a loaded batch to take it back, of others to decide about them."""
    batch.state, batch.error, batch.finished_at = state, error, now
    counts = counts or {}
    for name, value in counts.items():
        setattr(batch, name, value)
    batch.save(update_fields=["state", "error", "finished_at", *counts])
    if state == IngestBatch.State.LOADED:
        close_delivery(batch.accepted)


def _wait_for_earlier(batch: IngestBatch) -> bool:
    """Wait until the batches that must land before have; False when no worker is loading one of them."""
    while (earlier := IngestBatch.objects.before(batch).last()) is not None:
        wait_for(BATCH_LOCK, earlier.pk)
        if IngestBatch.objects.queued().filter(pk=earlier.pk).exists():
            return False
    return True


def _unlock(pk: int) -> None:
    try:
        unlock(BATCH_LOCK, pk)
    except (DatabaseError, InterfaceError):  # the session has ended, and its locks with it
        connection.close()
