"""The one way in: chunks of a resource, checked, landed, and what did not land kept with its reason."""

from collections.abc import Iterable
from contextlib import nullcontext
from datetime import datetime

from django.db import transaction

from customers.ingest import landing, quarantine
from customers.ingest.chunks import Chunk
from customers.ingest.progress import NoProgress, Progress
from customers.ingest.resource import Resource
from customers.ingest.result import LoadResult
from customers.ingest.validation import Checked, bad_rows, check


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
) -> LoadResult:
    """Load chunks, each in a transaction of its own, or with `atomic` all in one (give it a single chunk: rows are
    locked in key order only within a chunk, so that two loaders of the same rows cannot deadlock).

    hold_above: with a greater share of bad rows in a chunk nothing of it is applied and `held` is set.
    result: goes on counting there. progress: told of every chunk, inside its transaction and after it.
    Rows that waited for what was loaded are not landed here: call `land_after` once this has committed.
    """
    result = result or LoadResult(resource.name, source)
    progress = progress or NoProgress()
    with transaction.atomic() if atomic else nullcontext():
        for chunk in chunks:
            load_chunk(resource, chunk, result, now=now, hold_above=hold_above, progress=progress)
    return result


def load_chunk(
    resource: Resource,
    chunk: Chunk,
    result: LoadResult,
    *,
    now: datetime,
    hold_above: float | None,
    progress: Progress,
) -> None:
    checked = check(resource, chunk, now=now)
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
    result.held = result.held or _too_bad(checked, hold_above)
    if not result.held:
        result.months |= landing.ensure_partitions(checked)
    with transaction.atomic():
        applied = 0 if result.held else landing.land(checked, now=now)
        quarantine.replace(resource, checked, source=result.source, now=now)
        result.add(checked, applied=applied)
        progress.save(result)
    progress.committed(result)


def _too_bad(checked: Checked, hold_above: float | None) -> bool:
    received = len(checked.chunk.rows) + len(checked.chunk.defects)
    return hold_above is not None and bad_rows(checked.problems) > hold_above * received
