"""Long answers in pages. A cursor is where the last page ended, so rows that come in between shift nothing."""

import base64
import binascii
from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from rest_framework.request import Request

from retention.core.errors import Invalid

DEFAULT, MOST = 100, 500


def page_of(queryset: QuerySet, request: Request, *, write: Callable[[Any], dict], order: str = "pk") -> dict:
    """{"results": [...], "next": cursor or None} by `?cursor=&limit=`. order: "pk" or "-pk". write: a row as JSON."""
    limit = integer_of(request, "limit", DEFAULT, low=1, high=MOST)
    after = _read(request.query_params.get("cursor", ""))
    if after is not None:
        queryset = queryset.filter(**{"pk__lt" if order.startswith("-") else "pk__gt": after})
    rows = list(queryset.order_by(order)[: limit + 1])
    shown = rows[:limit]
    more = len(rows) > limit
    return {"results": [write(row) for row in shown], "next": cursor_of(shown[-1].pk) if more else None}


def cursor_of(key: int) -> str:
    return base64.urlsafe_b64encode(str(key).encode()).decode().rstrip("=")


def integer_of(request: Request, name: str, default: int, *, low: int, high: int) -> int:
    """A query parameter; Invalid, naming it, when it is no whole number between low and high."""
    text = request.query_params.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 12 and low <= int(text) <= high):
        raise _bad(name, f"{name} must be a whole number from {low} to {high}.")
    return int(text)


def choice_of(request: Request, name: str, default: str, *, choices: list[str]) -> str:
    """A query parameter that is one of `choices`."""
    text = request.query_params.get(name, default)
    if text not in choices:
        raise _bad(name, f"{name} must be one of {', '.join(choices)}.")
    return text


def _read(cursor: str) -> int | None:
    if not cursor:
        return None
    try:
        key = int(base64.urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4)))
    except (ValueError, UnicodeEncodeError, binascii.Error):
        raise _bad("cursor", "This cursor was not given by us.") from None
    if not 0 <= key < 2**63:
        raise _bad("cursor", "This cursor was not given by us.")
    return key


def _bad(name: str, message: str) -> Invalid:
    return Invalid(message, code="bad_parameter", details=[{"field": name, "code": "invalid", "message": message}])
