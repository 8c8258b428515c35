"""Reading a column of values as one kind: the whole column at once, value by value only where that fails.

A value that cannot be read is a fault, never an exception: it becomes null and its position is reported with a code.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


class BadValue(Exception):
    """Why one value cannot be read; `code` is a key of `customers.ingest.messages.SENTENCES`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass
class Parsed:
    """A column as it goes to the database, and the positions of the values that could not be read."""

    values: pa.Array
    faults: list[tuple[str, np.ndarray]] = field(default_factory=list)

    def fault(self, code: str, mask: pa.Array | pa.ChunkedArray) -> None:
        """Report the positions where `mask` is true (null counts as false)."""
        positions = np.flatnonzero(pc.fill_null(mask, False).to_numpy(zero_copy_only=False))
        if len(positions):
            self.faults.append((code, positions))


def as_text(column: pa.Array) -> pa.Array:
    """The column as trimmed text; a blank is null."""
    if pa.types.is_floating(column.type):
        column = _without_point_zero(column)
    if pa.types.is_dictionary(column.type) or not pa.types.is_string(column.type):
        column = column.cast(pa.string())
    column = pc.utf8_trim_whitespace(column)
    blank = pc.equal(column, "")
    return pc.if_else(blank, pa.scalar(None, pa.string()), column) if pc.any(blank).as_py() else column


def _without_point_zero(column: pa.Array) -> pa.Array:
    """Whole numbers as integers: numbers of lines and customers come as 13800.0 where a table had gaps."""
    whole = pc.and_(pc.equal(pc.floor(column), column), pc.less(pc.abs(column), 2.0**53))
    return column.cast(pa.int64()) if pc.all(whole).as_py() else column


def one_by_one(text: pa.Array, parse: Callable[[str], object], kind: pa.DataType) -> Parsed:
    """Parse each distinct text once. The way for columns that hold something unusual."""
    encoded = text.dictionary_encode()
    values: list[object] = []
    codes: list[str | None] = []
    for value in encoded.dictionary.to_pylist():
        try:
            values.append(parse(value))
            codes.append(None)
        except BadValue as bad:
            values.append(None)
            codes.append(bad.code)
    parsed = Parsed(pa.array(values, type=kind).take(encoded.indices))
    for code in sorted({code for code in codes if code}):
        parsed.fault(code, pa.array([c == code for c in codes], pa.bool_()).take(encoded.indices))
    return parsed


def out_of(values: pa.Array, low: object, high: object) -> Iterator[tuple[str, pa.Array]]:
    """("below", mask) and ("above", mask) for the sides on which some value lies outside low..high."""
    extremes = pc.min_max(values)
    if low is not None and extremes["min"].as_py() is not None:
        limit = pa.scalar(low, values.type)
        if pc.less(extremes["min"], limit).as_py():
            yield "below", pc.less(values, limit)
    if high is not None and extremes["max"].as_py() is not None:
        limit = pa.scalar(high, values.type)
        if pc.greater(extremes["max"], limit).as_py():
            yield "above", pc.greater(values, limit)
