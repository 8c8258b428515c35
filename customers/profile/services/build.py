"""The nightly profile: every live line's row, rebuilt block by block, each block in one transaction.

A block that was built for this date is skipped, so a killed run goes on where it stopped and a second run does nothing.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db import connection, transaction

from customers import fields
from customers.facts.models import Subscriber
from customers.profile.models import SubscriberProfile
from customers.profile.queries import point_in_time
from customers.profile.queries.places import measure_places
from customers.profile.queries.sql import select_profile
from customers.profile.queries.windows import profile_windows

BLOCK_SIZE = 50_000
PROFILE_TABLE = SubscriberProfile._meta.db_table
# The facts of a day come until the end of the next one. What was replaced later makes the date a past one.
ARRIVAL_TIME = timedelta(days=1)
COLUMNS = ["subscriber_id", "customer_id", "branch_id", "as_of", "attributes", *fields.FIELDS]


def subscriber_blocks(size: int = BLOCK_SIZE) -> Iterator[tuple[int, int]]:
    """Ranges of subscriber ids that together cover the base."""
    ends = Subscriber.objects.order_by("pk")
    first, last = ends.first(), ends.last()
    if first is None or last is None:
        return
    for low in range(first.pk, last.pk + 1, size):
        yield low, min(low + size - 1, last.pk)


def build_profile(*, as_of: date, force: bool = False) -> int:
    """Rebuild the profile for `as_of`. Returns the rows built (0 when it already stands for that date).

    The night that has just ended takes facts as they are; an older date, run again, as they were then.
    """
    period = profile_windows(as_of)
    known_by = period.until + ARRIVAL_TIME
    is_past = point_in_time.changed_since(known_by)
    wanted = list(fields.FIELDS.values())
    select = select_profile(period, wanted=wanted)
    due = [block for block in subscriber_blocks() if force or not _is_built(*block, as_of)]
    if due:
        with transaction.atomic(), connection.cursor() as cursor:
            tune_transaction(cursor)
            shadows = point_in_time.shadow_tables(cursor, until=known_by) if is_past else None
            measure_places(cursor, period=period, shadows=shadows)
    built = 0
    for low, high in due:
        with transaction.atomic(), connection.cursor() as cursor:
            tune_transaction(cursor)
            params = period.params() | {"lo": low, "hi": high}
            if is_past:
                select = select_profile(
                    period, wanted=wanted, shadows=point_in_time.shadow_tables(cursor, until=known_by)
                )
            cursor.execute(f"CREATE TEMP TABLE built AS {select}", params)
            cursor.execute(f"DELETE FROM {PROFILE_TABLE} WHERE subscriber_id BETWEEN %s AND %s", [low, high])
            cursor.execute(f"INSERT INTO {PROFILE_TABLE} ({', '.join(COLUMNS)}) SELECT {', '.join(COLUMNS)} FROM built")
            built += cursor.rowcount
            cursor.execute("DROP TABLE built")
    if built:
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {PROFILE_TABLE}")
    return built


def _is_built(low: int, high: int, as_of: date) -> bool:
    """Whether the block was built for this date (blocks are built whole, so one row tells)."""
    block = SubscriberProfile.objects.filter(subscriber_id__gte=low, subscriber_id__lte=high)
    return block.filter(as_of=as_of).exists() and not block.exclude(as_of=as_of).exists()


def tune_transaction(cursor: object) -> None:
    """For this transaction: memory for one block's hashes and sorts, and no nested loops.

    The passes are joined on guessed sizes; a guess of one row would make a nested loop of two blocks of 50,000.
    """
    cursor.execute("SET LOCAL work_mem = '256MB'")  # type: ignore[attr-defined]
    cursor.execute("SET LOCAL jit = off")  # type: ignore[attr-defined]
    cursor.execute("SET LOCAL enable_nestloop = off")  # type: ignore[attr-defined]
