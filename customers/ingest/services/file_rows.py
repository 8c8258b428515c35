"""The rows of a file as a resource's chunks: read, mapped, added up, rounded; as many times as they are wanted."""

from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO

from customers.ingest.chunks import CHUNK_ROWS, Chunk
from customers.ingest.resources.base import Resource
from customers.ingest.services.mapping.apply import check_source, map_chunks
from customers.ingest.services.mapping.document import Mapping
from customers.ingest.services.mapping.rounding import Rounding
from customers.ingest.services.mapping.summing import Summing
from customers.ingest.services.readers import Reading, open_source
from customers.ingest.validators.columns import check_columns


class FileRows:
    """reading: of the last time it was gone through; the file's columns are checked as it begins. sample: rows to read,
    0 for all."""

    def __init__(self, resource: Resource, file: BinaryIO, mapping: Mapping | None, *, sample: int = 0) -> None:
        self._resource, self._file, self._mapping, self._sample = resource, file, mapping, sample
        self._stages: list[Rounding | Summing] = []
        self.reading: Reading = self._open()

    def chunks(self) -> Iterator[Chunk]:
        """From the beginning. Unreadable where the file breaks off."""
        self.reading, self._stages = self._open(), []
        chunks = islice(self.reading, 1) if self._sample else iter(self.reading)
        if self._mapping is None:
            return chunks
        chunks = map_chunks(self._mapping, chunks)
        if self._mapping.sum_by:
            summing = Summing(self._resource, self._mapping)
            self._stages.append(summing)
            chunks = summing.each(chunks, self.reading)
        rounding = Rounding(self._resource)
        self._stages.append(rounding)
        return rounding.each(chunks)

    @property
    def notes(self) -> list[str]:
        """What was done with the text and the values."""
        return [*self.reading.notes, *(note for stage in self._stages for note in stage.notes)]

    def _open(self) -> Reading:
        self._file.seek(0)
        reading = open_source(self._file, size=self._sample or CHUNK_ROWS)
        if self._mapping is None:
            if reading.columns is not None:
                check_columns(self._resource, reading.columns)
            return reading
        check_source(self._mapping, reading.columns)
        made = self._mapping.rows_made(reading.columns or [])
        if made > 1 and not self._sample:  # keep the chunks that come out of the mapping as small as those that went in
            self._file.seek(0)
            reading = open_source(self._file, size=max(1, CHUNK_ROWS // made))
        return reading
