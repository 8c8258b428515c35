"""Bodies of requests and responses: size and time limits, gzip, and JSON by orjson.

A body is read once, and never beyond its limit, whatever Content-Length claims."""

import time
import zlib
from decimal import Decimal
from typing import Any

import orjson
from django.utils.functional import Promise
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from retention.core import exact_json
from retention.core.errors import Malformed, TooLarge, TooSlow

MAX_BODY_BYTES = 32 << 20
DEFAULT_BODY_BYTES = 1 << 20
# Bytes read and discarded before a refusal, so that a client still sending receives the answer.
MAX_DRAINED_BYTES = 64 << 20
READ_CHUNK_BYTES = 256 << 10
BODY_META_KEY = "retention.body"
# A client that stalls in the middle of its request would block one of the few threads.
IDLE_TIMEOUT_SECONDS = 10.0
BODY_TIMEOUT_SECONDS = 120.0


def read_body(request: Request, *, limit: int = DEFAULT_BODY_BYTES) -> bytes:
    """The body as sent. TooLarge above `limit` bytes."""
    kept = request._request.META.get(BODY_META_KEY)
    if kept is None:
        kept = request._request.META[BODY_META_KEY] = _read(request, limit)
    if len(kept) > limit:
        raise _too_large(limit)
    return kept


def gunzip(body: bytes, *, limit: int) -> bytes:
    """The content of a gzip body; TooLarge as soon as the unpacked size exceeds `limit`."""
    unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        content = unpacker.decompress(body, limit + 1)
        while unpacker.eof and unpacker.unused_data and len(content) <= limit:  # concatenated gzip members
            rest = unpacker.unused_data
            unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
            content += unpacker.decompress(rest, limit + 1 - len(content))
    except zlib.error as error:
        raise Malformed(f"The body is not gzip: {error}.", code="bad_gzip") from error
    if len(content) > limit:
        raise _too_large(limit)
    if not unpacker.eof:
        raise Malformed("The gzip body ends too early.", code="bad_gzip")
    return content


def is_gzip(request: Request, body: bytes) -> bool:
    return request.headers.get("Content-Encoding", "").lower() in {"gzip", "x-gzip"} or body[:2] == b"\x1f\x8b"


def json_body(request: Request) -> Any:
    """The body as JSON of any shape. Malformed when it is not JSON."""
    body = read_body(request)
    if is_gzip(request, body):
        body = gunzip(body, limit=DEFAULT_BODY_BYTES)
    try:
        return exact_json.loads(body)
    except ValueError as error:
        raise Malformed(f"The body is not JSON: {error}.", code="malformed_json") from error


def json_object(request: Request) -> dict[str, Any]:
    """The body as one JSON object."""
    found = json_body(request)
    if not isinstance(found, dict):
        raise Malformed("The body must be a JSON object.", code="malformed_json")
    return found


def _read(request: Request, limit: int) -> bytes:
    source = request._request
    # Django treats a body without Content-Length as empty; gunicorn marks chunked bodies that it terminates itself.
    stream = source.META["wsgi.input"] if source.META.get("wsgi.input_terminated") else source
    if int(source.META.get("CONTENT_LENGTH") or 0) > limit:
        _drain(stream)
        raise _too_large(limit)
    _set_idle_timeout(source)
    pieces, size, until = [], 0, time.monotonic() + BODY_TIMEOUT_SECONDS
    while piece := _read_chunk(stream, until):
        pieces.append(piece)
        size += len(piece)
        if size > limit:
            _drain(stream)
            raise _too_large(limit)
    return b"".join(pieces)


def _set_idle_timeout(source: Any) -> None:
    connection = source.META.get("gunicorn.socket")
    if connection is not None:
        connection.settimeout(IDLE_TIMEOUT_SECONDS)


def _read_chunk(stream: Any, until: float) -> bytes:
    """At most READ_CHUNK_BYTES bytes; TooSlow when they do not arrive in time."""
    try:
        if time.monotonic() < until:
            return stream.read(READ_CHUNK_BYTES)
    except OSError:  # a socket time-out, in any of Django's wrappers; a lost connection gets no answer anyway
        pass
    raise TooSlow("The rest of the request did not come in time.")


def _drain(stream: Any) -> None:
    left = MAX_DRAINED_BYTES
    while left > 0 and (piece := stream.read(READ_CHUNK_BYTES)):
        left -= len(piece)


def _too_large(limit: int) -> TooLarge:
    return TooLarge(f"The body may be at most {limit >> 20} MiB, unpacked too.", code="too_large")


class JsonRenderer(BaseRenderer):
    """JSON by orjson: money as decimal text, instants with their offset."""

    media_type, format, charset = "application/json", "json", None

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        return b"" if data is None else orjson.dumps(data, default=_encode_other)


def _encode_other(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Promise):
        return str(value)
    raise TypeError(f"{type(value).__name__} is not JSON")
