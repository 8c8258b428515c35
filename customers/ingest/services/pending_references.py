"""Rows that wait for what they refer to land as soon as it is there."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from django.db import transaction
from django.db.models import QuerySet

from customers.declarations import PENDING_REFERENCES_LOCK
from customers.ingest.chunks import CHUNK_ROWS, chunk_of
from customers.ingest.models import QuarantinedRow
from customers.ingest.resources import REFERRED_TO, RESOURCES
from customers.ingest.resources.base import ReferenceField, Resource
from customers.ingest.services import landing, quarantine
from customers.ingest.services.progress import LoadResult
from customers.ingest.validators.rows import check
from retention.core.db.locks import locked


def land_pending(*, now: datetime, targets: Collection[str] | None = None) -> int:
    """Land the rows that wait for rows of `targets` (all resources when None) which have come. Returns how many left.

    Rows that turn out bad are rejected under their own source and row number; rows that lack something else wait on.
    What lands here can be what others wait for, so those are looked at too.
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
    return total


def land_pending_after(result: LoadResult, *, now: datetime) -> int:
    """Land what waited for the rows just loaded, and those of them whose reference came while they were loaded."""
    targets = {result.resource} & REFERRED_TO
    if result.waiting:
        targets |= {f.reference.resource for f in RESOURCES[result.resource].references}
    return land_pending(now=now, targets=targets) if targets else 0


def _pending_rows() -> QuerySet[QuarantinedRow]:
    return QuarantinedRow.objects.filter(state=QuarantinedRow.State.WAITING)


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
            _land_rows(resource, rows, now=now)
            landed += len(rows)
    return landed


@dataclass(frozen=True)
class PendingRow:
    id: int
    source: str
    row_no: int
    raw: dict


def _resolvable_rows(resource: Resource, reference: ReferenceField) -> list[PendingRow]:
    """Waiting rows of the resource whose reference is there now, oldest first."""
    to = reference.reference
    rows = QuarantinedRow.objects.raw(
        f"SELECT q.id, q.source, q.row_no, q.raw FROM {QuarantinedRow._meta.db_table} q"
        f" WHERE q.state = %s AND q.waits_for = %s AND q.resource = %s AND q.field = %s"
        f' AND EXISTS (SELECT FROM "{to.table}" t WHERE t."{to.key}" = q.waits_key)'
        f" ORDER BY q.created_at, q.id LIMIT %s",
        [QuarantinedRow.State.WAITING, to.resource, resource.name, reference.name, CHUNK_ROWS],
    )
    return [PendingRow(row.id, row.source, row.row_no, row.raw) for row in rows]


def _land_rows(resource: Resource, rows: list[PendingRow], *, now: datetime) -> None:
    numbers = np.array([row.row_no for row in rows], dtype=np.int64)
    chunk = chunk_of([row.raw for row in rows], rows=numbers, sources=tuple(row.source for row in rows))
    checked = check(resource, chunk, now=now, last_wins=True)
    landing.ensure_partitions(checked)
    with transaction.atomic():
        landing.land(checked, now=now)
        QuarantinedRow.objects.filter(pk__in=[row.id for row in rows]).delete()
        quarantine.add(resource, checked, source="", now=now)
