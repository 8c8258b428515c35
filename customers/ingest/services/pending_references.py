"""Rows that wait for what they refer to land as soon as it is there."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from django.db import transaction
from django.db.models import QuerySet

from customers.declarations import PENDING_REFERENCES_LOCK
from customers.ingest.chunks import CHUNK_ROWS, Origin, chunk_of
from customers.ingest.models import QuarantinedRow
from customers.ingest.resources import REFERRED_TO, RESOURCES
from customers.ingest.resources.base import ReferenceField, Resource
from customers.ingest.services import landing, quarantine
from customers.ingest.services.acceptance import take_waiting_turn
from customers.ingest.services.changes import record_landed
from customers.ingest.services.circular_references import mark_circular_references
from customers.ingest.services.landing import changed_positions
from customers.ingest.services.outcomes import Fate, RowOutcome, publish
from customers.ingest.services.progress import LoadResult
from customers.ingest.services.supersession import supersede_older
from customers.ingest.validators.rows import Checked, check
from retention.core.db.locks import locked


def land_pending(*, now: datetime, targets: Collection[str] | None = None) -> int:
    """Land the rows that wait for rows of `targets` (all resources when None) which have come. Returns how many left.

    Rows that turn out bad are rejected under their own source and row number; rows that lack something else wait on.
    What lands here can be what others wait for, so those are looked at too. Rows of one key land in the order in which
    they were accepted; their sources are told what became of them (`outcomes`).
    """
    pending = set(RESOURCES if targets is None else targets)
    if not _pending_rows().filter(waits_for__in=pending).exists():
        return 0
    waited_for = set(_pending_rows().values_list("waits_for", flat=True).distinct())
    total = 0
    for target in RESOURCES:  # what is referred to comes first
        if target not in pending or target not in waited_for:
            continue
        for resource, reference in _referring_to(target):
            landed = _land_all(resource, reference, now=now)
            total += landed
            if landed:
                pending.add(resource.name)
    mark_circular_references()
    return total


def land_pending_after(result: LoadResult, *, now: datetime) -> int:
    """Land what waited for the rows just loaded, and those of them whose reference came while they were loaded."""
    targets = {result.resource} & REFERRED_TO
    if result.waiting:
        targets |= {f.reference.resource for f in RESOURCES[result.resource].references}
    return land_pending(now=now, targets=targets) if targets else 0


def _pending_rows() -> QuerySet[QuarantinedRow]:
    return QuarantinedRow.objects.waiting()


def _referring_to(target: str) -> Iterator[tuple[Resource, ReferenceField]]:
    for resource in RESOURCES.values():
        for one in resource.references:
            if one.reference.resource == target:
                yield resource, one


def _land_all(resource: Resource, reference: ReferenceField, *, now: datetime) -> int:
    """One lander at a time: two would land the same rows in two orders."""
    landed = 0
    with locked(PENDING_REFERENCES_LOCK):
        while rows := _resolvable_rows(resource, reference):
            landed += _land_rows(resource, rows, now=now)
    return landed


@dataclass(frozen=True)
class PendingRow:
    id: int
    row_no: int
    raw: dict
    origin: Origin


def _resolvable_rows(resource: Resource, reference: ReferenceField) -> list[PendingRow]:
    """Waiting rows of the resource whose reference is there now; of each key the one that was accepted first."""
    to = reference.reference
    rows = QuarantinedRow.objects.raw(
        f"SELECT DISTINCT ON (place) q.*, COALESCE(NULLIF(q.key, ''), q.id::text) AS place"
        f" FROM {QuarantinedRow._meta.db_table} q"
        f" WHERE q.state = %s AND q.waits_for = %s AND q.resource = %s AND q.field = %s"
        f' AND EXISTS (SELECT FROM "{to.table}" t WHERE t."{to.key}" = q.waits_key)'
        f" ORDER BY place, q.accepted, q.row_no, q.id LIMIT %s",
        [QuarantinedRow.State.WAITING, to.resource, resource.name, reference.name, CHUNK_ROWS],
    )
    return [PendingRow(row.id, row.row_no, row.raw, Origin(row.source, row.accepted, row.created_at)) for row in rows]


def _land_rows(resource: Resource, rows: list[PendingRow], *, now: datetime) -> int:
    """Land rows that waited. Returns how many left their place; 0 when a newer row took the place of one meanwhile."""
    numbers = np.array([row.row_no for row in rows], dtype=np.int64)
    chunk = chunk_of([row.raw for row in rows], rows=numbers, origins=tuple(row.origin for row in rows))
    checked = check(resource, chunk, now=now, last_wins=True)
    landing.ensure_partitions(checked)
    with transaction.atomic():
        turn = take_waiting_turn(resource)
        waiting = QuarantinedRow.objects.filter(pk__in=[row.id for row in rows])
        if waiting.count() < len(rows):
            return 0
        applied = landing.land(checked, now=now, turn=turn, records=True)
        ids = {position: rows[position].id for position in checked.positions().tolist()}
        record_landed(checked, ids, applied=applied)
        outcomes = [*_outcomes(checked), *supersede_older(checked, ids)]
        waiting.delete()
        quarantine.add(resource, checked, rows[0].origin)
        publish(outcomes)
    return len(rows)


def _outcomes(checked: Checked) -> Iterator[RowOutcome]:
    changed, bad = changed_positions(checked), {problem.position for problem in checked.problems}
    for position, origin in enumerate(checked.chunk.origins):
        if position in checked.waiting:
            continue
        fate = Fate.APPLIED if position in changed else Fate.REJECTED if position in bad else Fate.UNCHANGED
        yield RowOutcome(origin.source, int(checked.chunk.rows[position]), fate)
