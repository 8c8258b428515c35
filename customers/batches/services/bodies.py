"""Parsing the body of a batch into one chunk of rows.

`media_type` below is one of READERS, with the charset that the client has named: "text/csv;charset=gbk"."""

import io
from collections.abc import Callable

from customers.ingest.chunks import Chunk
from customers.ingest.resources.base import Resource
from customers.ingest.services.readers.base import Reading, Unreadable, ending_sentence
from customers.ingest.services.readers.delimited import Delimited
from customers.ingest.services.readers.json_lines import JsonArray, JsonLines
from customers.ingest.services.readers.text import TextBlocks
from customers.ingest.validators.columns import check_columns
from retention.core.errors import Malformed

NDJSON, CSV, JSON = "application/x-ndjson", "text/csv", "application/json"
READERS: dict[str, Callable[..., Reading]] = {NDJSON: JsonLines, CSV: Delimited, JSON: JsonArray}
# A batch is one chunk, so that its rows are locked in key order and a repeated key is always found.
SINGLE_CHUNK_ROWS = 10**9


def with_charset(media_type: str, charset: str) -> str:
    return f"{media_type};charset={charset}" if charset else media_type


def count_rows(body: bytes, media_type: str, resource: Resource) -> int:
    """The number of rows in a body, found with as little parsing as possible.

    Malformed when it cannot be parsed at all; Invalid when its header does not fit the resource.
    """
    try:
        reading = _reading(body, media_type)
        if isinstance(reading, JsonLines):
            return reading.count_rows()
        if reading.columns is not None:
            check_columns(resource, reading.columns)
        return sum(len(chunk.rows) + len(chunk.defects) for chunk in reading)
    except Unreadable as error:
        raise _malformed(error) from error


def read_body(body: bytes, media_type: str) -> Chunk | None:
    """The whole body as one chunk; None without rows. Malformed as above."""
    try:
        reading = _reading(body, media_type)
        chunks = list(reading)
    except Unreadable as error:
        raise _malformed(error) from error
    if reading.ended:
        raise Malformed(ending_sentence(reading.ended, chunks[-1].last if chunks else 0), code="unreadable")
    if not chunks:
        return None
    if len(chunks) > 1:
        raise AssertionError("a batch is read in one piece")
    return chunks[0]


def _reading(body: bytes, media_type: str) -> Reading:
    kind, _separator, charset = media_type.partition(";charset=")
    text = TextBlocks(io.BytesIO(body), packed=False, encoding=charset)
    return READERS[kind](text, size=SINGLE_CHUNK_ROWS)


def _malformed(error: Unreadable) -> Malformed:
    return Malformed(str(error.message), code="malformed_json" if error.code == "unreadable" else error.code)
