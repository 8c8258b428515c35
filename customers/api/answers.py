"""What the fact endpoints answer, as examples for the API's description."""

from collections.abc import Callable
from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer

NUMBER = "0d0a6c1e-6a1f-4d0e-9f0b-2f4b8c1d7e55"
ACCEPTED: dict[str, Any] = {"id": NUMBER, "resource": "usage-days", "state": "queued", "received": 10_000}
BATCH: dict[str, Any] = {
    "id": NUMBER,
    "resource": "usage-days",
    "state": "loaded",
    "received": 10_000,
    "applied": 9_950,
    "unchanged": 38,
    "waiting": 10,
    "rejected": 2,
    "error": "",
    "created_at": "2026-11-01T02:00:00+08:00",
    "finished_at": "2026-11-01T02:00:01+08:00",
}
BATCHES: dict[str, Any] = {"results": [BATCH], "next": None}
BAD_ROW: dict[str, Any] = {
    "row": 7_001,
    "field": "day",
    "code": "bad_date",
    "message": "2026-02-30 is no day.",
    "value": "2026-02-30",
    "raw": {"subscriber_no": "S1000001", "day": "2026-02-30"},
}
ERRORS: dict[str, Any] = {"results": [BAD_ROW], "next": None}
ROW: dict[str, Any] = {"resource": "plans", "key": {"code": "P99"}, "state": "applied"}
EVENTS: dict[str, Any] = {"received": 1, "applied": 1, "unchanged": 0, "waiting": 0, "rejected": 0, "errors": []}


def example(value: dict[str, Any], *others: OpenApiExample, statuses: tuple[str, ...] = ("200",)) -> Callable:
    """For a serializer: what it looks like wherever it is the answer."""
    return extend_schema_serializer(examples=[shown("Answer", value, *statuses), *others])


def shown(name: str, value: dict[str, Any], *statuses: str) -> OpenApiExample:
    return OpenApiExample(name, value=value, response_only=True, status_codes=list(statuses))


WAITING = shown("Waiting", ROW | {"state": "waiting"}, "202")
