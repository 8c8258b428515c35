"""Which of two rows of one key is newer, where they do not land in the order in which they were accepted.

Both carry a version: the one of the higher version. Else the one that was accepted later.
"""

from collections.abc import Collection
from datetime import timedelta

from django.db import connection
from django.db.backends.utils import CursorWrapper

from customers.ingest.models import QuarantinedRow
from customers.ingest.resources.base import Resource
from customers.ingest.services.acceptance import DELIVERY_TABLE, KEY_TABLE, ROW_TABLE, Turn
from customers.ingest.services.outcomes import Fate, RowOutcome
from customers.ingest.validators.rows import Checked

FUTURE_DAYS = 2  # days of facts may lie ahead of the clock by less than this
WAITING = QuarantinedRow.State.WAITING
_LATER_WINS = (
    " ON CONFLICT (resource, key) DO UPDATE SET accepted = EXCLUDED.accepted, version = EXCLUDED.version"
    f" WHERE {KEY_TABLE}.accepted < EXCLUDED.accepted"
)


def key_sql(resource: Resource) -> str:
    """The key of a staged row `s` as `Checked.key_text` writes it."""
    return " || '~' || ".join(f's."{name}"::text' for name in resource.key)


def overtaken_positions(cursor: CursorWrapper, checked: Checked, turn: Turn) -> list[int]:
    """Positions of staged rows, and of rows that wait already, of which a newer row has landed."""
    staged = f'SELECT _pos, {key_sql(checked.resource)} AS key, source_version FROM "{checked.resource.stage}" s'
    waiting = "SELECT * FROM unnest(%(positions)s::int[], %(keys)s::text[], %(versions)s::bigint[])"
    cursor.execute(
        f"SELECT s._pos FROM ({staged} UNION ALL {waiting}) s"
        f" JOIN {KEY_TABLE} v ON v.resource = %(resource)s AND v.key = s.key"
        " WHERE v.accepted > %(accepted)s AND NOT COALESCE(s.source_version > v.version, false)",
        {
            "resource": checked.resource.name,
            "accepted": turn.accepted,
            "positions": list(checked.waiting),
            "keys": [checked.key_text(position) for position in checked.waiting],
            "versions": [checked.version(position) for position in checked.waiting],
        },
    )
    return [position for (position,) in cursor.fetchall()]


def record_keys(cursor: CursorWrapper, resource: Resource, turn: Turn) -> None:
    """Leave the keys of the staged rows for the older deliveries that are open."""
    if turn.records_until is None:
        return
    condition, last_day = "", turn.records_until.date() + timedelta(days=FUTURE_DAYS)
    if resource.partition_field:  # they hold no days that had not come
        condition = f' WHERE s."{resource.partition_field}" <= %(last_day)s'
    cursor.execute(
        f"INSERT INTO {KEY_TABLE} (resource, key, accepted, version)"
        f" SELECT %(resource)s, {key_sql(resource)}, %(accepted)s, s.source_version"
        f' FROM "{resource.stage}" s{condition} ORDER BY 2{_LATER_WINS}',
        {"resource": resource.name, "accepted": turn.accepted, "last_day": last_day},
    )


def supersede_waiting(checked: Checked, turn: Turn, *, source: str) -> list[RowOutcome]:
    """Drop the older waiting rows in whose place a row of the chunk has landed. The caller holds the turn.

    Of the same source, the rows before the chunk are the older ones.
    """
    if not (turn.has_waiting and checked.good.any()):
        return []
    resource = checked.resource
    return _drop(
        f'{ROW_TABLE} w JOIN "{resource.stage}" s ON w.key = {key_sql(resource)} WHERE w.resource = %(resource)s'
        " AND (w.accepted < %(accepted)s"
        " OR w.accepted = %(accepted)s AND w.source = %(source)s AND w.row_no < %(first)s)"
        " AND NOT COALESCE(w.version > s.source_version, false)",
        {"resource": resource.name, "accepted": turn.accepted, "source": source, "first": checked.chunk.first},
    )


def supersede_older(landed: Collection[int]) -> list[RowOutcome]:
    """The same where waiting rows have landed themselves (ids, still in their table); their keys are left as well."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {KEY_TABLE} (resource, key, accepted, version)"
            f" SELECT resource, key, accepted, version FROM {ROW_TABLE} w WHERE id = ANY(%s) AND key <> ''"
            f" AND EXISTS (SELECT FROM {DELIVERY_TABLE} d WHERE d.resource = w.resource AND d.id < w.accepted)"
            f" ORDER BY key{_LATER_WINS}",
            [list(landed)],
        )
    return _drop(
        f"{ROW_TABLE} w JOIN {ROW_TABLE} l ON l.resource = w.resource AND l.key = w.key"
        " WHERE l.id = ANY(%(landed)s) AND w.key <> '' AND w.accepted < l.accepted"
        " AND NOT COALESCE(w.version > l.version, false)",
        {"landed": list(landed)},
    )


def _drop(which: str, parameters: dict) -> list[RowOutcome]:
    """Delete waiting rows `w` in the order of their ids, so that two who meet the same ones do not deadlock."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {ROW_TABLE} WHERE id IN (SELECT w.id FROM {which} AND w.state = '{WAITING}'"
            " ORDER BY w.id FOR UPDATE OF w) RETURNING source, row_no",
            parameters,
        )
        return [RowOutcome(source, row_no, Fate.UNCHANGED) for source, row_no in cursor.fetchall()]
