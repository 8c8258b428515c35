"""Rows that land before a delivery accepted earlier leave their keys for it; it leaves out what they have overtaken.

Which of two rows of a key is newer: where both carry a version the one of the higher, else the one accepted later. A
newer row takes only the fields that it gives; what it leaves out the older row may still set.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db.backends.utils import CursorWrapper

from customers.ingest.resources.base import Resource
from customers.ingest.services.acceptance import KEY_TABLE, Turn
from customers.ingest.services.upsert import located, q
from customers.ingest.validators.rows import Checked

FUTURE_DAYS = 2  # days of facts may lie ahead of the clock by less than this
# Bits of `KeyVersion.given`, as in the column `_absent` of the staging table: a row that gives all fields has all set.
EVERY_FIELD = -1
GIVEN = "~COALESCE(s._absent, 0)"


def key_sql(resource: Resource) -> str:
    """The key of a staged row `s` as `Checked.key_text` writes it."""
    return " || '~' || ".join(f"s.{q(name)}::text" for name in resource.key)


def record_keys(cursor: CursorWrapper, resource: Resource, turn: Turn) -> None:
    """Leave the keys of the staged rows for the older deliveries that are open; a whole row replaces what was left."""
    if turn.records_until is None:
        return
    condition, last_day = "", turn.records_until.date() + timedelta(days=FUTURE_DAYS)
    if resource.partition_field:  # they hold no days that had not come
        condition = f" WHERE s.{q(resource.partition_field)} <= %(last_day)s"
    cursor.execute(
        f"WITH replaced AS (DELETE FROM {KEY_TABLE} v USING {q(resource.stage)} s WHERE v.resource = %(resource)s"
        f" AND v.key = {key_sql(resource)} AND v.accepted < %(accepted)s AND {GIVEN} = {EVERY_FIELD}"
        " AND v.version IS NOT DISTINCT FROM s.source_version)"
        f" INSERT INTO {KEY_TABLE} (resource, key, accepted, version, given)"
        f" SELECT %(resource)s, {key_sql(resource)}, %(accepted)s, s.source_version, {GIVEN}"
        f" FROM {q(resource.stage)} s{condition} ORDER BY 2"
        f" ON CONFLICT (resource, key, accepted) DO UPDATE SET given = {KEY_TABLE}.given | EXCLUDED.given",
        {"resource": resource.name, "accepted": turn.accepted, "last_day": last_day},
    )


def leave_out_overtaken(cursor: CursorWrapper, checked: Checked, turn: Turn, parameters: Mapping[str, Any]) -> set[int]:
    """Take from the staged rows what newer ones gave. Returns the places of rows of which nothing is left.

    What is left of the others is staged with the stored values of the rest (`checked.overtaken_parts`).
    """
    resource = checked.resource
    mask = (1 << len(resource.optional)) - 1
    whole, parts = set(), {}
    for position, given, absent in _overtaken(cursor, checked, turn):
        if ~(given | absent) & mask:
            parts[position] = given & mask
        else:
            whole.add(position)
    if parts:
        _stage_rest(cursor, resource, parts, parameters)
        checked.overtaken_parts |= parts.keys()
    return whole


def _overtaken(cursor: CursorWrapper, checked: Checked, turn: Turn) -> list[tuple[int, int, int]]:
    """(place, fields that newer rows gave, fields that the row leaves out) of staged rows, and of those that wait
    already: these count as giving nothing more."""
    resource = checked.resource
    columns = f"_pos, {key_sql(resource)} AS key, source_version, COALESCE(_absent, 0) AS absent"
    staged = f"SELECT {columns} FROM {q(resource.stage)} s"
    waiting = "SELECT *, -1::bigint FROM unnest(%(positions)s::int[], %(keys)s::text[], %(versions)s::bigint[])"
    cursor.execute(
        f"SELECT s._pos, bit_or(v.given), s.absent FROM ({staged} UNION ALL {waiting}) s"
        f" JOIN {KEY_TABLE} v ON v.resource = %(resource)s AND v.key = s.key"
        " WHERE v.accepted > %(accepted)s AND NOT COALESCE(s.source_version > v.version, false)"
        " GROUP BY s._pos, s.absent",
        {
            "resource": resource.name,
            "accepted": turn.accepted,
            "positions": list(checked.waiting),
            "keys": [checked.key_text(position) for position in checked.waiting],
            "versions": [checked.version(position) for position in checked.waiting],
        },
    )
    return cursor.fetchall()


def _stage_rest(
    cursor: CursorWrapper, resource: Resource, parts: Mapping[int, int], parameters: Mapping[str, Any]
) -> None:
    """Of these staged rows keep the optional fields that no newer row gave; the others become what is stored."""
    place = {one.name: bit for bit, one in enumerate(resource.optional)}
    sets = []
    for one in resource.fields:
        if one.name in resource.key:
            continue
        value = f"t.{q(one.column)}"
        if (to := one.reference) is not None:
            value = f"(SELECT r.{q(to.key)} FROM {q(to.table)} r WHERE r.id = {value})"
        if one.name in place:
            value = f"CASE WHEN p.given & {1 << place[one.name]} <> 0 THEN {value} ELSE x.{q(one.name)} END"
        sets.append(f"{q(one.name)} = {value}")
    cursor.execute(
        f"UPDATE {q(resource.stage)} x SET {', '.join(sets)} FROM {located(resource)}"
        " JOIN unnest(%(places)s::int[], %(given)s::bigint[]) p(_pos, given) ON p._pos = s._pos WHERE x._pos = s._pos",
        {**parameters, "places": list(parts), "given": list(parts.values())},
    )
