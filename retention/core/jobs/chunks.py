"""Work over the whole base in chunks that any number of processes share.

The process that starts a run plans its chunks and works on them; any other may join. A claim is the lock of the chunk's
row, held by the transaction that writes the chunk's results: when a process dies, another one does the
chunk again. Nothing is held between chunks, so memory does not grow with the base.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import structlog
from django.db import transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from retention.core import clock
from retention.core.errors import Conflict, DomainError
from retention.core.jobs.models import Chunk, ChunkedRun
from retention.core.jobs.services import wake_worker
from retention.core.registry import Registry

log = structlog.get_logger("retention.jobs")
JOIN_TASK = "retention.core.jobs.tasks.join_work"
# With so many chunks left in a round another worker is asked to join.
CHUNKS_WORTH_JOINING = 2
WAIT_SECONDS = 0.2


class GivenUp(Conflict):
    """The run was replaced by one of another date or key while a process worked on it."""


@dataclass(frozen=True)
class Done:
    """Result of one chunk. result: JSON that later rounds or readers of the run need."""

    rows: int = 0
    result: dict[str, Any] = field(default_factory=dict)


# Called once by each process and round, with what it gives then called for each chunk, inside the chunk's transaction.
Round = Callable[[ChunkedRun], Callable[[Chunk], Done]]


def _nothing(run: ChunkedRun) -> None:
    """The default of `finish` and `give_up`."""


@dataclass(frozen=True)
class ChunkedWork:
    """One kind of work. A round begins when every chunk of the round before is done.

    prepare: computed once a run, kept as `run.shared` (JSON). finish: called once, when all rounds are done.
    give_up: takes back what a run that never ended has left. Each of the three in one transaction that holds the run.
    """

    rounds: Sequence[Round]
    prepare: Callable[[ChunkedRun], dict[str, Any]] = lambda run: {}
    finish: Callable[[ChunkedRun], None] = _nothing
    give_up: Callable[[ChunkedRun], None] = _nothing


# {kind: dotted path of its ChunkedWork}: every process knows every kind, and imports those it works on.
CHUNKED_WORK: Registry[str, str] = Registry("chunked work")


def run_in_chunks(*, kind: str, as_of: date, key: str = "", ranges: Iterable[tuple[int, int]]) -> ChunkedRun:
    """Do the whole run, together with processes that join; returns it finished. An interrupted run is resumed.

    ranges: of ids, both ends included; read only when the run is new. Open runs of the kind of another date or key are
    given up. GivenUp when that happens to this one meanwhile.
    """
    run = _planned(kind, as_of, key, ranges)
    _work(run)
    return run


def join_open_runs() -> int:
    """Help with every run that is open, newest first, until each is finished. Returns how many there were."""
    joined = 0
    for run in ChunkedRun.objects.open().filter(kind__in=CHUNKED_WORK):
        joined += 1
        try:
            _work(run)
        except DomainError as error:
            # The process that started the run gets the same error and reports it.
            log.warning("left a run", run=str(run), why=str(error.message))
    return joined


def give_up(*, kind: str, as_of: date) -> None:
    """Take back the open runs of the kind and date, with what they left. Waits for the chunks that are being done."""
    _give_up(list(ChunkedRun.objects.open().filter(kind=kind, as_of=as_of)))


@transaction.atomic
def _planned(kind: str, as_of: date, key: str, ranges: Iterable[tuple[int, int]]) -> ChunkedRun:
    _give_up([run for run in ChunkedRun.objects.open().filter(kind=kind) if (run.as_of, run.key) != (as_of, key)])
    run, is_new = ChunkedRun.objects.get_or_create(
        kind=kind, as_of=as_of, key=key, finished_at=None, defaults={"started_at": clock.now()}
    )
    if is_new:
        planned = list(ranges)
        for place in range(len(_work_of(run).rounds)):
            Chunk.objects.bulk_create(Chunk(run=run, round=place, low=low, high=high) for low, high in planned)
    return run


@transaction.atomic
def _give_up(runs: list[ChunkedRun]) -> None:
    for run in runs:
        # First the chunks, which waits for those at work, so that what is taken back does not come again.
        run.chunks.all().delete()
        _work_of(run).give_up(run)
        run.delete()


def _work_of(run: ChunkedRun) -> ChunkedWork:
    found: ChunkedWork = import_string(CHUNKED_WORK[run.kind])
    return found


def _work(run: ChunkedRun) -> None:
    work = _work_of(run)
    with transaction.atomic():
        _hold(run)
        if run.shared is None:
            run.shared = work.prepare(run) if run.chunks.exists() else {}
            run.save(update_fields=["shared"])
            # As every other process reads it: through JSON.
            run.refresh_from_db(fields=["shared"])
    for place, begin in enumerate(work.rounds):
        _do_round(run, place, begin)
    with transaction.atomic():
        _hold(run)
        if run.finished_at is None:
            _finish(run, work)


def _hold(run: ChunkedRun) -> None:
    """Lock the run's row and read it again."""
    try:
        run.refresh_from_db(from_queryset=ChunkedRun.objects.select_for_update())
    except ChunkedRun.DoesNotExist:
        raise GivenUp(_("%(run)s was given up for a later run.") % {"run": run}, code="given_up") from None


def _do_round(run: ChunkedRun, place: int, begin: Round) -> None:
    """Claim and do chunks until none is left, waiting for those that others are at."""
    left = run.chunks.filter(round=place, done_at=None)
    if len(left[:CHUNKS_WORTH_JOINING]) == CHUNKS_WORTH_JOINING:
        wake_worker(JOIN_TASK)
    do: Callable[[Chunk], Done] | None = None
    while True:
        with transaction.atomic():
            chunk = left.select_for_update(skip_locked=True, of=("self",)).first()
            if chunk is not None:
                do = do or begin(run)
                done = do(chunk)
                chunk.rows, chunk.result, chunk.done_at = done.rows, done.result, clock.now()
                chunk.save(update_fields=["rows", "result", "done_at"])
        if chunk is None:
            if not left.exists():
                return
            time.sleep(WAIT_SECONDS)


def _finish(run: ChunkedRun, work: ChunkedWork) -> None:
    work.finish(run)
    run.finished_at = clock.now()
    run.save(update_fields=["finished_at"])
    # Earlier runs of the date are obsolete.
    ended = ChunkedRun.objects.filter(kind=run.kind, as_of=run.as_of, finished_at__isnull=False)
    ended.exclude(pk=run.pk).delete()
