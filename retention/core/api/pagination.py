"""Pagination by cursor, by primary key (`cursor_page`) or by any unique order (`keyset_page`).

A cursor holds the order values of the last row: rows inserted meanwhile do not shift pages, and each page is one
range of an index."""

import base64
import binascii
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import orjson
from django.db.models import Q, QuerySet
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from retention.core.api.parameters import bad_parameter

DEFAULT_LIMIT, MAX_LIMIT = 100, 500
BAD_CURSOR = "This cursor was not given by us."
# What a list of pages documents besides its own parameters.
PAGING = [
    OpenApiParameter("cursor", str, description="`next` of the page before."),
    OpenApiParameter("limit", {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT}),
]


def cursor_page(queryset: QuerySet, request: Request, *, write: Callable[[Any], dict], order: str = "pk") -> dict:
    """{"results": [...], "next": cursor or None} by `?cursor=&limit=`. order: "pk" or "-pk". write: a row as JSON."""
    limit = integer_parameter(request, "limit", DEFAULT_LIMIT, low=1, high=MAX_LIMIT)
    after = _decode_cursor(request.query_params.get("cursor", ""))
    if after is not None:
        queryset = queryset.filter(**{"pk__lt" if order.startswith("-") else "pk__gt": after})
    rows = list(queryset.order_by(order)[: limit + 1])
    shown = rows[:limit]
    more = len(rows) > limit
    return {"results": [write(row) for row in shown], "next": encode_cursor(shown[-1].pk) if more else None}


def encode_cursor(key: int) -> str:
    return base64.urlsafe_b64encode(str(key).encode()).decode().rstrip("=")


def integer_parameter(request: Request, name: str, default: int, *, low: int, high: int) -> int:
    """A query parameter; Invalid, with its name, unless it is a whole number between low and high."""
    text = request.query_params.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 12 and low <= int(text) <= high):
        raise bad_parameter(name, f"{name} must be a whole number from {low} to {high}.")
    return int(text)


def choice_parameter(request: Request, name: str, default: str, *, choices: list[str]) -> str:
    """A query parameter that is one of `choices`, `default` without it."""
    text = request.query_params.get(name)
    if text is None:
        return default
    if text not in choices:
        raise bad_parameter(name, f"{name} must be one of {', '.join(choices)}.")
    return text


def _decode_cursor(cursor: str) -> int | None:
    if not cursor:
        return None
    try:
        key = int(base64.urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4)))
    except (ValueError, UnicodeEncodeError, binascii.Error):
        raise bad_parameter("cursor", BAD_CURSOR) from None
    if not 0 <= key < 2**63:
        raise bad_parameter("cursor", BAD_CURSOR)
    return key


# Conversion of an order value from the cursor.
SortKey = tuple[str, Callable[[Any], Any]]


def keyset_page(
    queryset: QuerySet, request: Request, *, keys: Sequence[SortKey], write: Callable[[Sequence[Any]], list[dict]]
) -> dict:
    """{"results": [...], "next": cursor or None} by `?cursor=&limit=`.

    keys: ("-probability", float) in order, the last one unique; write: the page's rows as JSON, all at once.
    """
    limit = integer_parameter(request, "limit", DEFAULT_LIMIT, low=1, high=MAX_LIMIT)
    after = _decode_keys(request.query_params.get("cursor", ""), keys)
    if after is not None:
        queryset = queryset.filter(_after_condition(keys, after))
    rows = list(queryset.order_by(*(name for name, _kind in keys))[: limit + 1])
    shown = rows[:limit]
    return {"results": write(shown), "next": _encode_keys(shown[-1], keys) if len(rows) > limit else None}


def parse_instant(text: str) -> datetime:
    """An instant of a cursor; ValueError without a UTC offset."""
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError(text)
    return found


def _after_condition(keys: Sequence[SortKey], after: list[Any]) -> Q:
    """Rows after `after`: greater in the first key, or equal in it and greater in the next."""
    found, equal = Q(), Q()
    first = keys[0][0]
    for (name, _kind), value in zip(keys, after, strict=True):
        field, side = name.lstrip("-"), "lt" if name.startswith("-") else "gt"
        found |= equal & Q(**{f"{field}__{side}": value})
        equal &= Q(**{field: value})
    # Redundant, but lets the planner use the index: it cannot use the OR.
    bound = f"{first.lstrip('-')}__{'lte' if first.startswith('-') else 'gte'}"
    return Q(**{bound: after[0]}) & found


def _encode_keys(row: Any, keys: Sequence[SortKey]) -> str:
    values = [getattr(row, name.lstrip("-")) for name, _kind in keys]
    return base64.urlsafe_b64encode(orjson.dumps(values)).decode().rstrip("=")


def _decode_keys(cursor: str, keys: Sequence[SortKey]) -> list[Any] | None:
    if not cursor:
        return None
    try:
        values = orjson.loads(base64.urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4)))
        if not isinstance(values, list) or len(values) != len(keys):
            raise ValueError(cursor)
        return [_in_range(kind(value)) for value, (_name, kind) in zip(values, keys, strict=True)]
    except (ValueError, TypeError, OverflowError, binascii.Error):
        raise bad_parameter("cursor", BAD_CURSOR) from None


def _in_range(value: Any) -> Any:
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        raise ValueError(value)
    if isinstance(value, datetime) and not 1900 < value.year < 9000:
        raise ValueError(value)
    return value
