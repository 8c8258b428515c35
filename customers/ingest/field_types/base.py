"""Field types: a column is read at once, value by value where that fails; bad values are faults."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

EXACT_FLOATS = 2.0**53  # whole numbers below have a float of their own


class BadValue(Exception):
    """Why one value cannot be read; `code` is a key of `customers.ingest.text.SENTENCES`."""

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
        column = number_text(column)
    elif pa.types.is_decimal(column.type):
        column = pc.replace_substring_regex(column.cast(pa.string()), r"\.0+$", "")
    if pa.types.is_dictionary(column.type) or not pa.types.is_string(column.type):
        column = column.cast(pa.string())
    column = pc.utf8_trim_whitespace(column)
    blank = pc.equal(column, "")
    return pc.if_else(blank, pa.scalar(None, pa.string()), column) if pc.any(blank).as_py() else column


def number_text(numbers: pa.Array) -> pa.Array:
    """Floats as text; whole ones without decimals, because a table with gaps has numbers of lines as 13800.0."""
    whole = pc.and_(pc.equal(pc.floor(numbers), numbers), pc.less(pc.abs(numbers), EXACT_FLOATS))
    as_whole = pc.if_else(whole, numbers, pa.scalar(None, numbers.type)).cast(pa.int64()).cast(pa.string())
    return pc.coalesce(as_whole, numbers.cast(pa.string()))


def parse_distinct(text: pa.Array, parse: Callable[[str], object], kind: pa.DataType) -> Parsed:
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


def parse_where(text: pa.Array, chosen: pa.Array, parse: Callable[[str], object]) -> Parsed:
    """The text with the values where `chosen` is true parsed to other text, each distinct one once."""
    chosen = pc.fill_null(chosen, False)
    found = parse_distinct(text.filter(chosen), parse, pa.string())
    positions = np.flatnonzero(chosen.to_numpy(zero_copy_only=False))
    faults = [(code, positions[bad]) for code, bad in found.faults]
    return Parsed(pc.replace_with_mask(text, chosen, found.values), faults)


def outside_range(values: pa.Array, low: object, high: object) -> Iterator[tuple[str, pa.Array]]:
    """("below", mask) and ("above", mask) for the sides on which some value lies outside low..high."""
    extremes = pc.min_max(values)  # not as Python's: an instant may lie beyond its years 1 to 9999
    if low is not None and extremes["min"].is_valid:
        limit = pa.scalar(low, values.type)
        if pc.less(extremes["min"], limit).as_py():
            yield "below", pc.less(values, limit)
    if high is not None and extremes["max"].is_valid:
        limit = pa.scalar(high, values.type)
        if pc.greater(extremes["max"], limit).as_py():
            yield "above", pc.greater(values, limit)


@dataclass(frozen=True)
class FieldType:
    """Reading and storage of a field's values. `sql`: the type in the staging table. `arrow`: what `read` makes.

    `shapes`: what JSON may give beside texts and numbers, of `customers.ingest.chunks.SHAPES`.
    """

    shapes: ClassVar[frozenset[str]] = frozenset()
    sql: ClassVar[str] = "text"
    arrow: ClassVar[pa.DataType] = pa.string()
    name: ClassVar[str] = "text"

    def read(self, column: pa.Array) -> Parsed:
        """The column as values that the staging type takes without error; everything else is a fault."""
        text = as_text(column)
        try:
            return Parsed(self.at_once(text))
        except (pa.ArrowInvalid, ValueError):
            return parse_distinct(text, self.one, self.arrow)

    def at_once(self, text: pa.Array) -> pa.Array:
        """The whole column in one go; ArrowInvalid or ValueError when some value does not read that way."""
        return text.cast(self.arrow)

    def one(self, text: str) -> object:
        """One value; BadValue when it cannot be read."""
        raise NotImplementedError

    def limits(self) -> dict[str, object]:
        """The parts of this type that messages and forms show."""
        return {}

    def schema(self) -> dict[str, object]:
        """The kind as JSON Schema."""
        return {"type": "string"}
