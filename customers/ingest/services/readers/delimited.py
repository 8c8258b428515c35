"""CSV: header row, delimiter recognised, all cells as text. Streams; rows of a wrong width become defects."""

import csv
import io
import sys
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv
from django.utils.translation import gettext as _

from customers.ingest.chunks import Chunk, Defect
from customers.ingest.services.readers.base import Ending, Naming, Reading, Unreadable, bad_line_ends, ending_sentence
from customers.ingest.services.readers.text import TextBlocks

DELIMITERS = ",;\t|"
PARSE_BLOCK = 4 << 20
LONGEST_RAW = 2_000
LONGEST_HEADER = 100_000


class Delimited(Reading):
    columns: list[str]

    def __init__(self, text: TextBlocks, *, size: int, naming: Naming | None = None) -> None:
        self._text, self._size = text, size
        self._blocks = iter(text)
        self._head = next(self._blocks, b"")
        if not self._head.strip():
            raise Unreadable(
                ending_sentence(text.ended, 0) if text.ended else _("The file is empty."), code="empty_file"
            )
        self._delimiter, self.columns, self._rest = _header(self._head, naming or strict_names)
        self._defects: list[Defect] = []
        self._bad_rows: list[int] = []
        self._ended: Ending | None = None

    @property
    def notes(self) -> list[str]:
        return self._text.notes

    @property
    def ended(self) -> Ending | None:
        return self._text.ended or self._ended

    def __iter__(self) -> Iterator[Chunk]:
        held, rows, first = [], 0, 1
        for batch in self._batches():
            held.append(batch)
            rows += batch.num_rows
            while rows >= self._size:
                table = pa.Table.from_batches(held)
                chunk = self._chunk(table.slice(0, self._size), first)
                held, rows, first = table.slice(self._size).to_batches(), rows - self._size, chunk.last + 1
                yield chunk
        if rows or self._defects:
            yield self._chunk(pa.Table.from_batches(held, self._schema), first, last=True)

    @property
    def _schema(self) -> pa.Schema:
        return pa.schema([(name, pa.string()) for name in self.columns])

    def _batches(self) -> Iterator[pa.RecordBatch]:
        source = _Source(self._rest, self._blocks)
        if source.is_empty():
            return
        try:
            yield from pacsv.open_csv(
                pa.PythonFile(source, mode="r"),
                pacsv.ReadOptions(use_threads=False, block_size=PARSE_BLOCK, column_names=self.columns),
                pacsv.ParseOptions(
                    delimiter=self._delimiter, newlines_in_values=True, invalid_row_handler=self._wrong_width
                ),
                pacsv.ConvertOptions(
                    check_utf8=False,
                    column_types=self._schema,
                    strings_can_be_null=True,
                    null_values=[""],
                    quoted_strings_can_be_null=True,
                ),
            )
        except pa.ArrowInvalid as error:
            if self._text.ended:
                return  # the cut fell inside a quoted value
            message = _("The file cannot be taken apart as CSV; is a quote not closed? (%(error)s)")
            raise Unreadable(message % {"error": error}) from None

    def _wrong_width(self, row: pacsv.InvalidRow) -> str:
        words = {"actual": row.actual_columns, "expected": row.expected_columns}
        code = "wrong_columns"
        if row.text.count('"') % 2:
            code, self._ended = "open_quote", Ending.OPEN_QUOTE
        self._bad_rows.append(row.number)
        self._defects.append(Defect(row.number, code, row.text[:LONGEST_RAW], words))
        return "skip"

    def _chunk(self, table: pa.Table, first: int, *, last: bool = False) -> Chunk:
        """Number the rows, leaving out the numbers of defects, and take along the defects up to the last row."""
        rows = np.arange(first, first + table.num_rows, dtype=np.int64)
        for bad in self._bad_rows:  # ascending
            rows[rows >= bad] += 1
        end = int(rows[-1]) if len(rows) else first - 1
        if last and self._defects:
            end = max(end, self._defects[-1].row)
        mine = tuple(d for d in self._defects if d.row <= end)
        self._defects, self._bad_rows = self._defects[len(mine) :], self._bad_rows[len(mine) :]
        return Chunk(table.combine_chunks(), rows, first, end, defects=mine, damaged=self._text.damaged)


class _Source(io.RawIOBase):
    """Blocks as the file that Arrow reads from."""

    def __init__(self, head: bytes, blocks: Iterator[bytes]) -> None:
        self._left, self._blocks = head, blocks

    def is_empty(self) -> bool:
        while not self._left.strip():
            block = next(self._blocks, None)
            if block is None:
                return True
            self._left = block
        return False

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        parts, wanted = [], size if size >= 0 else sys.maxsize
        while wanted and (self._left or (block := next(self._blocks, b""))):
            self._left = self._left or block
            parts.append(self._left[:wanted])
            self._left = self._left[wanted:]
            wanted -= len(parts[-1])
        return b"".join(parts)


def _header(block: bytes, naming: Naming) -> tuple[str, list[str], bytes]:
    """(delimiter, column names, what follows the header line)."""
    block = block.lstrip(b"\r\n")
    line, _newline, rest = block.partition(b"\n")
    text = line.decode("utf-8", "replace").rstrip("\r")
    if "\r" in text:
        raise bad_line_ends()
    if len(text) > LONGEST_HEADER:
        raise Unreadable(_("The first line is too long to be the names of columns."), code="bad_header")
    counts = {delimiter: len(next(csv.reader([text], delimiter=delimiter), [])) for delimiter in DELIMITERS}
    delimiter = max(counts, key=counts.__getitem__)
    return delimiter, naming(next(csv.reader([text], delimiter=delimiter), [])), rest


def strict_names(cells: list[str]) -> list[str]:
    """The cells without surrounding blanks. Unreadable when one is empty or repeated."""
    names = [name.strip() for name in cells]
    if not all(names):
        raise Unreadable(_("The first line must name every column; one name is empty."), code="bad_header")
    if repeated := {name for name in names if names.count(name) > 1}:
        message = _("The first line names '%(name)s' more than once.")
        raise Unreadable(message % {"name": sorted(repeated)[0]}, code="bad_header")
    return names
