"""Parquet, a row group's part at a time."""

from collections.abc import Iterator
from datetime import date
from typing import BinaryIO

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.utils.translation import gettext as _

from customers.ingest.chunks import Chunk
from customers.ingest.services.readers.base import Ending, Reading, Unreadable


class Parquet(Reading):
    def __init__(self, file: BinaryIO, *, size: int) -> None:
        self._size = size
        self._ended: Ending | None = None
        try:
            self._file = pq.ParquetFile(file)
        except (pa.ArrowInvalid, OSError) as error:
            raise Unreadable(_("The file is not whole as Parquet: %(error)s") % {"error": error}) from None
        self.columns = self._file.schema_arrow.names

    @property
    def ended(self) -> Ending | None:
        return self._ended

    def __iter__(self) -> Iterator[Chunk]:
        first = 1
        batches = self._file.iter_batches(batch_size=self._size)
        while True:
            try:
                batch = next(batches, None)
            except (pa.ArrowInvalid, OSError):
                self._ended = Ending.DAMAGED
                return
            if batch is None:
                return
            table = pa.table([plain(column) for column in batch.columns], names=batch.schema.names)
            rows = np.arange(first, first + batch.num_rows, dtype=np.int64)
            yield Chunk(table, rows, first, first + batch.num_rows - 1)
            first += batch.num_rows


def plain(column: pa.Array) -> pa.Array:
    """The column in a type that the kinds read; what is nested becomes JSON text."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        return plain(column.dictionary_decode())
    if pa.types.is_nested(kind):
        return pa.array([None if v is None else _json(v) for v in column.to_pylist()], pa.string())
    if pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return column.cast(pa.string())
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return pa.array([None if v is None else v.decode("utf-8", "replace") for v in column.to_pylist()], pa.string())
    if pa.types.is_date64(kind):
        return plain(column.cast(pa.date32()))
    if pa.types.is_duration(kind):
        return column.cast(pa.string())
    return _within_years(column) if pa.types.is_date(kind) or pa.types.is_timestamp(kind) else column


def _within_years(column: pa.Array) -> pa.Array:
    """Times before year 1 or after 9999 as the first and last day between, since Python has no others to tell of.

    Every field refuses both.
    """
    naive = column.cast(pa.timestamp(column.type.unit)) if pa.types.is_timestamp(column.type) else column
    for end, is_beyond in ((date(2, 1, 1), pc.less), (date(9999, 1, 1), pc.greater)):
        try:
            limit = pa.scalar(end, pa.date32()).cast(naive.type)
        except pa.ArrowInvalid:  # nanoseconds reach neither end
            continue
        column = pc.if_else(is_beyond(naive, limit), limit.cast(column.type), column)
    return column


def _json(value: object) -> str:
    return orjson.dumps(value, default=str, option=orjson.OPT_NON_STR_KEYS).decode()
