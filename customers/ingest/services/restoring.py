"""Putting back what a source replaced: all columns of the stored rows become what they were before it.

What the profile reads of the values that go is kept as history, as for any other change, and the hooks of the resource
run: a consent that stands again is published.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db.backends.utils import CursorWrapper

from customers.facts.models import ANY_PROFILE_SQL
from customers.fields.history import history_columns_by_table
from customers.ingest.models import ReplacedRow
from customers.ingest.resources.base import Resource, columns_of
from customers.ingest.services.removal import key_columns
from customers.ingest.services.upsert import PAST_VALUE_TABLE, q, stage_table

TABLE = ReplacedRow._meta.db_table


def restore(cursor: CursorWrapper, resource: Resource, records: Sequence[int], *, now: datetime) -> list[int]:
    """Restore the rows of these ReplacedRow ids. Returns the ids whose row would refer to something gone: those stay.

    The caller holds the resource (`removal.lock_for_removal`) and knows that nobody changed the rows since.
    """
    gone = _without_reference(cursor, resource, records)
    restored = [one for one in records if one not in set(gone)]
    if restored:
        _stage(cursor, resource, restored)
        if resource.before:
            resource.before(cursor, now)
        cursor.execute(_update(resource), {"records": restored, "now": now})
        cursor.execute(
            f"UPDATE {TABLE} r SET restored_by = t.xmin::text FROM {_old(resource, 'w')} JOIN {_current(resource)}"
            " WHERE w.id = r.id AND r.id = ANY(%s)",
            [restored],
        )
        if resource.after:
            resource.after(cursor, now)
    return gone


def _old(resource: Resource, record: str = "r") -> str:
    """FROM: records with their old row `o`, in the types of the table."""
    row = f"jsonb_populate_record(NULL::{q(resource.table)}, {record}.was)"
    return f"{TABLE} {record} CROSS JOIN LATERAL {row} o"


def _current(resource: Resource) -> str:
    same_key = " AND ".join(f"t.{q(column)} = o.{q(column)}" for column in key_columns(resource))
    return f"{q(resource.table)} t ON {same_key}"


def _references(resource: Resource) -> str:
    return "".join(
        f" LEFT JOIN {q(one.reference.table)} {q('r_' + one.name)} ON {q('r_' + one.name)}.id = o.{q(one.column)}"
        for one in resource.references
    )


def _without_reference(cursor: CursorWrapper, resource: Resource, records: Sequence[int]) -> list[int]:
    if not resource.references:
        return []
    lacking = " OR ".join(
        f"o.{q(one.column)} IS NOT NULL AND {q('r_' + one.name)}.id IS NULL" for one in resource.references
    )
    cursor.execute(
        f"SELECT r.id FROM {_old(resource)}{_references(resource)} WHERE r.id = ANY(%s) AND ({lacking})",
        [list(records)],
    )
    return [found for (found,) in cursor.fetchall()]


def _stage(cursor: CursorWrapper, resource: Resource, records: Sequence[int]) -> None:
    """The old rows as they were sent: what the hooks of the resource read."""
    stage_table(resource).create(cursor)
    fields = columns_of(resource)
    values = [
        f"{q('r_' + one.name)}.{q(one.reference.key)}" if one.reference else f"o.{q(one.column)}" for one in fields
    ]
    cursor.execute(
        f"INSERT INTO {q(resource.stage)} (_pos, {', '.join(q(one.name) for one in fields)})"
        f" SELECT row_number() OVER (ORDER BY r.id) - 1, {', '.join(values)}"
        f" FROM {_old(resource)}{_references(resource)} WHERE r.id = ANY(%s)",
        [list(records)],
    )


def _update(resource: Resource) -> str:
    kept = [field.column for field in resource.model._meta.local_concrete_fields if field.column]
    sets = [f"{q(column)} = o.{q(column)}" for column in kept if column not in {"id", *key_columns(resource)}]
    same_key = " AND ".join(f"t.{q(column)} = o.{q(column)}" for column in key_columns(resource))
    return (
        f"{_history(resource)} UPDATE {q(resource.table)} t SET {', '.join(sets)}"
        f" FROM {_old(resource)} WHERE r.id = ANY(%(records)s) AND {same_key}"
    )


def _history(resource: Resource) -> str:
    """WITH: what is replaced now, of the columns whose past the profile needs; "" when there are none."""
    columns = history_columns_by_table().get(resource.table, ())
    if not columns:
        return ""
    pairs = ", ".join(f"('{column}', to_jsonb(t.{q(column)}), to_jsonb(o.{q(column)}))" for column in columns)
    return (
        f'WITH kept AS (INSERT INTO {q(PAST_VALUE_TABLE)} ("table", "row", "column", was, until)'
        f" SELECT '{resource.table}', t.id, p.\"column\", p.was, %(now)s"
        f" FROM {_old(resource)} JOIN {_current(resource)}"
        f' CROSS JOIN LATERAL (VALUES {pairs}) AS p("column", was, becomes)'
        f" WHERE r.id = ANY(%(records)s) AND p.was IS DISTINCT FROM p.becomes AND {ANY_PROFILE_SQL})"
    )
