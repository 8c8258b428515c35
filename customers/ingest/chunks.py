"""A piece of a source, as readers and mappings hand it to the engine."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa

CHUNK_ROWS = 50_000


@dataclass(frozen=True)
class Defect:
    """A row that could not even be taken apart. words: fill the sentence of `code`. raw: the row as it was found."""

    row: int
    code: str
    raw: str
    words: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Chunk:
    """At most CHUNK_ROWS rows.

    columns: text or typed columns named as the source (after mapping: as the resource) names them.
    rows: the row number of each, from 1; a mapping may make several rows of one.
    first, last: the row numbers this chunk covers, those of defects and of rows filtered out included.
    sources: where each row comes from, when not all from the source that is being loaded (rows that waited).
    damaged: text may hold U+FFFD where the source had bytes that are no text.
    """

    columns: pa.Table
    rows: np.ndarray
    first: int
    last: int
    defects: tuple[Defect, ...] = ()
    sources: tuple[str, ...] = ()
    damaged: bool = False

    def since(self, row: int) -> "Chunk":
        """The part after row `row`."""
        keep = self.rows > row
        return replace(
            self,
            columns=self.columns.filter(pa.array(keep)),
            rows=self.rows[keep],
            first=row + 1,
            defects=tuple(d for d in self.defects if d.row > row),
        )


def chunks_of(table: pa.Table, *, first_row: int = 1, size: int = CHUNK_ROWS) -> Iterator[Chunk]:
    """An in-memory table in chunks; no copy is made."""
    for offset in range(0, table.num_rows, size):
        piece = table.slice(offset, size).combine_chunks()
        first = first_row + offset
        rows = np.arange(first, first + piece.num_rows, dtype=np.int64)
        yield Chunk(piece, rows, first, first + piece.num_rows - 1)
