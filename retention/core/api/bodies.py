"""Bodies of requests and responses: length and size, gzip, charset, and JSON by orjson.

The server has the whole body before a view runs (retention/serving/); what is checked here holds under any server.
"""

import codecs
import zlib
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import orjson
from django.http import UnreadablePostError
from django.utils.functional import Promise
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from retention.core import clock, exact_json
from retention.core.errors import Malformed, TooLarge, UnsupportedType

MAX_BODY_BYTES = 32 << 20
DEFAULT_BODY_BYTES = 1 << 20
BODY_META_KEY = "retention.body"
UTF_8 = "utf-8"
CHARSETS = (UTF_8, "ascii", "gb2312", "gbk", "gb18030", "big5", "utf-16", "utf-16-le", "utf-16-be")


def read_body(request: Request, *, limit: int = DEFAULT_BODY_BYTES) -> bytes:
    """The body as sent. TooLarge above `limit` bytes, Malformed when it is shorter than its Content-Length."""
    kept = request._request.META.get(BODY_META_KEY)
    if kept is None:
        kept = request._request.META[BODY_META_KEY] = _read(request, limit)
    if len(kept) > limit:
        raise too_large(limit)
    return kept


def read_content(request: Request, *, limit: int = DEFAULT_BODY_BYTES) -> bytes:
    """The body, unpacked if gzip. UnsupportedType for any other Content-Encoding; errors of read_body and gunzip."""
    coding = request.headers.get("Content-Encoding", "").strip().lower()
    if coding not in {"", "identity", "gzip", "x-gzip"}:
        raise UnsupportedType("The Content-Encoding may be gzip, or none.")
    body = read_body(request, limit=limit)
    packed = "gzip" in coding or body[:2] == b"\x1f\x8b"
    return gunzip(body, limit=limit) if packed else body


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
        raise too_large(limit)
    if not unpacker.eof:
        raise Malformed("The gzip body ends too early.", code="bad_gzip")
    return content


def charset_of(request: Request) -> str:
    """The charset that the Content-Type names, in Python's spelling; "" without. UnsupportedType unless in CHARSETS."""
    named = (request._request.content_params or {}).get("charset", "").strip("\"' ")
    if not named:
        return ""
    try:
        found = codecs.lookup(named).name if named.isascii() else ""
    except (LookupError, ValueError):
        found = ""
    if found not in CHARSETS:
        raise UnsupportedType(f"The charset may be one of {', '.join(CHARSETS)}.", code="unsupported_charset")
    return found


def json_body(request: Request) -> Any:
    """The body as JSON of any shape. Malformed when it is not JSON, UnsupportedType for charset or Content-Encoding."""
    charset = charset_of(request)
    body = read_content(request)
    try:
        return exact_json.loads(body if charset in {"", UTF_8} else body.decode(charset).encode())
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
    announced = int(source.META.get("CONTENT_LENGTH") or 0)
    if announced > limit:
        raise too_large(limit)
    try:
        body = source.read(announced)
    except UnreadablePostError:
        body = b""
    if len(body) < announced:
        raise Malformed("The body is shorter than its Content-Length says.", code="body_cut")
    return body


def too_large(limit: int) -> TooLarge:
    return TooLarge(f"The body may be at most {limit >> 20} MiB, unpacked too.", code="too_large")


class JsonRenderer(BaseRenderer):
    """JSON by orjson: money as decimal text, instants with the offset of the operator's time zone."""

    media_type, format, charset = "application/json", "json", None

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        if data is None:
            return b""
        return orjson.dumps(data, default=_encode_other, option=orjson.OPT_PASSTHROUGH_DATETIME)


def _encode_other(value: Any) -> Any:
    if isinstance(value, Decimal | Promise):
        return str(value)
    if isinstance(value, datetime):
        return clock.format_instant(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is not JSON")
