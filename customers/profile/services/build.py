"""The nightly profile: the row of every live line, and of who left lately, rebuilt in blocks, each in one transaction.

In two rounds: the credit of the accounts, then the lines. The blocks are chunked work (retention.core.jobs.chunks): a
killed build goes on where it stopped, and other processes may join. What all blocks have in common is decided once a
build: windows, rates of places, whether the date is past.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from functools import partial

from django.db import connection

from customers import fields
from customers.credit.services import close_accounts, score_accounts
from customers.declarations import PROFILE
from customers.facts.models import Subscriber
from customers.profile.models import SubscriberProfile
from customers.profile.queries import point_in_time
from customers.profile.queries.leavers import LEAVER_DAYS, LEAVERS, WRITE_LEAVERS_SQL
from customers.profile.queries.places import PlaceRates, make_place_table, measure_places
from customers.profile.queries.sql import as_ctes, select_profile
from customers.profile.queries.windows import Windows, profile_windows
from retention.core.jobs.chunks import ChunkedWork, Done, run_in_chunks
from retention.core.jobs.models import Chunk, ChunkedRun

FORCED = "forced"
BLOCK_SIZE = 50_000
PROFILE_TABLE = SubscriberProfile._meta.db_table
COLUMNS = ", ".join(["subscriber_id", "customer_id", "branch_id", "as_of", "attributes", *fields.FIELDS])


def subscriber_blocks(size: int | None = None) -> Iterator[tuple[int, int]]:
    """Ranges of `size` (BLOCK_SIZE) subscriber ids that together cover the base."""
    size = size or BLOCK_SIZE
    ends = Subscriber.objects.order_by("pk")
    first, last = ends.first(), ends.last()
    if first is None or last is None:
        return
    for low in range(first.pk, last.pk + 1, size):
        yield low, min(low + size - 1, last.pk)


def build_profile(*, as_of: date, force: bool = False) -> int:
    """Rebuild the profile for `as_of`. Returns the rows built (0 when it already stands for that date).

    The night that has just ended takes facts as they are; an older date, run again, as they were then. GivenUp when
    another process begins the profile of another date meanwhile.
    """
    due = (block for block in subscriber_blocks() if force or not _is_built(*block, as_of))
    return run_in_chunks(kind=PROFILE, as_of=as_of, key=FORCED if force else "", ranges=due).rows


def _is_built(low: int, high: int, as_of: date) -> bool:
    """Whether the block was built for this date (blocks are built whole, so one row is enough to check)."""
    block = SubscriberProfile.objects.filter(subscriber_id__gte=low, subscriber_id__lte=high)
    return block.filter(as_of=as_of).exists() and not block.exclude(as_of=as_of).exists()


def _prepare(run: ChunkedRun) -> dict:
    """{"windows", "known_by": of a past date, else null, "places"}, the same for all blocks."""
    period = profile_windows(run.as_of)
    known_by = period.until + point_in_time.ARRIVAL_TIME
    is_past = point_in_time.changed_since(known_by)
    with connection.cursor() as cursor:
        tune_transaction(cursor)
        shadows = point_in_time.shadow_tables(cursor, until=known_by) if is_past else None
        places = measure_places(cursor, period=period, shadows=shadows)
    return {"windows": period.params(), "known_by": known_by if is_past else None, "places": places}


def _begin_credit(run: ChunkedRun) -> Callable[[Chunk], Done]:
    return partial(_score_block, *_decided(run))


def _begin(run: ChunkedRun) -> Callable[[Chunk], Done]:
    return partial(_build_block, *_decided(run), (run.shared or {})["places"])


def _decided(run: ChunkedRun) -> tuple[Windows, datetime | None]:
    shared = run.shared or {}
    return Windows.from_json(shared["windows"]), shared["known_by"] and datetime.fromisoformat(shared["known_by"])


def _score_block(period: Windows, known_by: datetime | None, block: Chunk) -> Done:
    """Its rows are accounts, which are not counted as rows of the profile."""
    with connection.cursor() as cursor:
        tune_transaction(cursor)
        shadows = point_in_time.shadow_tables(cursor, until=known_by) if known_by else None
        params = period.params() | {"lo": block.low, "hi": block.high}
        return Done(result={"accounts": score_accounts(cursor, params=params, ctes=as_ctes(shadows))})


def _build_block(period: Windows, known_by: datetime | None, places: PlaceRates, block: Chunk) -> Done:
    wanted = list(fields.FIELDS.values())
    with connection.cursor() as cursor:
        tune_transaction(cursor)
        shadows = point_in_time.shadow_tables(cursor, until=known_by) if known_by else None
        make_place_table(cursor, places)
        cursor.execute("DROP TABLE IF EXISTS pg_temp.built")
        cursor.execute(
            f"CREATE TEMP TABLE built ON COMMIT DROP AS {select_profile(period, wanted=wanted, shadows=shadows)}",
            period.params() | {"lo": block.low, "hi": block.high, "leaver_days": LEAVER_DAYS},
        )
        for table in (PROFILE_TABLE, LEAVERS):
            cursor.execute(f"DELETE FROM {table} WHERE subscriber_id BETWEEN %s AND %s", [block.low, block.high])
        cursor.execute(
            f"INSERT INTO {PROFILE_TABLE} ({COLUMNS}) SELECT {COLUMNS} FROM built WHERE days_since_left IS NULL"
        )
        done = Done(rows=cursor.rowcount)
        cursor.execute("SET LOCAL enable_nestloop = on")  # a look by key for each of a few
        cursor.execute(WRITE_LEAVERS_SQL)
        return done


def _finish(run: ChunkedRun) -> None:
    if run.rows:
        close_accounts(as_of=run.as_of)
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {PROFILE_TABLE}")


PROFILE_WORK = ChunkedWork(rounds=[_begin_credit, _begin], prepare=_prepare, finish=_finish)


def tune_transaction(cursor: object) -> None:
    """For this transaction: memory for one block's hashes and sorts, and no nested loops.

    The passes are joined on guessed sizes; a guess of one row would make a nested loop of two blocks of 50,000.
    """
    cursor.execute("SET LOCAL work_mem = '256MB'")  # type: ignore[attr-defined]
    cursor.execute("SET LOCAL jit = off")  # type: ignore[attr-defined]
    cursor.execute("SET LOCAL enable_nestloop = off")  # type: ignore[attr-defined]
