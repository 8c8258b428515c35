"""Taking back what was sent wrongly: a row by its key, or all that a batch changed.

A batch's rows go as if they had never been accepted: what it inserted is removed, what it replaced is put back. Rows
that a later delivery changed, or says as well, stay and are named; they then belong to that delivery alone, so that it
can be taken back in its turn. While anything refers to a row that would go, nothing is taken back.
"""

from dataclasses import asdict
from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from customers.batches.models import BatchBody, IngestBatch
from customers.batches.services.lifecycle import discard
from customers.batches.services.loading import checked_body
from customers.batches.services.rows import chunk_of, name_key
from customers.ingest.resources import RESOURCES
from customers.ingest.resources.base import Resource
from customers.ingest.services.acceptance import take_turn
from customers.ingest.services.effects import Effects
from customers.ingest.services.outcomes import publish
from customers.ingest.services.overtaking import record_keys
from customers.ingest.services.removal import lock_for_removal, remove_staged, stage_keys
from customers.ingest.services.supersession import supersede_waiting
from customers.ingest.validators.rows import check
from retention.core.accounts.models import User
from retention.core.audit import services as audit
from retention.core.errors import Conflict, Invalid, NotFound

LONGEST_REASON = 200
TAKEN_BACK = "taken back"


def take_back_row(
    *, resource: Resource, key: dict[str, str], reason: str, client: str, now: datetime, actor: User | None = None
) -> None:
    """Delete the stored row of this key, and rows of the key that wait. A row accepted before does not bring it back.

    NotFound when there is none; Conflict `facts_attached` when others refer to it; Invalid without a reason.
    """
    reason = check_reason(reason)
    checked = check(resource, chunk_of([dict(key)]), now=now)
    unreadable = {problem.field for problem in checked.problems} & set(resource.key)
    if unreadable:
        raise NotFound(_("There is no such row."))
    checked.good[:] = True
    with transaction.atomic(), connection.cursor() as cursor:
        lock_for_removal(resource)
        turn = take_turn(resource, None)
        stage_keys(cursor, checked, checked.positions())
        dropped = supersede_waiting(checked, turn, source="", whole=True)
        removed = remove_staged(cursor, checked)
        if not (removed or dropped):
            raise NotFound(_("There is no such row."))
        record_keys(cursor, resource, turn)
        publish(dropped)
        audit.record(
            actor=actor, action="facts.take_back", target=f"{resource.name}:{name_key(key)}", reason=reason,
            client=client, removed=removed, waiting=len(dropped),
        )  # fmt: skip


@transaction.atomic
def take_back_batch(
    *, batch: IngestBatch, reason: str, now: datetime, actor: User | None = None, client: str = ""
) -> IngestBatch:
    """Take back a loaded batch, or discard a held one. Once more changes nothing.

    Conflict: it is not loaded yet (`in_progress`), its rows are no longer kept (`body_gone`), or others refer to rows
    that would go (`facts_attached`). Invalid without a reason.
    """
    reason, resource = check_reason(reason), RESOURCES[batch.resource]
    lock_for_removal(resource)
    found = IngestBatch.objects.select_for_update().get(pk=batch.pk)
    if found.state == IngestBatch.State.QUEUED:
        raise Conflict(_("The batch is not loaded yet."), code="in_progress", headers={"Retry-After": "5"})
    if found.state != IngestBatch.State.LOADED:
        has_body = BatchBody.objects.filter(batch=found).exists()
        return discard(batch=found, now=now, actor=actor, reason=reason) if has_body else found
    checked = checked_body(found, now=now)
    effects = Effects(resource, checked, source=found.source, accepted=found.accepted)
    with connection.cursor() as cursor:
        effects.locate(cursor)
        for later in IngestBatch.objects.restated_after(found):
            effects.leave_to(cursor, checked_body(later, now=now), source=later.source)
        result = effects.undo(cursor, now=now)
    found.state, found.error, found.waiting = IngestBatch.State.FAILED, TAKEN_BACK, 0
    found.taken_back_at, found.taken_back_because, found.taken_back = now, reason, asdict(result)
    found.save(update_fields=["state", "error", "waiting", "taken_back_at", "taken_back_because", "taken_back"])
    BatchBody.objects.filter(batch=found).delete()
    target = f"batch:{found.number}"
    audit.record(actor=actor, action="batch.take_back", target=target, reason=reason, client=client, **asdict(result))
    return found


def check_reason(reason: str) -> str:
    """The reason without blanks around it; Invalid when there is none, or more than LONGEST_REASON characters."""
    reason = reason.strip()
    if reason and len(reason) <= LONGEST_REASON and reason.isprintable():
        return reason
    message = _("Say why it is taken back, in at most %(longest)d characters.") % {"longest": LONGEST_REASON}
    details = [{"field": "reason", "code": "required", "message": message}]
    raise Invalid(message, code="reason_missing", details=details)
