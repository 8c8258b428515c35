"""NDJSON: an object a line. A line that is none becomes a defect; the rest lands. And JSON arrays of bounded size."""

from collections.abc import Callable, Iterator

import numpy as np
import orjson
from django.utils.translation import gettext as _

from customers.ingest.chunks import Chunk, Defect, chunk_of, json_text
from customers.ingest.services.readers.base import Ending, Reading, Unreadable, bad_line_ends
from customers.ingest.services.readers.text import TextBlocks
from retention.core import exact_json

LONGEST_ARRAY = 64 << 20
LONGEST_RAW = 2_000


class JsonLines(Reading):
    def __init__(self, text: TextBlocks, *, size: int) -> None:
        self._text, self._size = text, size

    @property
    def notes(self) -> list[str]:
        return self._text.notes

    @property
    def ended(self) -> Ending | None:
        return self._text.ended

    def count_rows(self) -> int:
        """In place of iterating: their number, without taking them apart."""
        return sum(1 for _line in self._lines())

    def _lines(self) -> Iterator[tuple[bytes, Callable[[bytes], object]]]:
        """(line, what reads it) without blank ones: most blocks hold only numbers that the fast reader keeps.

        Unreadable when the first line is several: lines that end with CR.
        """
        is_first = True
        for block in self._text:
            read = orjson.loads if exact_json.keeps_digits(block) else exact_json.loads
            for line in block.split(b"\n"):
                if not line.strip():
                    continue
                if is_first and b"\r" in line.strip() and _record(line, read) is None:
                    raise bad_line_ends()
                is_first = False
                yield line, read

    def __iter__(self) -> Iterator[Chunk]:
        records: list[dict] = []
        rows: list[int] = []
        defects: list[Defect] = []
        number, first = 0, 1
        for line, read in self._lines():
            number += 1
            record = _record(line, read)
            if isinstance(record, dict):
                records.append(record)
                rows.append(number)
            else:
                defects.append(Defect(number, "malformed_json", line.decode("utf-8", "replace")[:LONGEST_RAW]))
            if len(records) + len(defects) >= self._size:
                yield _chunk(records, rows, first, number, defects, self._text.damaged)
                records, rows, defects, first = [], [], [], number + 1
        if records or defects:
            yield _chunk(records, rows, first, number, defects, self._text.damaged)


class JsonArray(Reading):
    """One JSON array of objects. It has to be read whole, so it may not be longer than LONGEST_ARRAY."""

    def __init__(self, text: TextBlocks, *, size: int) -> None:
        self._size, self._text = size, text
        self._records = _array(text)

    @property
    def notes(self) -> list[str]:
        return self._text.notes

    def __iter__(self) -> Iterator[Chunk]:
        for offset in range(0, len(self._records), self._size):
            part = list(enumerate(self._records[offset : offset + self._size], start=offset + 1))
            good = [(row, record) for row, record in part if isinstance(record, dict)]
            bad = [(row, record) for row, record in part if not isinstance(record, dict)]
            defects = [Defect(row, "malformed_json", str(json_text(record))[:LONGEST_RAW]) for row, record in bad]
            records, rows = [record for _, record in good], [row for row, _ in good]
            yield _chunk(records, rows, offset + 1, offset + len(part), defects, self._text.damaged)


def _chunk(records: list[dict], rows: list[int], first: int, last: int, defects: list[Defect], damaged: bool) -> Chunk:
    numbers = np.array(rows, dtype=np.int64)
    return chunk_of(records, rows=numbers, first=first, last=last, defects=tuple(defects), damaged=damaged)


def _record(line: bytes, read: Callable[[bytes], object]) -> object:
    """What a line holds; None when it is not JSON."""
    try:
        return read(line)
    except ValueError:
        return None


def _array(text: TextBlocks) -> list:
    data = bytearray()
    for block in text:
        data += block
        if len(data) > LONGEST_ARRAY:
            raise Unreadable(_("A JSON array may be at most 64 MB; send longer ones as NDJSON (an object a line)."))
    if text.ended:
        raise Unreadable(_("The file ends early: a JSON array can only be read whole."))
    try:
        records = exact_json.loads(bytes(data))
    except ValueError as error:
        raise Unreadable(_("The file is not a JSON array: %(error)s.") % {"error": error}) from None
    return records if isinstance(records, list) else [records]
