"""The suppressions of this database as lines of JSON. Read-only."""

from collections.abc import Iterator
from datetime import date

from django.db import connection, transaction

from customers.suppressions.rules import KINDS

ROWS_AT_ONCE = 20_000


def suppressions(*, today: date) -> Iterator[str]:
    """A line a row, of all kinds. today: list entries that ended before it are left out."""
    for kind in KINDS.values():
        row = f"jsonb_build_object('kind', '{kind.name}') || to_jsonb(found)"
        with transaction.atomic(), connection.chunked_cursor() as cursor:
            cursor.execute(f"SELECT ({row})::text FROM ({kind.export}) found", {"today": today})
            while rows := cursor.fetchmany(ROWS_AT_ONCE):
                yield from (line for (line,) in rows)
