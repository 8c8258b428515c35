"""Applying a suppression file: the good rows land, the others are named; the same file again changes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import pyarrow as pa
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils import timezone
from django.utils.translation import gettext as _

from customers.suppressions.rules import KINDS, Kind
from retention.core.db.copy import copy_in
from retention.core.db.temporary_tables import TemporaryTable
from retention.core.errors import Conflict
from retention.core.restores.services import allow_sending

STAGED = TemporaryTable("suppressions_staged", {"line": "bigint", "text": "text", "body": "jsonb"})
REJECTED = TemporaryTable("suppressions_rejected", {"line": "bigint", "field": "text", "code": "text"})
REJECTED_SHOWN = 1_000


@dataclass
class Applied:
    """applied: rows landed, by kind; rows that were there already count nowhere. rejected: all of them.

    rejections: [{"row", "field", "code"}], the first REJECTED_SHOWN. Codes: not_json, unknown_kind, required, invalid,
    unknown (nothing has that number or name).
    """

    rows: int = 0
    applied: dict[str, int] = field(default_factory=dict)
    rejected: int = 0
    rejections: list[dict] = field(default_factory=list)


@transaction.atomic
def apply_suppressions(*, lines: Sequence[str], now: datetime, accept_rejected: bool = False) -> Applied:
    """Land the rows of a file (`queries.suppressions`) and allow sending again on this server.

    While rows are rejected, the good ones land but sending stays held, unless `accept_rejected`.
    """
    result = Applied(rows=len(lines))
    with connection.cursor() as cursor:
        _stage(cursor, lines)
        for kind in KINDS.values():
            _type(cursor, kind)
            cursor.execute(kind.apply.replace("{rows}", str(kind.table)), {"today": timezone.localtime(now).date()})
            result.applied[kind.name] = cursor.rowcount
        cursor.execute(
            f"SELECT line, field, code, count(*) OVER () FROM {REJECTED} ORDER BY line LIMIT {REJECTED_SHOWN}"
        )
        for line, name, code, rejected in cursor.fetchall():
            result.rejected = rejected
            result.rejections.append({"row": line, "field": name, "code": code})
    if not result.rejected or accept_rejected:
        allow_sending(now=now, rows=result.rows, applied=result.applied, rejected=result.rejected)
    return result


def allow_without_suppressions(*, reason: str, now: datetime) -> None:
    """Allow sending where nothing can be newer than the database: a failover without loss, a move, an upgrade."""
    if not reason.strip():
        raise Conflict(_("Say why there is nothing to apply."), code="reason_missing")
    allow_sending(now=now, reason=reason.strip()[:200])


def _stage(cursor: CursorWrapper, lines: Sequence[str]) -> None:
    """Read each line as JSON; those that are none, or of no known kind, are rejected."""
    STAGED.create(cursor)
    REJECTED.create(cursor)
    texts = pa.array([line.replace("\x00", "\ufffd") for line in lines], pa.string())
    copy_in(cursor, STAGED.name, pa.table({"line": pa.array(range(1, len(lines) + 1), pa.int64()), "text": texts}))
    cursor.execute(f"UPDATE {STAGED} SET body = text::jsonb WHERE pg_input_is_valid(text, 'jsonb')")
    cursor.execute(
        f"""
        INSERT INTO {REJECTED}
        SELECT line, 'kind', CASE WHEN jsonb_typeof(body) = 'object' THEN 'unknown_kind' ELSE 'not_json' END
        FROM {STAGED} WHERE (jsonb_typeof(body) = 'object' AND body ->> 'kind' = ANY(%(kinds)s)) IS NOT TRUE
        """,
        {"kinds": list(KINDS)},
    )


def _type(cursor: CursorWrapper, kind: Kind) -> None:
    """The rows of the kind with their values as they are stored, in the kind's own table; the others are rejected."""
    checks = " ".join(_checks(kind))
    values = ", ".join(f"(body ->> '{name}')::{type_} AS \"{name}\"" for name, type_ in kind.fields.items())
    mine = f"FROM {STAGED} s WHERE jsonb_typeof(body) = 'object' AND body ->> 'kind' = '{kind.name}'"
    cursor.execute(
        f"""
        INSERT INTO {REJECTED}
        SELECT line, split_part(problem, ' ', 1), split_part(problem, ' ', 2)
        FROM (SELECT line, CASE {checks} END AS problem {mine}) judged WHERE problem IS NOT NULL
        """
    )
    good = f"SELECT line, body {mine} AND NOT EXISTS (SELECT FROM {REJECTED} x WHERE x.line = s.line)"
    kind.table.create_as(
        cursor,
        f"""
        WITH good AS MATERIALIZED ({good}), typed AS (SELECT line, {values} FROM good)
        SELECT typed.*, owner.id AS owner_id
        FROM typed LEFT JOIN {kind.owner} owner ON owner.{kind.owner_key} = typed.{kind.owner_key}
        """,
    )
    if not kind.access:
        unknown = f"SELECT line, '{kind.owner_key}', 'unknown' FROM {kind.table} WHERE owner_id IS NULL"
        cursor.execute(f"INSERT INTO {REJECTED} {unknown}")
    cursor.execute(f"DELETE FROM {kind.table} WHERE owner_id IS NULL")


def _checks(kind: Kind) -> list[str]:
    """Arms of a CASE that give "field code" for the first field that cannot be stored."""
    arms = []
    for name, type_ in kind.fields.items():
        value = f"(body ->> '{name}')"
        if name not in kind.optional:
            arms.append(f"WHEN {value} IS NULL THEN '{name} required'")
        arms.append(f"WHEN NOT pg_input_is_valid({value}, '{type_}') THEN '{name} invalid'")
        if words := (kind.words or {}).get(name):
            listed = ", ".join(f"'{word}'" for word in words)
            arms.append(f"WHEN {value} NOT IN ({listed}) THEN '{name} invalid'")
    return arms
