"""A mapping applied to chunks: whole columns at a time."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from customers.ingest.chunks import Chunk
from customers.ingest.field_types.base import as_text
from customers.ingest.services.mapping.conditions import holds
from customers.ingest.services.mapping.document import PLACEHOLDER, Column, Mapping, Rows, Unpivot
from customers.ingest.services.mapping.steps import STEPS, BadMapping, day_of

Columns = dict[str, pa.Array]
ABSENT = "\0absent "


def check_source(mapping: Mapping, columns: list[str] | None) -> None:
    """BadMapping when the mapping reads columns that the source's header does not have."""
    lacking = sorted(mapping.reads - set(columns)) if columns is not None else []
    if lacking:
        raise BadMapping(
            f"{mapping.name} reads '{lacking[0]}', which the file does not have. It has: {', '.join(columns or [])}.",
            code="unknown_column",
        )


def map_chunks(mapping: Mapping, chunks: Iterable[Chunk]) -> Iterator[Chunk]:
    """The chunks as the resource's columns. Row numbers stay those of the source."""
    for chunk in chunks:
        yield map_chunk(mapping, chunk)


def map_chunk(mapping: Mapping, chunk: Chunk) -> Chunk:
    source, absent = _source_columns(mapping, chunk), _absent_sources(mapping, chunk)
    kept = holds(mapping.where, source, len(chunk.rows))
    if not kept.all():
        source = {name: column.filter(pa.array(kept)) for name, column in source.items()}
        absent = {name: mask[kept] for name, mask in absent.items()}
    numbers = chunk.rows[kept]
    if mapping.unpivot:
        table, numbers = _unpivoted_columns(mapping, mapping.unpivot, source, numbers)
    else:
        table, numbers = _mapped_columns(mapping, source, absent, numbers)
    if mapping.distinct:
        table, numbers = _distinct(table, numbers)
    table, masks = _without_masks(table)
    return replace(chunk, columns=table, rows=numbers, absent=masks, shaped={})


def _without_masks(table: pa.Table) -> tuple[pa.Table, dict[str, np.ndarray]]:
    masks = {
        name.removeprefix(ABSENT): np.asarray(table[name]) for name in table.column_names if name.startswith(ABSENT)
    }
    return table.drop_columns([ABSENT + name for name in masks]), {n: mask for n, mask in masks.items() if mask.any()}


def _distinct(table: pa.Table, numbers: np.ndarray) -> tuple[pa.Table, np.ndarray]:
    """The first of every set of equal rows."""
    positions = table.append_column("_pos", pa.array(np.arange(table.num_rows)))
    first = positions.group_by(table.column_names).aggregate([("_pos", "min")])["_pos_min"]
    kept = np.sort(np.asarray(first))
    return table.take(pa.array(kept)), numbers[kept]


def _source_columns(mapping: Mapping, chunk: Chunk) -> Columns:
    """The source's columns as trimmed text; those it lacks (rows of JSON may) as blanks."""
    table = chunk.columns
    columns = {name: _text(table[name]) for name in table.column_names}
    blank = pa.nulls(len(chunk.rows), pa.string())
    return {name: blank for name in mapping.reads} | columns


def _absent_sources(mapping: Mapping, chunk: Chunk) -> dict[str, np.ndarray]:
    """Where the rows lack a column that the mapping reads."""
    everywhere = np.ones(len(chunk.rows), dtype=bool)
    lacking = mapping.reads - set(chunk.columns.column_names)
    return {name: mask for name, mask in chunk.absent.items() if name in mapping.reads} | dict.fromkeys(
        lacking, everywhere
    )


def _text(column: pa.ChunkedArray) -> pa.Array:
    return as_text(column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column)


def _mapped_columns(
    mapping: Mapping, source: Columns, absent: dict[str, np.ndarray], numbers: np.ndarray
) -> tuple[pa.Table, np.ndarray]:
    """Where a row leaves out a column is kept in columns of flags beside, as long as rows are filtered and ordered."""
    common = {name: _column(spec, source, len(numbers), mapping) for name, spec in mapping.columns.items()}
    tables, rows = [], []
    some_lack = bool(absent) or any(
        set(mapping.makes) - set(mapping.columns) - set(one.columns) for one in mapping.rows
    )
    for one in mapping.rows or (Rows(),):
        made = common | {name: _column(spec, source, len(numbers), mapping) for name, spec in one.columns.items()}
        kept = holds(one.where, source, len(numbers))
        table = pa.table({name: made.get(name, pa.nulls(len(numbers), pa.string())) for name in mapping.makes})
        for name in mapping.makes if some_lack else ():
            spec = one.columns.get(name) or mapping.columns.get(name)
            table = table.append_column(ABSENT + name, pa.array(_left_out(spec, table[name], absent)))
        tables.append(table.filter(pa.array(kept)))
        rows.append(numbers[kept])
    return _in_row_order(tables, rows)


def _left_out(spec: Column | None, made: pa.ChunkedArray, absent: dict[str, np.ndarray]) -> np.ndarray:
    """Where the rows made leave the column out: no column of the source is behind it, and no step gave it a value."""
    if spec is None:
        return np.ones(len(made), dtype=bool)
    if spec.origin != "from" or spec.what not in absent:
        return np.zeros(len(made), dtype=bool)
    return absent[str(spec.what)] & np.asarray(pc.is_null(made))


def _unpivoted_columns(
    mapping: Mapping, unpivot: Unpivot, source: Columns, numbers: np.ndarray
) -> tuple[pa.Table, np.ndarray]:
    common = {name: _column(spec, source, len(numbers), mapping) for name, spec in mapping.columns.items()}
    tables, rows = [], []
    for name in unpivot.of(list(source)):
        value = source[name]
        said = unpivot.rename.get(name, name)
        table = pa.table(common | {unpivot.name: pa.repeat(pa.scalar(said), len(numbers)), unpivot.value: value})
        kept = np.ones(len(numbers), dtype=bool) if unpivot.keep_blank else np.asarray(pc.is_valid(value))
        tables.append(table.filter(pa.array(kept)))
        rows.append(numbers[kept])
    return _in_row_order(tables, rows)


def _in_row_order(tables: list[pa.Table], rows: list[np.ndarray]) -> tuple[pa.Table, np.ndarray]:
    table, numbers = pa.concat_tables(tables), np.concatenate(rows)
    if len(tables) > 1:
        order = np.argsort(numbers, kind="stable")
        table, numbers = table.take(pa.array(order)), numbers[order]
    return table.combine_chunks(), numbers


def _column(spec: Column, source: Columns, rows: int, mapping: Mapping) -> pa.Array:
    column = _origin(spec, source, rows, mapping)
    for step, setting in spec.steps:
        column = STEPS[step](column, setting, mapping.given_day)
    if spec.where:
        column = pc.if_else(pa.array(holds(spec.where, source, rows)), column, pa.scalar(None, pa.string()))
    return column


def _origin(spec: Column, source: Columns, rows: int, mapping: Mapping) -> pa.Array:
    match spec.origin:
        case "from":
            return source[str(spec.what)]
        case "template":
            return _template(str(spec.what), source, rows)
        case "day":
            return pa.repeat(pa.scalar(day_of(spec.what, mapping.given_day).isoformat()), rows)
        case _:
            value = str(spec.what).lower() if isinstance(spec.what, bool) else str(spec.what)
            return pa.repeat(pa.scalar(value or None, pa.string()), rows)


def _template(template: str, source: Columns, rows: int) -> pa.Array:
    parts = [
        pc.fill_null(source[part], "") if index % 2 else pa.repeat(pa.scalar(part), rows)
        for index, part in enumerate(PLACEHOLDER.split(template))
    ]
    return pc.binary_join_element_wise(*parts, "")
