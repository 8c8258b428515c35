"""Profiles as they stood at month ends: copied from the live one, or built back for dates before go-live."""

from datetime import date

from django.db import connection, transaction

from customers import fields
from customers.fields import Area
from customers.profile.models import ProfileSnapshot
from customers.profile.queries import point_in_time
from customers.profile.queries.places import measure_places
from customers.profile.queries.sql import select_profile
from customers.profile.queries.windows import profile_windows
from customers.profile.services.build import PROFILE_TABLE, subscriber_blocks, tune_transaction
from retention.core.db import partitioned_tables

SNAPSHOT_TABLE = ProfileSnapshot._meta.db_table
SNAPSHOT_FIELDS = [field for field in fields.FIELDS.values() if field.area != Area.RISK]
SAMPLE_BLOCK = 2_000
COLUMNS = ", ".join(["subscriber_id", "as_of", "attributes", *(field.key for field in SNAPSHOT_FIELDS)])


def take_snapshot(*, as_of: date) -> int:
    """Keep the live profile of `as_of`. Running it twice changes nothing. Returns the rows added."""
    partitioned_tables.ensure_partitions(SNAPSHOT_TABLE, [as_of])
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {SNAPSHOT_TABLE} ({COLUMNS}) SELECT {COLUMNS} FROM {PROFILE_TABLE} WHERE as_of = %s"
            " ON CONFLICT DO NOTHING",
            [as_of],
        )
        return cursor.rowcount


def build_snapshot(*, as_of: date, sample: int = 0) -> int:
    """Build the snapshot of a past date from the facts as they stood then, for about `sample` lines (0: all).

    Nothing when it exists.
    """
    if ProfileSnapshot.objects.filter(as_of=as_of).exists():
        return 0
    partitioned_tables.ensure_partitions(SNAPSHOT_TABLE, [as_of])
    period = profile_windows(as_of)
    built = 0
    with transaction.atomic(), connection.cursor() as cursor:
        tune_transaction(cursor)
        shadows = point_in_time.shadow_tables(cursor, until=period.until)
        measure_places(cursor, period=period, shadows=shadows)
        select = select_profile(period, wanted=SNAPSHOT_FIELDS, shadows=shadows)
        for low, high in _sampled(sample):
            cursor.execute(
                f"INSERT INTO {SNAPSHOT_TABLE} ({COLUMNS}) SELECT {COLUMNS} FROM ({select}) built",
                period.params() | {"lo": low, "hi": high},
            )
            built += cursor.rowcount
    return built


def _sampled(sample: int) -> list[tuple[int, int]]:
    """Blocks of neighbouring lines, evenly spread and the same at every date: households and groups stay whole."""
    if not sample:
        return list(subscriber_blocks())
    small = list(subscriber_blocks(SAMPLE_BLOCK))
    wanted = max(1, sample // SAMPLE_BLOCK)
    return small[:: max(1, len(small) // wanted)][:wanted] if len(small) > wanted else small
