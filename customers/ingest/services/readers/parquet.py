"""Parquet, a row group's part at a time."""

from collections.abc import Iterator
from typing import BinaryIO

import numpy as np
import orjson
import pyarrow as pa
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
        return column.cast(pa.date32())
    return column


def _json(value: object) -> str:
    return orjson.dumps(value, default=str, option=orjson.OPT_NON_STR_KEYS).decode()
