"""Rows that a mapping adds up, such as call records to days: over the whole file, exactly.

`[sum] by = [...]`: rows that agree in these columns, and in all that hold no numbers, become one; the numbers of all
others are added. A blank adds nothing; a number that cannot be read stays as it is, so the check refuses the row.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.utils.translation import gettext as _

from customers.ingest import field_types
from customers.ingest.chunks import CHUNK_ROWS, Chunk, Defect
from customers.ingest.field_types.base import as_text
from customers.ingest.resources.base import VERSION, Resource
from customers.ingest.services.mapping.document import Mapping
from customers.ingest.services.mapping.steps import NUMBER_PATTERN, BadMapping
from customers.ingest.services.readers import Reading

EXACT = pa.decimal256(76, 20)
# Numbers that EXACT holds; others are left to the check.
EXACT_PATTERN = r"^[+-]?\d{0,30}(\.\d{0,20}|(\.\d{0,10})?[eE][+-]?0?\d)?$"
COMPACT_ROWS = 500_000
ROW, ROWS, UNREAD, ABSENT = "_row", "_rows", "_unread ", "_absent "


def check_sum(resource: Resource, mapping: Mapping) -> None:
    """BadMapping unless the columns that stay apart include the resource's key."""
    lacking = [name for name in resource.key if name not in mapping.sum_by]
    if mapping.sum_by and lacking:
        raise BadMapping(f"{mapping.name} [sum]: `by` must name '{lacking[0]}', a part of the key of {resource.name}.")


class Summing:
    """Adds up the chunks that one mapping makes of a file. `notes`: what was added up."""

    def __init__(self, resource: Resource, mapping: Mapping) -> None:
        number = field_types.Integer | field_types.Real
        kinds = {one.name: one.kind for one in resource.fields}
        self._added = [
            name
            for name in mapping.makes
            if name not in mapping.sum_by and name != VERSION.name and isinstance(kinds.get(name), number)
        ]
        self._apart = [name for name in mapping.makes if name not in self._added]
        self._received = self._made = 0

    @property
    def notes(self) -> list[str]:
        if not self._received:
            return []
        return [_("%(rows)s rows were added up to %(sums)s.") % {"rows": self._received, "sums": self._made}]

    def each(self, chunks: Iterable[Chunk], reading: Reading) -> Iterator[Chunk]:
        """The sums as chunks, in the order of their first rows. Nothing of a file that breaks off: its sums are not
        whole."""
        parts: list[pa.Table] = []
        defects: list[Defect] = []
        last, damaged = 0, False
        for chunk in chunks:
            parts.append(self._grouped(self._opened(chunk)))
            if sum(part.num_rows for part in parts[1:]) > max(COMPACT_ROWS, parts[0].num_rows):
                parts = [self._grouped(pa.concat_tables(parts))]
            defects += chunk.defects
            last, damaged = chunk.last, damaged or chunk.damaged
        if reading.ended or not parts:
            return
        whole = self._grouped(pa.concat_tables(parts)).sort_by(ROW)
        self._received, self._made = pc.sum(whole[ROWS]).as_py() or 0, whole.num_rows
        for chunk in self._chunks(whole, last):
            own = tuple(one for one in defects if chunk.first <= one.row <= chunk.last)
            yield replace(chunk, defects=own, damaged=damaged)

    def _opened(self, chunk: Chunk) -> pa.Table:
        """The rows with their numbers as such, beside what cannot be read as one and what is left out."""
        count = len(chunk.rows)
        columns: dict[str, pa.Array] = {name: _text(chunk, name) for name in self._apart}
        for name in self._added:
            text = _text(chunk, name)
            readable = pc.and_(*(pc.match_substring_regex(text, one) for one in (NUMBER_PATTERN, EXACT_PATTERN)))
            blank = pa.scalar(None, pa.string())
            columns[name] = pc.if_else(readable, text, blank).cast(EXACT)
            columns[UNREAD + name] = pc.if_else(readable, blank, text)
        for name in [*self._apart, *self._added]:
            columns[ABSENT + name] = pa.array(chunk.absent.get(name, np.zeros(count, dtype=bool))).cast(pa.int8())
        return pa.table(columns | {ROW: pa.array(chunk.rows), ROWS: pa.array(np.ones(count, dtype=np.int64))})

    def _grouped(self, table: pa.Table) -> pa.Table:
        """Rows of one group as one; of its result as well, so that parts can be put together again."""
        how = {ROW: "min", ROWS: "sum"} | dict.fromkeys(self._added, "sum")
        how |= {UNREAD + name: "first" for name in self._added}
        how |= {ABSENT + name: "min" for name in [*self._apart, *self._added]}
        found = table.group_by(self._apart, use_threads=False).aggregate(list(how.items()))
        return found.select([*self._apart, *(f"{name}_{way}" for name, way in how.items())]).rename_columns(
            [*self._apart, *how]
        )

    def _chunks(self, whole: pa.Table, last: int) -> Iterator[Chunk]:
        rows, start, first = np.asarray(whole[ROW]), 0, 1
        while start < len(rows):
            # A source row may have made several: they stay together, since an import goes on after a row.
            end = int(np.searchsorted(rows, rows[min(start + CHUNK_ROWS, len(rows)) - 1], side="right"))
            part = whole.slice(start, end - start).combine_chunks()
            covered = last if end == len(rows) else int(rows[end - 1])
            yield self._chunk(part, rows[start:end], first, covered)
            start, first = end, covered + 1

    def _chunk(self, part: pa.Table, rows: np.ndarray, first: int, last: int) -> Chunk:
        names = [*self._apart, *self._added]
        sums = {name: pc.coalesce(_one(part[UNREAD + name]), _digits(part[name])) for name in self._added}
        columns = {name: sums[name] if name in sums else part[name] for name in names}
        masks = {name: np.asarray(part[ABSENT + name]).astype(bool) for name in names}
        return Chunk(pa.table(columns), rows, first, last, absent={n: mask for n, mask in masks.items() if mask.any()})


def _text(chunk: Chunk, name: str) -> pa.Array:
    return as_text(_one(chunk.columns[name]))


def _one(column: pa.ChunkedArray) -> pa.Array:
    found = column.combine_chunks()
    return found if isinstance(found, pa.Array) else pa.concat_arrays(found.chunks)


def _digits(sums: pa.ChunkedArray) -> pa.Array:
    """Decimals as text without trailing zeros."""
    return pa.array([None if one is None else _plain(one) for one in sums.to_pylist()], pa.string())


def _plain(number: Decimal) -> str:
    return f"{number:f}".rstrip("0").rstrip(".")
