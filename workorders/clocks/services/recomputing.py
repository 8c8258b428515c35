"""Reckons clocks anew whose calendar is no longer the one they were reckoned by, in chunks that any worker joins.

Nothing marks a clock as stale: it keeps the key of its calendar, and is stale while another one holds for its group.
So a changed calendar, a switch, a group of another branch and a release that knows more holidays are all found alike,
whoever made the change and whatever was killed meanwhile.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from hashlib import sha256
from typing import Any

from django.db import connection
from django.utils import timezone

from retention.core.jobs.chunks import ChunkedWork, Done, run_in_chunks
from retention.core.jobs.models import Chunk, ChunkedRun
from retention.core.jobs.services import wake_worker
from workorders.clocks.models import OrderClock
from workorders.clocks.queries.calendars import CalendarBook, open_book
from workorders.clocks.services.refreshing import refresh_clocks
from workorders.clocks.services.retiming import retime_clocks
from workorders.declarations import ORDER_CLOCKS
from workorders.orders.models import WorkOrder
from workorders.orders.states import OPEN

TASK = "workorders.clocks.tasks.reckon_stale_clocks"
# Orders of a chunk: their rows are locked while they are written, which takes a moment.
CHUNK_ORDERS = 5_000
_ORDERS, _CLOCKS = WorkOrder._meta.db_table, OrderClock._meta.db_table
# An order without clocks was opened before there were any.
_STALE = f"""
SELECT DISTINCT o.id FROM {_ORDERS} o
LEFT JOIN unnest(%(teams)s::bigint[], %(team_keys)s::text[]) AS t(id, key) ON t.id = o.team_id
LEFT JOIN unnest(%(branches)s::bigint[], %(branch_keys)s::text[]) AS b(id, key)
    ON b.id = o.branch_id AND o.team_id IS NULL
LEFT JOIN {_CLOCKS} c ON c.order_id = o.id AND c.order_id BETWEEN %(low)s AND %(high)s
WHERE o.state = ANY(%(open)s) AND o.id BETWEEN %(low)s AND %(high)s AND (
    c.id IS NULL OR c.met_at IS NULL AND c.stopped_at IS NULL AND c.calendar <> ''
    AND c.calendar <> coalesce(t.key, b.key, %(default)s)
)
ORDER BY o.id
"""
_WITHOUT_TEAM = f"SELECT DISTINCT branch_id FROM {_ORDERS} WHERE team_id IS NULL AND state = ANY(%s)"


def reckon_stale(*, now: datetime) -> int:
    """Reckon all stale clocks anew; how many orders. A run that was killed goes on where it was."""
    book = open_book()
    ids = stale_orders(book)
    if not ids:
        return 0
    run = run_in_chunks(kind=ORDER_CLOCKS, as_of=timezone.localdate(now), key=_digest(book), ranges=_ranges(ids))
    return run.rows


def when_changed() -> None:
    """Ask a worker to reckon anew after the commit. A lost message is made up for by the beat."""
    wake_worker(TASK)


def stale_orders(book: CalendarBook, low: int = 0, high: int = 2**62) -> list[int]:
    """Ids of open orders whose clocks are to be reckoned anew, ascending."""
    with connection.cursor() as cursor:
        cursor.execute(_WITHOUT_TEAM, [list(OPEN)])
        branches = [pk for (pk,) in cursor.fetchall()]
        teams = {pk: book.of_team(pk).key for pk in book.teams}
        params: dict[str, Any] = {
            "open": list(OPEN), "low": low, "high": high, "default": book.of_path("").key,
            "teams": list(teams), "team_keys": list(teams.values()),
            "branches": branches, "branch_keys": [book.of(None, pk).key for pk in branches],
        }  # fmt: skip
        cursor.execute(_STALE, params)
        return [pk for (pk,) in cursor.fetchall()]


def _ranges(ids: Sequence[int]) -> Iterator[tuple[int, int]]:
    for place in range(0, len(ids), CHUNK_ORDERS):
        block = ids[place : place + CHUNK_ORDERS]
        yield block[0], block[-1]


def _digest(book: CalendarBook) -> str:
    """Another set of calendars is another run, which takes the place of one that was not finished."""
    keys = sorted((path, one.key) for path, one in book.by_path.items())
    keys += sorted((code, one.key) for code, one in book.by_group.items())
    return sha256(repr(keys).encode()).hexdigest()[:16]


def _begin(run: ChunkedRun) -> Callable[[Chunk], Done]:
    return partial(_reckon_block, open_book(), run.started_at)


def _reckon_block(book: CalendarBook, now: datetime, block: Chunk) -> Done:
    ids = stale_orders(book, block.low, block.high)
    without = retime_clocks(ids=ids, now=now, book=book)
    refresh_clocks(ids=without, now=now, book=book)
    return Done(rows=len(ids))


CLOCK_WORK = ChunkedWork(rounds=[_begin])
