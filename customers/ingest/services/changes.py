"""What a source changed, row by row, kept so that it can be taken back.

Inserted rows cost a line a chunk; of replaced rows all that was there before is kept. Whether somebody changed a row
since shows in the id of the transaction that wrote it (`xmin`), which every stored row has: no table of facts needs a
column for it.
"""

import zlib

import numpy as np
from django.db import connection
from django.db.models import QuerySet

from customers.ingest.models import LandedChunk, QuarantinedRow, ReplacedRow
from customers.ingest.resources.base import Resource
from customers.ingest.services.landing import changed_positions
from customers.ingest.services.overtaking import key_sql
from customers.ingest.services.upsert import REPLACED
from customers.ingest.validators.rows import Checked

COLUMNS = "source, row_no, resource, key, wrote, was, was_by, restored_by"
NOTHING_REPLACED = "(SELECT NULL::integer AS _pos, NULL::jsonb AS was, NULL::text AS was_by)"
RECORDS = ReplacedRow._meta.db_table
# What was there before, and who wrote it. Not what this transaction made to be filled; and where it was restored, the
# transaction that wrote it first.
WAS = f"""
    CASE WHEN r.was_by <> %(wrote)s THEN r.was END,
    COALESCE(
        (SELECT a.was_by FROM {RECORDS} a
         WHERE a.resource = %(resource)s AND a.key = k.key AND a.restored_by = r.was_by),
        NULLIF(r.was_by, %(wrote)s), ''
    )"""


def pack_rows(numbers: np.ndarray) -> bytes:
    """Ascending row numbers, small when they follow each other."""
    return zlib.compress(np.diff(numbers.astype(np.int64), prepend=0).tobytes())


def unpack_rows(packed: bytes) -> np.ndarray:
    return np.cumsum(np.frombuffer(zlib.decompress(packed), dtype=np.int64))


def record_changes(checked: Checked, *, source: str, applied: int) -> None:
    """After `landing.land(..., records=True)` of a chunk of `source`, in its transaction. applied: what that gave."""
    inserted = checked.inserted
    wrote = _transaction(checked.resource) if checked.good.any() else ""
    LandedChunk.objects.create(source=source, wrote=wrote, inserted=pack_rows(checked.chunk.rows[inserted]))
    replaced = changed_positions(checked).difference(inserted.tolist()) if len(inserted) < applied else ()
    if not replaced:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {RECORDS} ({COLUMNS}) SELECT %(source)s, p.row_no, %(resource)s, k.key, %(wrote)s, {WAS}, ''"
            " FROM unnest(%(positions)s::int[], %(numbers)s::bigint[]) p(_pos, row_no)"
            f' JOIN "{checked.resource.stage}" s USING (_pos) JOIN {REPLACED} r USING (_pos)'
            f" CROSS JOIN LATERAL (SELECT {key_sql(checked.resource)} AS key) k",
            {
                "source": source,
                "resource": checked.resource.name,
                "wrote": wrote,
                "positions": list(replaced),
                "numbers": [int(checked.chunk.rows[position]) for position in replaced],
            },
        )


def record_landed(checked: Checked, ids: dict[int, int], *, applied: int) -> None:
    """The same for rows that had waited. ids: {place in the chunk: id in the quarantine, where they still are}."""
    changed = changed_positions(checked) if applied else ()
    if not changed:
        return
    replaced = str(REPLACED) if len(checked.inserted) < applied else NOTHING_REPLACED
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {RECORDS} ({COLUMNS}) SELECT k.source, k.row_no, %(resource)s, k.key, %(wrote)s, {WAS}, ''"
            " FROM unnest(%(positions)s::int[], %(ids)s::bigint[]) p(_pos, id)"
            f" JOIN {QuarantinedRow._meta.db_table} k USING (id) LEFT JOIN {replaced} r USING (_pos)"
            f" WHERE k.source IN (SELECT source FROM {LandedChunk._meta.db_table})",
            {
                "resource": checked.resource.name,
                "wrote": _transaction(checked.resource),
                "positions": list(changed),
                "ids": [ids[position] for position in changed],
            },
        )


def forget_changes(sources: QuerySet) -> None:
    """Sources (a query of their names) that can no longer be taken back."""
    LandedChunk.objects.filter(source__in=sources).delete()
    ReplacedRow.objects.filter(source__in=sources).delete()


def _transaction(resource: Resource) -> str:
    """The id under which this transaction writes rows: that of the rows it has staged."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT xmin::text FROM "{resource.stage}" LIMIT 1')
        return cursor.fetchone()[0]
