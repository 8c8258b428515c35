"""Rows that name their own fields (JSON objects) as columns."""

from collections.abc import Iterable, Mapping, Sequence

import orjson
import pyarrow as pa

MOST_FIELDS = 200  # a chunk of rows that each name other fields would need memory without end
FURTHER = "(further fields)"
LONGEST_NAME = 200
LONGEST_TEXT = 1_000


def table_of(records: Sequence[Mapping[str, object]]) -> pa.Table:
    """One column per field that any record has, null where a record lacks it; of one type where the values allow it."""
    names = list(dict.fromkeys(name for record in records for name in record))
    columns = {_clean(name): _column([record.get(name) for record in records]) for name in names[:MOST_FIELDS]}
    if len(names) > MOST_FIELDS:
        further = set(names[MOST_FIELDS:])
        columns[FURTHER] = pa.array(["x" if further & record.keys() else None for record in records], pa.string())
    return pa.table(columns) if columns else pa.table({"_": pa.nulls(len(records), pa.string())})


def _column(values: list[object]) -> pa.Array:
    first = next((value for value in values if value is not None), None)
    if isinstance(first, dict | list):
        return pa.array([_text(value) for value in values], pa.string())
    try:
        column = pa.array(values)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, OverflowError):
        return pa.array([_text(value) for value in values], pa.string())
    if pa.types.is_null(column.type):
        return column.cast(pa.string())
    if pa.types.is_floating(column.type) and _mixed(values):
        return pa.array([_text(value) for value in values], pa.string())
    return column


def _mixed(values: Iterable[object]) -> bool:
    """Whole and broken numbers together: as floats the whole ones would be shown as 12.0."""
    return any(isinstance(value, int) for value in values)


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    try:
        return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode()
    except TypeError:  # nested too deep, or a whole number beyond 64 bits
        return str(value)[:LONGEST_TEXT]


def _clean(name: str) -> str:
    return name.replace("\0", "\N{REPLACEMENT CHARACTER}")[:LONGEST_NAME]
