"""A file as chunks of text columns, recognised by its content: CSV, NDJSON, a JSON array, Parquet, or gzip of one."""

import gzip
import shutil
import tempfile
from typing import BinaryIO

from django.utils.translation import gettext as _

from customers.ingest.chunks import CHUNK_ROWS
from customers.ingest.services.readers.base import Naming, Reading, Unreadable, ending_sentence
from customers.ingest.services.readers.delimited import Delimited
from customers.ingest.services.readers.json_lines import JsonArray, JsonLines
from customers.ingest.services.readers.parquet import Parquet
from customers.ingest.services.readers.text import BOMS, TextBlocks

GZIP, PARQUET, ZIP = b"\x1f\x8b", b"PAR1", b"PK\x03\x04"
SPOOL_BYTES = 64 << 20
JSON_ROWS = 20_000  # JSON rows pass through Python objects, which are big

__all__ = ["Reading", "Unreadable", "ending_sentence", "open_source"]


def open_source(file: BinaryIO, *, size: int = CHUNK_ROWS, naming: Naming | None = None) -> Reading:
    """The reader for a seekable binary file. Unreadable when it is none of ours.

    size: the most rows in a chunk. naming: of the columns of a header line; without it an empty or repeated name is an
    error.
    """
    packed = _start(file, len(GZIP)) == GZIP
    data: BinaryIO = gzip.GzipFile(fileobj=file) if packed else file  # type: ignore[assignment]
    start = _start_of(data, packed=packed)
    if start.startswith(PARQUET):
        return Parquet(_unpacked(data) if packed else file, size=size)
    if start.startswith(ZIP):
        raise Unreadable(_("The file is a ZIP archive or an Excel workbook; save it as CSV first."))
    text = TextBlocks(data, packed=packed)
    first = _first_character(start)
    if first == b"[":
        return JsonArray(text, size=min(size, JSON_ROWS))
    if first == b"{":
        return JsonLines(text, size=min(size, JSON_ROWS))
    return Delimited(text, size=size, naming=naming)


def _start(file: BinaryIO, length: int) -> bytes:
    start = file.read(length)
    file.seek(0)
    return start


def _start_of(data: BinaryIO, *, packed: bool) -> bytes:
    try:
        return _start(data, 4096)
    except (EOFError, OSError) as error:
        if packed:
            raise Unreadable(_("The file ends early: not even its first rows can be unpacked.")) from error
        raise


def _first_character(start: bytes) -> bytes:
    for mark in BOMS:
        start = start.removeprefix(mark)
    return start.replace(b"\0", b"").lstrip()[:1]


def _unpacked(data: BinaryIO) -> BinaryIO:
    """Parquet is read from its end, so it must lie unpacked."""
    whole = tempfile.SpooledTemporaryFile(max_size=SPOOL_BYTES)  # noqa: SIM115  (the reader closes it by dropping it)
    try:
        shutil.copyfileobj(data, whole)
    except (EOFError, OSError) as error:
        raise Unreadable(_("The file ends early: Parquet can only be read whole.")) from error
    whole.seek(0)
    return whole  # type: ignore[return-value]
