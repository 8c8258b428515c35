"""What a person or the client decides about a held batch."""

from datetime import datetime, timedelta

from django.db import transaction

from customers.batches.accepting import TASK
from customers.models import BatchBody, IngestBatch
from retention.core import audit
from retention.core.errors import Conflict
from retention.core.hints import hint
from retention.core.models import User

KEPT = timedelta(days=35)


@transaction.atomic
def release(*, batch: IngestBatch, now: datetime, actor: User | None = None) -> IngestBatch:
    """Load it although many of its rows are bad: the good ones land. Also one that failed, while its body is there.

    Conflict in any other state.
    """
    held = _undecided(batch)
    if not BatchBody.objects.filter(batch=held).exists():
        raise Conflict("Its rows are no longer kept: send them again.", code="body_gone")
    held.state, held.released, held.finished_at = IngestBatch.State.QUEUED, True, None
    held.attempts, held.error = 0, ""
    held.save(update_fields=["state", "released", "finished_at", "attempts", "error"])
    audit.record(actor=actor, action="batch.settle", target=f"batch:{held.number}", did="release")
    hint(TASK)
    return held


@transaction.atomic
def discard(*, batch: IngestBatch, now: datetime, actor: User | None = None) -> IngestBatch:
    """Never load it; why it was held stays readable. Conflict when there is nothing to decide."""
    held = _undecided(batch)
    held.state, held.error, held.finished_at = IngestBatch.State.FAILED, "discarded", now
    held.save(update_fields=["state", "error", "finished_at"])
    BatchBody.objects.filter(batch=held).delete()
    audit.record(actor=actor, action="batch.settle", target=f"batch:{held.number}", did="discard")
    return held


def drop_old_bodies(*, now: datetime) -> int:
    """Bodies that nobody has decided about in KEPT: their batches stay, and can no longer be released."""
    old = BatchBody.objects.exclude(batch__state=IngestBatch.State.QUEUED).filter(batch__finished_at__lt=now - KEPT)
    return old.delete()[0]


def _undecided(batch: IngestBatch) -> IngestBatch:
    found = IngestBatch.objects.select_for_update().get(pk=batch.pk)
    failed = found.state == IngestBatch.State.FAILED and BatchBody.objects.filter(batch=found).exists()
    if found.state != IngestBatch.State.HELD and not failed:
        raise Conflict(f"The batch is {found.state}, not held.", code="not_held")
    return found
