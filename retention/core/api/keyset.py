"""Pages of a list in an order of its own: the cursor holds what the last row was ordered by, so each page is one
stretch of an index however far down it lies."""

import base64
import binascii
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import orjson
from django.db.models import Q, QuerySet
from rest_framework.request import Request

from retention.core.api.paging import DEFAULT, MOST, integer_of
from retention.core.errors import Invalid

# How a key of the order comes back from the cursor.
Key = tuple[str, Callable[[Any], Any]]


def keyset_page(
    queryset: QuerySet, request: Request, *, keys: Sequence[Key], write: Callable[[Sequence[Any]], list[dict]]
) -> dict:
    """{"results": [...], "next": cursor or None} by `?cursor=&limit=`.

    keys: ("-probability", float) in order, the last one unique; write: the page's rows as JSON, all at once.
    """
    limit = integer_of(request, "limit", DEFAULT, low=1, high=MOST)
    after = _read(request.query_params.get("cursor", ""), keys)
    if after is not None:
        queryset = queryset.filter(_beyond(keys, after))
    rows = list(queryset.order_by(*(name for name, _kind in keys))[: limit + 1])
    shown = rows[:limit]
    return {"results": write(shown), "next": _cursor(shown[-1], keys) if len(rows) > limit else None}


def instant(text: str) -> datetime:
    """A cursor's moment; ValueError for one without its offset."""
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError(text)
    return found


def _beyond(keys: Sequence[Key], after: list[Any]) -> Q:
    """Rows after `after`: beyond in the first key, or equal in it and beyond in the next."""
    found, equal = Q(), Q()
    first = keys[0][0]
    for (name, _kind), value in zip(keys, after, strict=True):
        field, side = name.lstrip("-"), "lt" if name.startswith("-") else "gt"
        found |= equal & Q(**{f"{field}__{side}": value})
        equal &= Q(**{field: value})
    # Said once more for the planner, which finds the place in the index by this and not by the OR.
    bound = f"{first.lstrip('-')}__{'lte' if first.startswith('-') else 'gte'}"
    return Q(**{bound: after[0]}) & found


def _cursor(row: Any, keys: Sequence[Key]) -> str:
    values = [getattr(row, name.lstrip("-")) for name, _kind in keys]
    return base64.urlsafe_b64encode(orjson.dumps(values)).decode().rstrip("=")


def _read(cursor: str, keys: Sequence[Key]) -> list[Any] | None:
    if not cursor:
        return None
    try:
        values = orjson.loads(base64.urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4)))
        if not isinstance(values, list) or len(values) != len(keys):
            raise ValueError(cursor)
        return [_in_range(kind(value)) for value, (_name, kind) in zip(values, keys, strict=True)]
    except (ValueError, TypeError, OverflowError, binascii.Error):
        message = "This cursor was not given by us."
        details = [{"field": "cursor", "code": "invalid", "message": message}]
        raise Invalid(message, code="bad_parameter", details=details) from None


def _in_range(value: Any) -> Any:
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        raise ValueError(value)
    if isinstance(value, datetime) and not 1900 < value.year < 9000:
        raise ValueError(value)
    return value
