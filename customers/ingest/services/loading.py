"""Loading chunks of a resource: checked, landed, and what did not land quarantined with its reason."""

from collections.abc import Iterable
from contextlib import nullcontext
from datetime import datetime

import pyarrow as pa
from django.db import transaction

from customers.ingest.chunks import Chunk, chunks_of
from customers.ingest.resources import resource_named
from customers.ingest.resources.base import Resource
from customers.ingest.services import landing, quarantine
from customers.ingest.services.acceptance import take_turn
from customers.ingest.services.changes import record_changes
from customers.ingest.services.file_keys import FileKeys
from customers.ingest.services.outcomes import publish
from customers.ingest.services.pending_references import land_pending_after
from customers.ingest.services.progress import LoadResult, NoProgress, Progress
from customers.ingest.services.supersession import supersede_waiting
from customers.ingest.validators.columns import check_columns
from customers.ingest.validators.rows import Checked, check, count_bad_rows
from retention.core import clock


def load(
    resource: Resource,
    chunks: Iterable[Chunk],
    *,
    source: str,
    now: datetime,
    atomic: bool = False,
    hold_above: float | None = None,
    result: LoadResult | None = None,
    progress: Progress | None = None,
    keys: FileKeys | None = None,
) -> LoadResult:
    """Load chunks, each in a transaction of its own, or with `atomic` all in one (give it a single chunk: rows are
    locked in key order only within a chunk, so that two loaders of the same rows cannot deadlock).

    hold_above: with a greater share of bad rows in a chunk nothing of it is applied and `held` is set.
    result: goes on counting there. progress: called for every chunk, inside its transaction and after it.
    keys: those that repeat in the whole source.
    Rows that waited for what was loaded are not landed here: call `land_after` once this has committed.
    """
    result = result or LoadResult(resource.name, source)
    progress = progress or NoProgress()
    with transaction.atomic() if atomic else nullcontext():
        for chunk in chunks:
            load_chunk(resource, chunk, result, now=now, hold_above=hold_above, progress=progress, keys=keys)
    return result


def load_chunk(
    resource: Resource,
    chunk: Chunk,
    result: LoadResult,
    *,
    now: datetime,
    hold_above: float | None,
    progress: Progress,
    keys: FileKeys | None = None,
) -> None:
    checked = check(resource, chunk, now=now)
    if keys:
        keys.reject_repeats(checked)
    load_checked(resource, checked, result, now=now, hold_above=hold_above, progress=progress)


def load_checked(
    resource: Resource,
    checked: Checked,
    result: LoadResult,
    *,
    now: datetime,
    hold_above: float | None,
    progress: Progress,
) -> None:
    """Land a chunk that has been checked already, e.g. while its turn had not come yet."""
    result.held = result.held or _exceeds_bad_share(checked, hold_above)
    if not result.held:
        result.months |= landing.ensure_partitions(checked)
    with transaction.atomic():
        applied, accepted = (0, result.accepted or 0) if result.held else _land(resource, checked, result, now)
        quarantine.replace(resource, checked, source=result.source, accepted=accepted, now=now)
        result.add(checked, applied=applied)
        progress.save(result)
    progress.committed(result)


def _land(resource: Resource, checked: Checked, result: LoadResult, now: datetime) -> tuple[int, int]:
    """(rows changed, the chunk's place in the order of acceptance)"""
    turn = take_turn(resource, result.accepted)
    applied = landing.land(checked, now=now, turn=turn, records=result.records)
    if result.records:
        record_changes(checked, source=result.source, applied=applied)
    outcomes = supersede_waiting(checked, turn, source=result.source)
    result.settle(outcomes)
    publish(outcomes)
    return applied, turn.accepted


def _exceeds_bad_share(checked: Checked, hold_above: float | None) -> bool:
    received = len(checked.chunk.rows) + len(checked.chunk.defects)
    return hold_above is not None and count_bad_rows(checked.problems) > hold_above * received


def load_table(
    resource: str, table: pa.Table, *, source: str, first_row: int = 1, now: datetime | None = None
) -> LoadResult:
    """Load a table whose columns are named as in the contract, of text or of fitting types.

    source: names the table; its kept bad rows are replaced when a source of that name is loaded again.
    first_row: the row number of its first row, for a source that comes in several tables. now: what counts as future
    (the business clock when not given). Unknown columns raise Invalid; bad rows are rejected and kept.
    """
    described = resource_named(resource)
    check_columns(described, table.column_names)
    now = now or clock.now()
    result = load(described, chunks_of(table, first_row=first_row), source=source, now=now)
    land_pending_after(result, now=now)
    return result
