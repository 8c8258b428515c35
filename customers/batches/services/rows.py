"""Single rows, loaded synchronously through the same checks and statements as batches."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

import pyarrow as pa
from django.db import transaction

from customers.ingest.chunks import chunk_of, json_text
from customers.ingest.models import QuarantinedRow
from customers.ingest.resources.base import Resource
from customers.ingest.services.loading import load
from customers.ingest.services.pending_references import land_pending_after
from customers.ingest.services.progress import LoadResult
from retention.core.errors import Invalid

SEPARATOR = "~"


@dataclass(frozen=True)
class PutResult:
    """The result for a row. created: its key was new. waiting: it lands when its references arrive."""

    created: bool
    applied: bool
    waiting: bool


def parse_key(resource: Resource, text: str) -> dict[str, str]:
    """The fields of a key in the form of the URL: "L1~2026-01". Invalid when it has too few or too many parts."""
    parts = text.split(SEPARATOR, len(resource.key) - 1)
    if len(parts) != len(resource.key) or not all(part.strip() for part in parts):
        wanted = SEPARATOR.join(resource.key)
        raise Invalid(f"The key of {resource.name} is written {wanted}.", code="bad_key")
    return dict(zip(resource.key, parts, strict=True))


def name_key(key: Mapping[str, str]) -> str:
    """A key in the form of the URL."""
    return SEPARATOR.join(key.values())


def put_row(
    *, resource: Resource, key: dict[str, str], row: dict[str, object], client: str, now: datetime
) -> PutResult:
    """Insert or update one row. Invalid, with the fields, for a bad row; nothing is stored then.

    The row is the whole fact: an optional field that it leaves out is cleared, but for those that only a value changes.
    """
    for name, value in key.items():
        if name in row and (row[name] is None or _read(resource, name, row[name]) != _read(resource, name, value)):
            raise Invalid(
                f"{name} in the body is not the one in the address.",
                code="key_mismatch",
                details=[{"field": name, "code": "key_mismatch", "message": f"The address says {value}."}],
            )
    source = f"put:{client}:{uuid4()}"
    with transaction.atomic():
        existed = _exists(resource, key)
        whole = dict.fromkeys(one.name for one in resource.optional) | row | key
        result = load(resource, [chunk_of([whole])], source=source, now=now, atomic=True)
        if result.rejected:
            raise Invalid("The row is not valid.", code="invalid_row", details=[_detail(e) for e in result.errors])
    if result.waiting:
        land_pending_after(result, now=now)
        waits = QuarantinedRow.objects.filter(source=source, state=QuarantinedRow.State.WAITING).exists()
        return PutResult(created=not existed, applied=not waits, waiting=waits)
    land_pending_after(result, now=now)
    return PutResult(created=not existed and result.applied > 0, applied=result.applied > 0, waiting=False)


def load_rows(*, resource: Resource, rows: list[dict[str, object]], source: str, now: datetime) -> LoadResult:
    """Load a few rows in one transaction; bad ones are reported. Rows that waited for them land as well."""
    result = load(resource, [chunk_of(rows)], source=source, now=now, atomic=True)
    land_pending_after(result, now=now)
    return result


def _detail(error: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in error.items() if name != "row"}


def _read(resource: Resource, name: str, given: object) -> object:
    """The value of a key's field; as it was given where it cannot be read."""
    parsed = resource.by_name[name].kind.read(pa.array([json_text(given)], pa.string()))
    return given if parsed.faults else parsed.values[0].as_py()


def _exists(resource: Resource, key: dict[str, str]) -> bool:
    """Whether the row is there. A key that cannot be one (a day that is no day) is not."""
    names = {one.column: one.name for one in resource.model._meta.concrete_fields}
    wanted = {}
    for name, text in key.items():
        one = resource.by_name[name]
        parsed = one.kind.read(pa.array([text]))
        if parsed.faults or parsed.values.null_count:
            return False
        lookup = f"{names[one.column]}__{one.reference.key}" if one.reference else names[one.column]
        wanted[lookup] = parsed.values[0].as_py()
    return resource.model._default_manager.filter(**wanted).exists()
