"""Rows that could not land, written with their reason; replaced when their source is read again."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

import orjson
import pyarrow as pa
from django.db import connection

from customers.ingest import text
from customers.ingest.chunks import Origin
from customers.ingest.models import QuarantinedRow
from customers.ingest.resources.base import Resource
from customers.ingest.validators.rows import Checked, Problem
from retention.core.db.copy import copy_in

TABLE = QuarantinedRow._meta.db_table
LONGEST_VALUE = 4_000


def replace(resource: Resource, checked: Checked, *, source: str, accepted: int, now: datetime) -> None:
    """Write what is wrong with this chunk, in place of what an earlier reading of the same rows left."""
    chunk = checked.chunk
    QuarantinedRow.objects.filter(
        resource=resource.name, source=source, row_no__gte=chunk.first, row_no__lte=chunk.last
    ).delete()
    add(resource, checked, Origin(source, accepted, now))


def add(resource: Resource, checked: Checked, origin: Origin) -> None:
    """Write rejected and waiting rows, each under its source and row number. origin: of rows without their own."""
    with text.in_english():
        entries = [*_rejected(checked), *_waiting(resource, checked)]
    if not entries:
        return
    rows = []
    for entry in entries:
        position = entry.pop("position")
        own = checked.chunk.origins[position] if checked.chunk.origins and position >= 0 else origin
        place = {"source": own.source, "accepted": own.accepted, "created_at": own.since}
        rows.append(entry | place | {"resource": resource.name})
    with connection.cursor() as cursor:
        copy_in(cursor, TABLE, pa.Table.from_pylist(rows))


def keep(checked: Checked, kept: Mapping[int, str], *, source: str, now: datetime) -> None:
    """Write why rows of a source that was taken back stay. kept: {place in the chunk: code}."""
    raws = raws_of(checked, list(kept))
    with text.in_english():
        rows = [
            _entry(_problem(checked, position, code), QuarantinedRow.State.KEPT, raws[position])
            for position, code in sorted(kept.items())
        ]
    for row in rows:
        row.pop("position")
        row |= {"resource": checked.resource.name, "source": source, "accepted": 0, "created_at": now}
    if rows:
        with connection.cursor() as cursor:
            copy_in(cursor, TABLE, pa.Table.from_pylist(rows))


def _problem(checked: Checked, position: int, code: str) -> Problem:
    row = int(checked.chunk.rows[position])
    return Problem(position, row, "", code, text.format_problem(code, row, value=checked.key_text(position)))


def _rejected(checked: Checked) -> Iterator[dict[str, Any]]:
    raws = raws_of(checked, [p.position for p in checked.problems])
    for problem in checked.problems:
        raw = raws[problem.position] if problem.position >= 0 else _as_json({"line": problem.raw})
        yield _entry(problem, QuarantinedRow.State.REJECTED, raw)


def _waiting(resource: Resource, checked: Checked) -> Iterator[dict[str, Any]]:
    raws = raws_of(checked, list(checked.waiting), longest=None)
    targets = {f.name: f.reference.resource for f in resource.references}
    for position, name in checked.waiting.items():
        row, key = int(checked.chunk.rows[position]), checked.values[name][position].as_py()
        message = text.format_problem("unknown_reference", row, field=name, value=key)
        problem = Problem(position, row, name, "unknown_reference", message)
        entry = _entry(problem, QuarantinedRow.State.WAITING, raws[position])
        own = {"key": checked.key_text(position), "version": checked.version(position)}
        yield entry | own | {"waits_for": targets[name], "waits_key": key}


def _entry(problem: Problem, state: str, raw: str) -> dict[str, Any]:
    return {
        "position": problem.position,
        "row_no": problem.row,
        "state": state,
        "field": problem.field[:60],
        "code": problem.code,
        "message": problem.message,
        "raw": raw,
        "waits_for": "",
        "waits_key": "",
        "key": "",
        "version": None,
    }


def raws_of(checked: Checked, positions: list[int], *, longest: int | None = LONGEST_VALUE) -> dict[int, str]:
    """The rows at these positions as JSON objects of texts, as they would be sent again; null for a blank.

    Values are cut at `longest`.
    """
    wanted = sorted({p for p in positions if p >= 0})
    rows = checked.chunk.columns.take(wanted).to_pylist() if wanted else []
    return {
        position: _as_json(_given(checked, position, row), longest) for position, row in zip(wanted, rows, strict=True)
    }


def _given(checked: Checked, position: int, row: dict[str, object]) -> dict[str, object]:
    """A row without the fields that it leaves out, with those that it took from others of its key."""
    absent = checked.chunk.absent
    given = {name: value for name, value in row.items() if name not in absent or not absent[name][position]}
    return given | {name: checked.raw(name, other) for name, other in checked.taken.get(position, {}).items()}


def _as_json(row: dict[str, object], longest: int | None = LONGEST_VALUE) -> str:
    return orjson.dumps({name: _text(value, longest) for name, value in row.items()}).decode()


def _text(value: object, longest: int | None) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value)[:longest].replace("\0", "\N{REPLACEMENT CHARACTER}")
