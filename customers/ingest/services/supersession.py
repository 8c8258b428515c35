"""Waiting rows give way to newer rows of their key.

A newer row that gives all that the waiting one gave takes its place. Else the waiting row goes on waiting with what is
left of it, filled with what the newer one gave: it then lands as a row that is not older in any field.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from django.db import connection

from customers.ingest.models import QuarantinedRow
from customers.ingest.resources.base import Resource
from customers.ingest.services.acceptance import DELIVERY_TABLE, KEY_TABLE, ROW_TABLE, Turn
from customers.ingest.services.outcomes import Fate, RowOutcome
from customers.ingest.services.overtaking import EVERY_FIELD, key_sql
from customers.ingest.services.quarantine import raws_of
from customers.ingest.validators.rows import Checked

WAITING = QuarantinedRow.State.WAITING
# (id of a waiting row, place of the newer row in its chunk)
Pairs = Sequence[tuple[int, int]]


def supersede_waiting(checked: Checked, turn: Turn, *, source: str, whole: bool = False) -> list[RowOutcome]:
    """Let the older waiting rows of the staged keys give way to the rows of the chunk that landed.

    Of the same source, the rows before the chunk are the older ones. whole: the staged rows stand for all fields.
    """
    if not (turn.has_waiting and checked.good.any()):
        return []
    resource = checked.resource
    pairs = _locked_pairs(
        f'w.id, s._pos FROM {ROW_TABLE} w JOIN "{resource.stage}" s ON w.key = {key_sql(resource)}'
        " WHERE w.resource = %(resource)s AND (w.accepted < %(accepted)s"
        " OR w.accepted = %(accepted)s AND w.source = %(source)s AND w.row_no < %(first)s)"
        " AND NOT COALESCE(w.version > s.source_version, false)",
        {"resource": resource.name, "accepted": turn.accepted, "source": source, "first": checked.chunk.first},
    )
    return _give_way(checked, pairs, whole=whole or not checked.is_partial)


def supersede_older(checked: Checked, landed: Mapping[int, int]) -> list[RowOutcome]:
    """The same where waiting rows have landed themselves ({place in the chunk: id}, still in their table).

    Their keys are left for open deliveries as well.
    """
    given = EVERY_FIELD if not checked.is_partial else None
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {KEY_TABLE} (resource, key, accepted, version, given)"
            f" SELECT w.resource, w.key, w.accepted, w.version, COALESCE(%(given)s, ~COALESCE(s._absent, 0))"
            f" FROM unnest(%(places)s::int[], %(ids)s::bigint[]) p(_pos, id) JOIN {ROW_TABLE} w USING (id)"
            f' JOIN "{checked.resource.stage}" s USING (_pos)'
            f" WHERE w.key <> '' AND EXISTS (SELECT FROM {DELIVERY_TABLE} d"
            " WHERE d.resource = w.resource AND d.id < w.accepted) ORDER BY w.key, w.accepted"
            f" ON CONFLICT (resource, key, accepted) DO UPDATE SET given = {KEY_TABLE}.given | EXCLUDED.given",
            {"given": given, "places": list(landed), "ids": list(landed.values())},
        )
    pairs = _locked_pairs(
        f"w.id, p._pos FROM unnest(%(places)s::int[], %(ids)s::bigint[]) p(_pos, id) JOIN {ROW_TABLE} l ON l.id = p.id"
        f" JOIN {ROW_TABLE} w ON w.resource = l.resource AND w.key = l.key"
        " WHERE w.key <> '' AND w.accepted < l.accepted AND NOT COALESCE(w.version > l.version, false)",
        {"places": list(landed), "ids": list(landed.values())},
    )
    return _give_way(checked, pairs, whole=not checked.is_partial)


def _locked_pairs(select: str, parameters: Mapping[str, Any]) -> Pairs:
    """Waiting rows `w` with the place of the newer one, locked in the order of their ids."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {select} AND w.state = '{WAITING}' ORDER BY w.id FOR UPDATE OF w", parameters)
        return cursor.fetchall()


def _give_way(checked: Checked, pairs: Pairs, *, whole: bool) -> list[RowOutcome]:
    if not pairs:
        return []
    rows = QuarantinedRow.objects.in_bulk([pk for pk, _position in pairs])
    raws = {} if whole else raws_of(checked, [position for _pk, position in pairs], longest=None)
    gone, filled = [], []
    for pk, position in pairs:
        row = rows[pk]
        if whole or not _fill(row, checked, position, orjson.loads(raws[position])):
            gone.append(row)
        else:
            filled.append(row)
    QuarantinedRow.objects.bulk_update(filled, ["raw", "version", "field", "waits_for", "waits_key"])
    QuarantinedRow.objects.filter(pk__in=[row.pk for row in gone]).delete()
    return [RowOutcome(row.source, row.row_no, Fate.UNCHANGED) for row in gone]


def _fill(row: QuarantinedRow, checked: Checked, position: int, newer: dict[str, Any]) -> bool:
    """Fill a waiting row with what the newer one gives. False when nothing of it is left."""
    resource = checked.resource
    given = {name: value for name, value in newer.items() if value is not None or not _needs_value(resource, name)}
    if not row.raw.keys() - given.keys() - {*resource.key, "source_version"}:
        return False
    if row.field in given:  # what it waited for no longer matters: it lands at the next look
        there = next((one for one in resource.references if one.required), None)
        if there is None:
            return False
        row.field, row.waits_for = there.name, there.reference.resource
        row.waits_key = checked.values[there.name][position].as_py()
    row.raw |= given
    row.version = checked.version(position) or row.version
    return True


def _needs_value(resource: Resource, name: str) -> bool:
    """Whether only a value changes the field, so that a blank gives nothing."""
    one = resource.by_name.get(name)
    return one is not None and one.explicit
