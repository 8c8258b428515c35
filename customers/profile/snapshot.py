"""Profiles as they stood at month ends: copied from the live one on the night, or built back for dates before go-live."""

from datetime import date

from django.db import connection, transaction

from customers import fields
from customers.fields import Area
from customers.models import ProfileSnapshot
from customers.profile.build import BLOCK, TABLE, _tune, blocks
from customers.profile.sql import select_profile
from customers.profile.windows import windows
from retention.core import partitions

SNAPSHOT = ProfileSnapshot._meta.db_table
KEPT = [field for field in fields.FIELDS.values() if field.area != Area.RISK]
COLUMNS = ", ".join(["subscriber_id", "as_of", "attributes", *(field.key for field in KEPT)])


def take_snapshot(*, as_of: date) -> int:
    """Keep the live profile of `as_of`. Running it twice changes nothing. Returns the rows added."""
    partitions.ensure(SNAPSHOT, [as_of])
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {SNAPSHOT} ({COLUMNS}) SELECT {COLUMNS} FROM {TABLE} WHERE as_of = %s ON CONFLICT DO NOTHING",
            [as_of],
        )
        return cursor.rowcount


def build_snapshot(*, as_of: date, sample: int = 0) -> int:
    """Build the snapshot of a past date from the facts, for about `sample` lines (0: all). Nothing when it exists."""
    if ProfileSnapshot.objects.filter(as_of=as_of).exists():
        return 0
    partitions.ensure(SNAPSHOT, [as_of])
    period = windows(as_of)
    select = select_profile(period, wanted=KEPT)
    ranges = list(blocks())
    keep = _sample_condition(sample, len(ranges) * BLOCK)
    built = 0
    with transaction.atomic(), connection.cursor() as cursor:
        _tune(cursor)
        for low, high in ranges:
            cursor.execute(
                f"INSERT INTO {SNAPSHOT} ({COLUMNS}) SELECT {COLUMNS} FROM ({select}) built WHERE {keep}",
                period.params() | {"lo": low, "hi": high},
            )
            built += cursor.rowcount
    return built


def _sample_condition(sample: int, lines: int) -> str:
    """A stable share of the lines, the same ones at every date."""
    if not sample or sample >= lines:
        return "true"
    return f"abs(hashint8(subscriber_id)) %% 10000 < {int(10_000 * sample / lines)}"
