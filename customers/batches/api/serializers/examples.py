"""Examples of rows, batches and answers for the OpenAPI document; a test sends them."""

from collections.abc import Callable
from typing import Any

import orjson
from drf_spectacular.utils import OpenApiExample, extend_schema_serializer

from customers.ingest import field_types
from customers.ingest.resources.base import Field, Resource

EXAMPLE_BATCH_NUMBER = "0d0a6c1e-6a1f-4d0e-9f0b-2f4b8c1d7e55"
ACCEPTED: dict[str, Any] = {"id": EXAMPLE_BATCH_NUMBER, "resource": "usage-days", "state": "queued", "received": 10_000}
BATCH: dict[str, Any] = {
    "id": EXAMPLE_BATCH_NUMBER,
    "resource": "usage-days",
    "state": "loaded",
    "received": 10_000,
    "applied": 9_950,
    "unchanged": 38,
    "waiting": 10,
    "rejected": 2,
    "error": "",
    "taken_back": None,
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
    "state": "rejected",
    "waits_for": None,
    "since": "2026-11-01T02:00:01+08:00",
}
WAITING_ROW: dict[str, Any] = {
    "row": 7_002,
    "field": "subscriber_no",
    "code": "unknown_reference",
    "message": "Row 7002: subscriber_no is 'S1000002', which is not known yet; the row waits for it.",
    "value": "S1000002",
    "raw": {"subscriber_no": "S1000002", "day": "2026-10-31"},
    "state": "waiting",
    "waits_for": {"resource": "subscribers", "key": "S1000002"},
    "since": "2026-11-01T02:00:01+08:00",
}
ERRORS: dict[str, Any] = {"results": [BAD_ROW, WAITING_ROW], "next": None}
ROW: dict[str, Any] = {"resource": "plans", "key": {"code": "P99"}, "state": "applied"}
EVENTS: dict[str, Any] = {"received": 1, "applied": 1, "unchanged": 0, "waiting": 0, "rejected": 0, "errors": []}


def with_response_example(
    value: dict[str, Any], *others: OpenApiExample, statuses: tuple[str, ...] = ("200",)
) -> Callable:
    """Class decorator of a serializer: its example wherever it is the response."""
    return extend_schema_serializer(examples=[response_example("Answer", value, *statuses), *others])


def response_example(name: str, value: dict[str, Any], *statuses: str) -> OpenApiExample:
    return OpenApiExample(name, value=value, response_only=True, status_codes=list(statuses))


WAITING_EXAMPLE = response_example("Waiting", ROW | {"state": "waiting"}, "202")


def event_example() -> OpenApiExample:
    value = {
        "event_no": "E1",
        "subscriber_no": "S1000001",
        "at": "2026-10-31T09:30:00+08:00",
        "kind": "port_out_inquiry",
    }
    return OpenApiExample("one event", value=value, request_only=True)


# By field, where a plain value of its type would not be instructive. Phone numbers begin with 100, which is unassigned.
EXAMPLE_VALUES: dict[str, Any] = {
    "code": "YL01", "name": "Plan 99", "level": "city", "parent_code": "YL", "branch_code": "YL01",
    "customer_no": "C1000001", "account_no": "A1000001", "subscriber_no": "S1000001", "group_no": "G1001",
    "contract_no": "K1000001", "subscription_no": "P1000001", "payment_no": "Z1000001", "entry_no": "J1000001",
    "event_no": "E1000001", "ticket_no": "T1000001", "phone_number": "10012345678", "contact_phone": "10012345678",
    "plan_code": "P99", "product_code": "V01", "policy_code": "H24", "channel": "outlet", "monthly_fee": "99.00",
    "month": "2026-10", "day": "2026-10-31", "at": "2026-10-31T09:30:00+08:00",
    "opened_at": "2026-10-31T09:30:00+08:00",
    "paid_at": "2026-10-31T09:30:00+08:00", "closed_at": "2026-10-31T11:00:00+08:00", "starts_on": "2025-11-01",
    "ends_on": "2027-10-31", "activated_on": "2024-03-15", "first_seen_on": "2025-06-18", "joined_on": "2024-03-15",
    "birth_date": "1988-05-04", "kind": None, "total": "118.50", "plan_fee": "99.00", "amount": "100.00",
    "balance": "23.40", "voice_out_s": 1840, "voice_in_s": 2110, "calls_out": 12, "calls_in": 9, "sms_out": 2,
    "data_mb": 812.5, "calls": 14, "minutes": 63.5, "other_hash": "9f2c41d07be81a55", "purpose": "marketing",
    "source": "app", "granted": True, "value": "electronic", "detail": {"target": "rival"}, "points": 120,
    "reason": "monthly", "tac": "35332811", "brand": "Huawei", "model": "P60", "months": 24, "email": "a@example.com",
    "language": "zh", "bundle_no": "B1001", "number_hash": "41d07be81a559f2c",
    "topic": "network", "severity": 2, "satisfaction": 7,
}  # fmt: skip
OMITTED_FIELDS = {
    "status_reason", "terminated_on", "termination_reason", "promotion_code", "ended_on", "expires_on", "on_sale_from",
    "on_sale_until", "category", "rolled_up",
}  # fmt: skip


def example_row(resource: Resource) -> dict[str, Any]:
    """An example row: the required fields, and the optional ones with an instructive value."""
    row = {f.name: _value(resource, f) for f in resource.fields if f.required or f.name not in OMITTED_FIELDS}
    return {name: value for name, value in row.items() if value is not None}


def _value(resource: Resource, one: Field) -> Any:
    if isinstance(one.kind, field_types.Choice):
        return one.kind.values[0]
    if resource.name == "attributes" and one.name == "name":
        return "payment_method"
    if EXAMPLE_VALUES.get(one.name) is not None:
        value = EXAMPLE_VALUES[one.name]
        return int(value) if isinstance(one.kind, field_types.Integer) else value
    return _plain(one) if one.required else None


def _plain(one: Field) -> Any:
    match one.kind.name:
        case "integer":
            return 1
        case "number":
            return 1.5
        case "decimal":
            return "0.10"
        case "flag":
            return True
        case "day":
            return "2026-10-31"
        case "month":
            return "2026-10"
        case "instant":
            return "2026-10-31T09:30:00+08:00"
        case _:
            return "A1"


def as_ndjson(schema: dict[str, Any]) -> str:
    return orjson.dumps(schema["example"]).decode() + "\n"


def as_csv(row: dict[str, Any]) -> str:
    flat = {name: value for name, value in row.items() if not isinstance(value, dict)}
    texts = [str(value).lower() if isinstance(value, bool) else str(value) for value in flat.values()]
    return f"{','.join(flat)}\n{','.join(texts)}\n"
