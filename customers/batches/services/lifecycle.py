"""A batch from acceptance to its end: accept, release, discard, drop old bodies. Loading is in `loading`."""

import hashlib
import zlib
from datetime import datetime, timedelta

import orjson
from django.conf import settings
from django.db import transaction
from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat

from customers.batches.models import SOURCE_PREFIX, BatchBody, IngestBatch
from customers.batches.services.bodies import count_rows
from customers.declarations import IDEMPOTENCY_LOCK
from customers.ingest.resources import resource_named
from customers.ingest.services.acceptance import close_delivery, is_open, open_delivery
from customers.ingest.services.changes import forget_changes
from retention.core.accounts.models import User
from retention.core.api.models import ApiClient
from retention.core.audit import services as audit
from retention.core.db import transaction_locks
from retention.core.errors import Conflict, Invalid, TooLarge, TooMany
from retention.core.jobs.services import wake_worker

MAX_ROWS = 50_000
RETRY_AFTER = 5
LOAD_TASK = "customers.batches.tasks.load_batches"


@transaction.atomic
def accept(
    *, client: ApiClient, resource: str, body: bytes, media_type: str, idempotency_key: str, now: datetime
) -> IngestBatch:
    """Store a batch for loading; a repeated request returns the first batch.

    Invalid: the key was used for another body. Conflict: a request with this key is in progress.
    TooLarge: more than MAX_ROWS rows. TooMany: more than BATCH_ROWS_WAITING rows wait. NotFound: no such resource.
    """
    described = resource_named(resource)
    _lock_idempotency_key(client, idempotency_key)
    digest = hashlib.sha256(f"{resource}\n{media_type}\n".encode() + body).hexdigest()
    known = IngestBatch.objects.of_client(client).filter(idempotency_key=idempotency_key).first()
    if known is not None:
        if known.body_sha256 != digest:
            raise Invalid("This Idempotency-Key was used for another request.", code="idempotency_key_reused")
        return known
    rows = count_rows(body, media_type, described)
    if rows > MAX_ROWS:
        raise TooLarge(f"A batch may hold at most {MAX_ROWS} rows; this one holds {rows}.", code="too_many_rows")
    if not rows:
        raise Invalid("The batch holds no rows.", code="empty_batch")
    _check_backlog(rows)
    batch = IngestBatch(
        client=client,
        resource=resource,
        media_type=media_type,
        idempotency_key=idempotency_key,
        body_sha256=digest,
        received=rows,
        created_at=now,
    )
    batch.accepted = open_delivery(resource=resource, source=batch.source, now=now)
    batch.answer = orjson.dumps(first_answer(batch))
    batch.save(force_insert=True)
    # Compressing costs less than sending the text to the database and back.
    BatchBody.objects.create(batch=batch, content=zlib.compress(body, 1))
    wake_worker(LOAD_TASK)
    return batch


def first_answer(batch: IngestBatch) -> dict:
    """The body of the 202."""
    return {"id": str(batch.number), "resource": batch.resource, "state": batch.state, "received": batch.received}


def _lock_idempotency_key(client: ApiClient, idempotency_key: str) -> None:
    if not transaction_locks.try_lock(IDEMPOTENCY_LOCK, f"{client.pk} {idempotency_key}"):
        raise Conflict(
            "A request with this Idempotency-Key is being answered.", code="in_progress", headers={"Retry-After": "1"}
        )


def _check_backlog(rows: int) -> None:
    waiting = IngestBatch.objects.rows_waiting()
    if waiting + rows > settings.BATCH_ROWS_WAITING:
        raise TooMany(f"{waiting} rows wait to be loaded.", code="too_much_waiting", retry_after=RETRY_AFTER)


BODY_RETENTION = timedelta(days=35)


@transaction.atomic
def release(*, batch: IngestBatch, now: datetime, actor: User | None = None) -> IngestBatch:
    """Load the good rows of a held batch. Also retries a failed one as long as its body is stored.

    Conflict in any other state.
    """
    held = _lock_undecided(batch)
    if not (BatchBody.objects.filter(batch=held).exists() and is_open(held.accepted)):
        raise Conflict("Its rows are no longer kept: send them again.", code="body_gone")
    held.state, held.released, held.finished_at = IngestBatch.State.QUEUED, True, None
    held.attempts, held.error = 0, ""
    held.save(update_fields=["state", "released", "finished_at", "attempts", "error"])
    audit.record(actor=actor, action="batch.settle", target=f"batch:{held.number}", did="release")
    wake_worker(LOAD_TASK)
    return held


@transaction.atomic
def discard(*, batch: IngestBatch, now: datetime, actor: User | None = None, reason: str = "") -> IngestBatch:
    """Discard a held batch; the reasons stay readable. Conflict in any other state."""
    held = _lock_undecided(batch)
    held.state, held.error, held.finished_at = IngestBatch.State.FAILED, "discarded", now
    held.save(update_fields=["state", "error", "finished_at"])
    BatchBody.objects.filter(batch=held).delete()
    close_delivery(held.accepted)
    audit.record(actor=actor, action="batch.settle", target=f"batch:{held.number}", did="discard", reason=reason)
    return held


def drop_old_bodies(*, now: datetime) -> int:
    """Delete bodies older than BODY_RETENTION; their batches stay but can be neither released nor taken back."""
    old = IngestBatch.objects.exclude(state=IngestBatch.State.QUEUED).filter(finished_at__lt=now - BODY_RETENTION)
    forget_changes(old.values(name=Concat(Value(SOURCE_PREFIX), Cast("number", CharField()))))
    return BatchBody.objects.filter(batch__in=old).delete()[0]


def _lock_undecided(batch: IngestBatch) -> IngestBatch:
    found = IngestBatch.objects.select_for_update().get(pk=batch.pk)
    failed = found.state == IngestBatch.State.FAILED and BatchBody.objects.filter(batch=found).exists()
    if found.state != IngestBatch.State.HELD and not failed:
        raise Conflict(f"The batch is {found.state}, not held.", code="not_held")
    return found
