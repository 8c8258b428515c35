"""A piece of a source, as readers and mappings hand it on; and JSON objects as columns."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import chain
from typing import Any

import numpy as np
import pyarrow as pa

from customers.ingest.field_types.base import EXACT_FLOATS
from retention.core import exact_json

CHUNK_ROWS = 50_000


@dataclass(frozen=True)
class Defect:
    """A row that could not even be taken apart. words: fill the sentence of `code`. raw: the row as it was found."""

    row: int
    code: str
    raw: str
    words: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Origin:
    """Where a row that waited comes from: its source, its place in the order of acceptance, since when it waits."""

    source: str
    accepted: int
    since: datetime


@dataclass(frozen=True)
class Chunk:
    """At most CHUNK_ROWS rows.

    columns: text or typed columns named as the source (after mapping: as the resource) names them.
    rows: the row number of each, from 1; a mapping may make several rows of one.
    first, last: the row numbers this chunk covers, those of defects and of rows filtered out included.
    origins: where each row comes from, when not all from the source that is being loaded (rows that waited).
    damaged: text may hold U+FFFD where the source had bytes that are no text.
    absent: by column that only some rows have, where a row does not have it. Null elsewhere was given as such.
    shaped: by column that holds such, what JSON gave in place of a text or number: "boolean", "array" or "object".
    """

    columns: pa.Table
    rows: np.ndarray
    first: int
    last: int
    defects: tuple[Defect, ...] = ()
    origins: tuple[Origin, ...] = ()
    damaged: bool = False
    absent: Mapping[str, np.ndarray] = field(default_factory=dict)
    shaped: Mapping[str, np.ndarray] = field(default_factory=dict)

    def since(self, row: int) -> "Chunk":
        """The part after row `row`."""
        keep = self.rows > row
        return replace(
            self,
            columns=self.columns.filter(pa.array(keep)),
            rows=self.rows[keep],
            first=row + 1,
            defects=tuple(d for d in self.defects if d.row > row),
            absent={name: mask[keep] for name, mask in self.absent.items()},
            shaped={name: shapes[keep] for name, shapes in self.shaped.items()},
        )


def chunks_of(table: pa.Table, *, first_row: int = 1, size: int = CHUNK_ROWS) -> Iterator[Chunk]:
    """An in-memory table in chunks; no copy is made."""
    for offset in range(0, table.num_rows, size):
        piece = table.slice(offset, size).combine_chunks()
        first = first_row + offset
        rows = np.arange(first, first + piece.num_rows, dtype=np.int64)
        yield Chunk(piece, rows, first, first + piece.num_rows - 1)


MOST_FIELDS = 200  # a chunk of rows that each name other fields would need memory without end
FURTHER = "(further fields)"
LONGEST_NAME = 200
LONGEST_TEXT = 1_000
SHAPES: dict[type, str] = {bool: "boolean", list: "array", dict: "object"}
Records = Sequence[Mapping[str, object]]
Values = Mapping[str, list[object]]


def chunk_of(records: Records, *, rows: np.ndarray | None = None, **given: Any) -> Chunk:
    """A chunk of rows of JSON. rows: their numbers, from 1 when not given; given: further fields of the chunk."""
    if rows is None:
        rows = np.arange(1, len(records) + 1, dtype=np.int64)
    ends = {"first": int(rows.min()), "last": int(rows.max())} if len(rows) else {"first": 1, "last": 0}
    names = list(dict.fromkeys(chain.from_iterable(records)))
    values = {_clean(name): [record.get(name) for record in records] for name in names[:MOST_FIELDS]}
    absent, shaped = _absent_from(records, names), _shapes_of(values)
    return Chunk(_table_of(records, names, values), rows, absent=absent, shaped=shaped, **ends | given)


def _shapes_of(values: Values) -> dict[str, np.ndarray]:
    return {
        name: np.array([SHAPES.get(type(value), "") for value in given])
        for name, given in values.items()
        if not SHAPES.keys().isdisjoint(map(type, given))
    }


def _absent_from(records: Records, names: list[str]) -> dict[str, np.ndarray]:
    """Where records lack a field that others have."""
    if sum(map(len, records)) == len(names) * len(records):
        return {}
    masks = {name: np.array([name not in record for record in records]) for name in names[:MOST_FIELDS]}
    return {_clean(name): mask for name, mask in masks.items() if mask.any()}


def _table_of(records: Records, names: list[str], values: Values) -> pa.Table:
    """One column per field that any record has, null where a record lacks it; of one type where the values allow it."""
    columns = {name: _column(given) for name, given in values.items()}
    if len(names) > MOST_FIELDS:
        further = set(names[MOST_FIELDS:])
        columns[FURTHER] = pa.array(["x" if further & record.keys() else None for record in records], pa.string())
    return pa.table(columns) if columns else pa.table({"_": pa.nulls(len(records), pa.string())})


def _column(values: list[object]) -> pa.Array:
    first = next((value for value in values if value is not None), None)
    if isinstance(first, dict | list):
        return pa.array([json_text(value) for value in values], pa.string())
    try:
        column = pa.array(values)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, OverflowError):
        return pa.array([json_text(value) for value in values], pa.string())
    if pa.types.is_null(column.type):
        return column.cast(pa.string())
    if pa.types.is_floating(column.type) and _mixed(values):
        return pa.array([json_text(value) for value in values], pa.string())
    return column


def _mixed(values: Iterable[object]) -> bool:
    """Whole and broken numbers together: as floats the whole ones would be shown as 12.0."""
    return any(isinstance(value, int) for value in values)


def json_text(value: object) -> str | None:
    """A value as the text that a CSV would hold, whatever stands in the other rows of its column."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer() and abs(value) < EXACT_FLOATS:
        return str(int(value))
    try:
        return exact_json.dumps(value)
    except ValueError:  # nested too deep
        return str(value)[:LONGEST_TEXT]


def _clean(name: str) -> str:
    return name.replace("\0", "\N{REPLACEMENT CHARACTER}")[:LONGEST_NAME]
