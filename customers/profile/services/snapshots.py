"""Profiles as they stood at month ends: copied from the live one, or built back for dates before go-live and for month
ends on which no night ran."""

from collections.abc import Callable, Collection
from datetime import date
from functools import partial

from django.db import connection, transaction

from customers import fields
from customers.declarations import SNAPSHOT
from customers.fields import LATER_AREAS
from customers.profile import checks
from customers.profile.models import ProfileSnapshot, SubscriberProfile
from customers.profile.queries import point_in_time
from customers.profile.queries.places import make_place_table, measure_places
from customers.profile.queries.snapshots import first_night, missing_dates
from customers.profile.queries.sql import select_profile
from customers.profile.queries.windows import profile_windows
from customers.profile.services.build import PROFILE_TABLE, subscriber_blocks, tune_transaction
from retention.core.db import partitioned_tables
from retention.core.errors import Conflict
from retention.core.jobs.chunks import ChunkedWork, Done, give_up, run_in_chunks
from retention.core.jobs.models import Chunk, ChunkedRun

SNAPSHOT_TABLE = ProfileSnapshot._meta.db_table
SNAPSHOT_FIELDS = [field for field in fields.FIELDS.values() if field.area not in LATER_AREAS]
SAMPLE_BLOCK = 2_000
# Lines of a snapshot of before the first night.
SAMPLE_LINES = 40_000
COLUMNS = ", ".join(["subscriber_id", "as_of", "attributes", *(field.key for field in SNAPSHOT_FIELDS)])


class ProfileMoved(Conflict):
    """The live profile is no longer that of the date whose snapshot is being taken."""


def take_snapshot(*, as_of: date) -> int:
    """Keep the live profile of `as_of`, in chunks that other processes may join. Running it twice changes nothing.

    Returns the rows added: none when the profile has moved on to another date meanwhile.
    """
    partitioned_tables.ensure_partitions(SNAPSHOT_TABLE, [as_of])
    try:
        return run_in_chunks(kind=SNAPSHOT, as_of=as_of, ranges=subscriber_blocks()).rows
    except ProfileMoved:
        give_up(kind=SNAPSHOT, as_of=as_of)
        return 0


def _prepare(run: ChunkedRun) -> dict:
    """{"is_first": whether the date has no snapshot yet}."""
    return {"is_first": not ProfileSnapshot.objects.filter(as_of=run.as_of).exists()}


def _begin(run: ChunkedRun) -> Callable[[Chunk], Done]:
    return partial(_copy_block, run.as_of)


def _copy_block(as_of: date, block: Chunk) -> Done:
    lines = SubscriberProfile.objects.filter(subscriber_id__gte=block.low, subscriber_id__lte=block.high)
    if lines.exclude(as_of=as_of).exists():
        raise ProfileMoved(f"The profile of {as_of} has been replaced.", code="profile_moved")
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {SNAPSHOT_TABLE} ({COLUMNS}) SELECT {COLUMNS} FROM {PROFILE_TABLE}"
            " WHERE as_of = %s AND subscriber_id BETWEEN %s AND %s ON CONFLICT DO NOTHING",
            [as_of, block.low, block.high],
        )
        return Done(rows=cursor.rowcount)


def _take_back(run: ChunkedRun) -> None:
    """Training takes a date that has rows as whole: half a snapshot must not stay."""
    if (run.shared or {}).get("is_first"):
        ProfileSnapshot.objects.filter(as_of=run.as_of).delete()


SNAPSHOT_WORK = ChunkedWork(rounds=[_begin], prepare=_prepare, give_up=_take_back)


def build_snapshot(*, as_of: date, sample: int = 0) -> int:
    """Build the snapshot of a past date from the facts as they stood then, for about `sample` lines (0: all).

    Nothing when it exists. One transaction, not chunks: who learns from a date takes the first row of it as the sign
    that it is whole, and a sample is as large for any base.
    """
    give_up(kind=SNAPSHOT, as_of=as_of)
    if ProfileSnapshot.objects.filter(as_of=as_of).exists():
        return 0
    partitioned_tables.ensure_partitions(SNAPSHOT_TABLE, [as_of])
    period = profile_windows(as_of)
    built = 0
    with transaction.atomic(), connection.cursor() as cursor:
        tune_transaction(cursor)
        shadows = point_in_time.shadow_tables(cursor, until=period.until)
        make_place_table(cursor, measure_places(cursor, period=period, shadows=shadows))
        select = select_profile(period, wanted=SNAPSHOT_FIELDS, shadows=shadows)
        for low, high in _sampled(sample):
            cursor.execute(
                f"INSERT INTO {SNAPSHOT_TABLE} ({COLUMNS}) SELECT {COLUMNS} FROM ({select}) built",
                period.params() | {"lo": low, "hi": high, "leaver_days": 0},
            )
            built += cursor.rowcount
    return built


def make_up_snapshots(*, before: date, waiting: Collection[date] = ()) -> dict[date, int]:
    """Build the snapshots that month ends before a day lack, from the facts as they stood then; {month end: rows}.

    Since the first night they are of all lines, from before it samples, as training takes them. waiting: month ends
    whose own night still waits for facts. A month whose facts never came whole stays without: missing facts must not
    look like lines that fell silent.
    """
    opened, built = first_night(), {}
    for end in missing_dates(before):
        if end in waiting or checks.late_feeds(checks.check_arrivals(as_of=end)):
            continue
        built[end] = build_snapshot(as_of=end, sample=0 if opened and opened <= end else SAMPLE_LINES)
    return built


def _sampled(sample: int) -> list[tuple[int, int]]:
    """Blocks of neighbouring lines, evenly spread and the same at every date: households and groups stay whole."""
    if not sample:
        return list(subscriber_blocks())
    small = list(subscriber_blocks(SAMPLE_BLOCK))
    wanted = max(1, sample // SAMPLE_BLOCK)
    return small[:: max(1, len(small) // wanted)][:wanted] if len(small) > wanted else small
