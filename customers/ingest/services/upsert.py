"""The SQL of landing staged rows: insert what is new, find what refers to nothing known, update what differs.

Three statements instead of one INSERT ... ON CONFLICT DO UPDATE, because that one writes (a lock) to every row it meets
even when it changes nothing. Here rows sent again are only read, and new rows cost what a plain INSERT costs.
What an update replaces in columns that the profile reads is kept (PastValue) by the same statement: unchanged rows
cost nothing more. Rows are inserted and locked in key order. So two loaders of the same rows queue up and never
deadlock: the first statement waits only for inserters, the last only for updaters further on in the same order.
"""

from dataclasses import dataclass
from functools import cache

from customers.facts.models import ANY_PROFILE_SQL, PastValue
from customers.fields.history import history_columns_by_table
from customers.ingest.resources.base import Field, ReferenceField, Resource, columns_of
from retention.core.db.temporary_tables import REUSED, TemporaryTable

PAST_VALUE_TABLE = PastValue._meta.db_table
# The stored rows that an update has replaced, for the transaction: their place in the chunk and all columns.
REPLACED = TemporaryTable("replaced_rows", {"_pos": "integer", "was": "jsonb", "was_by": "text"}, on_commit=REUSED)
KEEP_ROWS = f", kept_rows AS (INSERT INTO {REPLACED} SELECT _pos, was_row, was_by FROM newer)"


def q(name: str) -> str:
    return f'"{name}"'


@dataclass(frozen=True)
class Statements:
    """All SQL of one resource; made once. All but `insert` and `missing` have parameters low and high when the table is
    partitioned; the updates have `now`, the time of the load."""

    broken: str
    nothing_new: str
    insert: str
    missing: str
    update: str
    update_keeping: str
    changed: str
    same: str


@cache
def statements(resource: Resource, *, partial: bool = False) -> Statements:
    """partial: some staged row leaves out a field, which keeps what is stored (the column `_absent` says which)."""
    becomes = _becomes(resource) if partial else _values(resource)
    return Statements(
        _broken(resource, becomes) if partial else "",
        _nothing_new(resource, becomes),
        _insert(resource),
        _missing(resource),
        _update(resource, becomes),
        _update(resource, becomes, keeps=True),
        _changed(resource),
        _same(resource, becomes),
    )


@cache
def stage_table(resource: Resource) -> TemporaryTable:
    """Where checked rows are put before they land: `_pos`, their place in the chunk, `_absent`, and all fields."""
    columns = {"_pos": "integer", "_absent": "bigint"} | {f.name: f.kind.sql for f in columns_of(resource)}
    return TemporaryTable(resource.stage, columns, on_commit=REUSED)


def _alias(one: Field) -> str:
    return q(f"r_{one.name}")


def _join(one: ReferenceField, kind: str) -> str:
    to = one.reference
    return f"{kind} {q(to.table)} {_alias(one)} ON {_alias(one)}.{q(to.key)} = s.{q(one.name)}"


def _staged(resource: Resource) -> str:
    """FROM: the staged rows with what they refer to; `_complete` leaves out those that refer to something unknown."""
    joins = (_join(f, "JOIN" if f.required else "LEFT JOIN") for f in resource.references)
    return f"{q(resource.stage)} s {' '.join(joins)}"


def _complete(resource: Resource) -> str:
    optional = [f for f in resource.references if not f.required]
    tests = [f"(s.{q(f.name)} IS NULL OR {_alias(f)}.id IS NOT NULL)" for f in optional]
    return " AND ".join(tests) or "true"


def _values(resource: Resource) -> dict[str, str]:
    """{column of the table: expression over the staged rows}."""
    fields = columns_of(resource)
    return {f.column: f"{_alias(f)}.id" if f.reference else f"s.{q(f.name)}" for f in fields} | dict(resource.fixed)


def _becomes(resource: Resource) -> dict[str, str]:
    """{column of the table: expression over the staged row and `t`, the stored one}: what a partial row makes of it."""
    values = _values(resource)
    for place, one in enumerate(resource.optional):
        kept = f"s._absent & {1 << place} <> 0 AND t.{q(_key(resource)[0])} IS NOT NULL"
        values[one.column] = f"CASE WHEN {kept} THEN t.{q(one.column)} ELSE {values[one.column]} END"
    return values


def _broken(resource: Resource, becomes: dict[str, str]) -> str:
    """(_pos, place of the check) of staged rows that break a check with what they keep; "" when none can."""
    optional = {one.name for one in resource.optional}
    merged = {one.name: becomes[one.column] for one in resource.fields}
    tests = {
        place: check.broken(merged)
        for place, check in enumerate(resource.checks)
        if optional.intersection(check.fields)
    }
    if not tests:
        return ""
    which = " ".join(f"WHEN {test} THEN {place}" for place, test in tests.items())
    joins = " ".join(_join(f, "LEFT JOIN") for f in resource.references)
    return (
        f"SELECT * FROM (SELECT s._pos, CASE {which} END AS place FROM {q(resource.stage)} s {joins}"
        f" LEFT JOIN {q(resource.table)} t ON {_on_key(resource)} WHERE s._absent <> 0"
        f" AND ({_not_older(becomes)}) IS NOT FALSE) found WHERE place IS NOT NULL"
    )


def _key(resource: Resource) -> list[str]:
    return [resource.by_name[name].column for name in resource.key]


def _insert(resource: Resource) -> str:
    values, key = _values(resource), _key(resource)
    inserted = values | dict(resource.initial)
    return (
        f"INSERT INTO {q(resource.table)} ({', '.join(map(q, inserted))})"
        f" SELECT {', '.join(inserted.values())} FROM {_staged(resource)} WHERE {_complete(resource)}"
        f" ORDER BY {', '.join(values[column] for column in key)}"
        f" ON CONFLICT ({', '.join(map(q, key))}) DO NOTHING"
    )


def _nothing_new(resource: Resource, values: dict[str, str]) -> str:
    """Whether every staged row equals the stored one: stops at the first that does not."""
    key = _key(resource)
    joins = " ".join(_join(f, "LEFT JOIN") for f in resource.references)
    on_key, compared = _on_key(resource), _compared(resource)
    return (
        f"SELECT NOT EXISTS (SELECT FROM {q(resource.stage)} s {joins} LEFT JOIN {q(resource.table)} t ON {on_key}"
        f" WHERE t.{q(key[0])} IS NULL OR NOT ({_complete(resource)}) OR {_differs(values, compared)})"
    )


def _missing(resource: Resource) -> str:
    """(_pos, field) of staged rows whose reference is not there; "" for a resource that refers to nothing."""
    if not resource.references:
        return ""
    lacking = {f.name: f"(s.{q(f.name)} IS NOT NULL AND {_alias(f)}.id IS NULL)" for f in resource.references}
    which = " ".join(f"WHEN {test} THEN '{name}'" for name, test in lacking.items())
    joins = " ".join(_join(f, "LEFT JOIN") for f in resource.references)
    return f"SELECT s._pos, CASE {which} END FROM {q(resource.stage)} s {joins} WHERE {' OR '.join(lacking.values())}"


def _update(resource: Resource, values: dict[str, str], *, keeps: bool = False) -> str:
    """Update rows that differ from the stored ones and are not older. keeps: those go to `REPLACED`.

    `newer` locks them in key order; the UPDATE checks again whether they differ, in case it had to wait for another.
    """
    key, compared = _key(resource), _compared(resource)
    same_key = " AND ".join(f"t.{q(column)} = newer.{q(column)}" for column in key) + _within(resource)
    sets = [f"{q(column)} = newer.{q(column)}" for column in compared]
    sets.append("source_version = COALESCE(newer.source_version, t.source_version)")
    selected = ", ".join(f"{values[column]} AS {q(column)}" for column in values)
    replaced = _replaced(resource, compared)
    selected += "".join(
        f", t.{q(column)} AS {q('was_' + column)}" for column in [*replaced, *(["id"] if replaced else [])]
    )
    if keeps:
        selected += ", s._pos, to_jsonb(t) AS was_row, t.xmin::text AS was_by"
    kept_rows = KEEP_ROWS if keeps else ""
    return (
        f"WITH newer AS MATERIALIZED (SELECT {selected} FROM {_staged(resource)}"
        f" JOIN {q(resource.table)} t ON {_on_key(resource)}"
        f" WHERE {_complete(resource)} AND {_differs(values, compared)}"
        f" ORDER BY {', '.join(values[column] for column in key)} FOR NO KEY UPDATE OF t)"
        f"{_keep(resource, replaced)}{kept_rows} UPDATE {q(resource.table)} t SET {', '.join(sets)}"
        f" FROM newer WHERE {same_key}"
        f" AND {_differs({column: f'newer.{q(column)}' for column in values}, compared)}"
    )


def _changed(resource: Resource) -> str:
    """_pos of the staged rows that were inserted or updated by the transaction, or savepoint, that staged them."""
    on_key = _on_key(resource)
    return f"SELECT s._pos FROM {_staged(resource)} JOIN {q(resource.table)} t ON {on_key} WHERE t.xmin = s.xmin"


def _same(resource: Resource, values: dict[str, str]) -> str:
    """_pos of the staged rows that say what is stored, whatever their version."""
    compared = _compared(resource)
    kept, given = ", ".join(f"t.{q(c)}" for c in compared), ", ".join(values[c] for c in compared)
    on_key = _on_key(resource)
    return (
        f"SELECT s._pos FROM {_staged(resource)} JOIN {q(resource.table)} t ON {on_key}"
        f" WHERE ROW({kept}) IS NOT DISTINCT FROM ROW({given})"
    )


def located(resource: Resource) -> str:
    """FROM: the staged rows `s`, of which only the key need be there, with the stored rows `t` of their keys."""
    joins = [_join(f, "JOIN") for f in resource.references if f.name in resource.key]
    return f"{q(resource.stage)} s {' '.join(joins)} JOIN {q(resource.table)} t ON {_on_key(resource)}"


def _replaced(resource: Resource, compared: list[str]) -> list[str]:
    """The columns whose old values are kept."""
    return [column for column in history_columns_by_table().get(resource.table, ()) if column in compared]


def _keep(resource: Resource, replaced: list[str]) -> str:
    if not replaced:
        return ""
    pairs = ", ".join(f"('{c}', to_jsonb(newer.{q('was_' + c)}), to_jsonb(newer.{q(c)}))" for c in replaced)
    return (
        f', kept AS (INSERT INTO {q(PAST_VALUE_TABLE)} ("table", "row", "column", was, until)'
        f" SELECT '{resource.table}', newer.was_id, p.\"column\", p.was, %(now)s FROM newer"
        f' CROSS JOIN LATERAL (VALUES {pairs}) AS p("column", was, becomes)'
        f" WHERE p.was IS DISTINCT FROM p.becomes AND {ANY_PROFILE_SQL})"
    )


def _compared(resource: Resource) -> list[str]:
    return [column for column in _values(resource) if column not in {*_key(resource), "source_version"}]


def _on_key(resource: Resource) -> str:
    """Condition: `t` is the stored row of a staged one."""
    values = _values(resource)
    return " AND ".join(f"t.{q(column)} = {values[column]}" for column in _key(resource)) + _within(resource)


def _within(resource: Resource) -> str:
    """Only the partitions concerned."""
    if not resource.partition_field:
        return ""
    return f" AND t.{q(resource.by_name[resource.partition_field].column)} BETWEEN %(low)s AND %(high)s"


def _differs(new: dict[str, str], compared: list[str]) -> str:
    """Condition: the new values are not older than the stored row `t` and differ from it (a newer version does)."""
    version = new["source_version"]
    kept, values = ", ".join(f"t.{q(c)}" for c in compared), ", ".join(new[c] for c in compared)
    return (
        f"({_not_older(new)})"
        f" AND (ROW({kept}) IS DISTINCT FROM ROW({values})"
        f" OR {version} > t.source_version OR ({version} IS NOT NULL AND t.source_version IS NULL))"
    )


def _not_older(new: dict[str, str]) -> str:
    version = new["source_version"]
    return f"{version} IS NULL OR t.source_version IS NULL OR {version} >= t.source_version"
