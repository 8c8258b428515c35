"""Serializers, JSON Schemas and examples of batches, for checking bodies and for the OpenAPI document."""

from collections.abc import Callable
from typing import Any

import orjson
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema_serializer
from rest_framework import serializers

from customers.batches.models import IngestBatch
from customers.batches.services.bodies import CSV, JSON, NDJSON
from customers.ingest import field_types
from customers.ingest.models import QuarantinedRow
from customers.ingest.resources import RESOURCES
from customers.ingest.resources.base import VERSION, Field, Resource
from retention.core.api.schema import ApiSchema, ErrorDetail

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
    "language": "zh", "bundle_no": "B1001", "topic": "network", "severity": 2, "satisfaction": 7,
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


PAGING = [
    OpenApiParameter("cursor", str, description="`next` of the page before."),
    OpenApiParameter("limit", {"type": "integer", "minimum": 1, "maximum": 500, "default": 100}),
]
REASON = OpenApiParameter(
    "reason", str, required=True, description="Why it is taken back, at most 200 characters; kept in the audit trail."
)
STATES = [*IngestBatch.State.values, "loading"]


@with_response_example(ACCEPTED, statuses=("202",))
class Accepted(serializers.Serializer):
    id = serializers.UUIDField()
    resource = serializers.ChoiceField(choices=list(RESOURCES))
    state = serializers.ChoiceField(choices=["queued"])
    received = serializers.IntegerField(help_text="Rows.")


class TakenBack(serializers.Serializer):
    at = serializers.DateTimeField()
    reason = serializers.CharField()
    removed = serializers.IntegerField(help_text="Rows that it had inserted.")
    restored = serializers.IntegerField(help_text="Rows that are again what they were before it.")
    kept = serializers.IntegerField(help_text="Rows that a later delivery changed or sent again; see `errors`.")
    waiting = serializers.IntegerField(help_text="Waiting rows that were dropped.")


@with_response_example(BATCH)
class BatchState(serializers.Serializer):
    id = serializers.UUIDField()
    resource = serializers.ChoiceField(choices=list(RESOURCES))
    state = serializers.ChoiceField(choices=STATES)
    received = serializers.IntegerField()
    applied = serializers.IntegerField(help_text="New or changed.")
    unchanged = serializers.IntegerField(
        help_text="Said what is stored already or an older version of it, or only added to another row of its key."
    )
    waiting = serializers.IntegerField(help_text="Refer to something that has not come yet; they land by themselves.")
    rejected = serializers.IntegerField(help_text="Bad; see `errors`.")
    error = serializers.CharField(
        allow_blank=True, help_text="Why nothing of it could be loaded; `discarded`, `taken back`."
    )
    taken_back = TakenBack(allow_null=True)
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)


@with_response_example(BATCHES)
class BatchList(serializers.Serializer):
    results = BatchState(many=True)
    next = serializers.CharField(allow_null=True)


class WaitsFor(serializers.Serializer):
    resource = serializers.CharField()
    key = serializers.CharField()


class BadRow(serializers.Serializer):
    row = serializers.IntegerField(help_text="Number in the batch, from 1.")
    field = serializers.CharField(allow_blank=True)
    code = serializers.CharField()
    message = serializers.CharField()
    value = serializers.CharField(allow_null=True, allow_blank=True, help_text="As it was sent.")
    raw = serializers.DictField(
        child=serializers.CharField(allow_null=True), help_text="The row as it was sent; null where it gave nothing."
    )
    state = serializers.ChoiceField(choices=QuarantinedRow.State.values, help_text="A waiting row lands by itself.")
    waits_for = WaitsFor(allow_null=True, help_text="What a waiting row refers to and has not come.")
    since = serializers.DateTimeField(help_text="Since when it waits, or when it was rejected.")


@with_response_example(ERRORS)
class BatchErrors(serializers.Serializer):
    results = BadRow(many=True)
    next = serializers.CharField(allow_null=True)


@with_response_example(ROW, WAITING_EXAMPLE, statuses=("200", "201"))
class RowState(serializers.Serializer):
    resource = serializers.ChoiceField(choices=list(RESOURCES))
    key = serializers.DictField(child=serializers.CharField())
    state = serializers.ChoiceField(choices=["applied", "unchanged", "waiting"])


class EventsTaken(serializers.Serializer):
    received = serializers.IntegerField()
    applied = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    waiting = serializers.IntegerField()
    rejected = serializers.IntegerField()
    errors = ErrorDetail(many=True)  # type: ignore[assignment]


def event_example() -> OpenApiExample:
    value = {
        "event_no": "E1",
        "subscriber_no": "S1000001",
        "at": "2026-10-31T09:30:00+08:00",
        "kind": "port_out_inquiry",
    }
    return OpenApiExample("one event", value=value, request_only=True)


def row_schema(resource: Resource) -> dict[str, Any]:
    """JSON Schema of one row."""
    fields = [*resource.fields, VERSION]
    return {
        "type": "object",
        "properties": {f.name: _property(f) for f in fields},
        "required": [f.name for f in fields if f.required],
        "additionalProperties": False,
        "example": example_row(resource),
    }


class FactSchema(ApiSchema):
    """OpenAPI schema of a view for one resource."""

    @property
    def fact(self) -> Resource:
        found = getattr(self.view, "resource", None)
        assert isinstance(found, Resource), "is_excluded leaves out views without one"
        return found

    def is_excluded(self) -> bool:
        return getattr(self.view, "resource", None) is None


KEEPS = (
    "A field that a row leaves out keeps what is stored; null clears it. In CSV a column that the header lacks keeps,"
    " an empty cell clears. A new row gets the default."
)
EXACT = (
    "Numbers are kept as they are written or refused, never rounded: whole numbers of any length in keys are kept,"
    " money with more decimals than it has is refused. Full-width and invisible signs in keys and phone numbers are"
    " folded; +86, 0086, blanks and dashes do not make another phone number. Words of closed lists are sent as listed."
)


class FactsIn(FactSchema):
    def get_description(self) -> str:  # type: ignore[override]
        return f"{KEEPS}{_kept_in_silence(self.fact)}\n\n{EXACT}\n\nNeeds the scope `facts:write`."

    def get_operation_id(self) -> str:
        return f"send_{self.fact.name.replace('-', '_')}"

    def get_summary(self) -> str:
        return f"Send {self.fact.name}: up to 50,000 rows"

    def get_override_parameters(self) -> list[Any]:
        return [
            OpenApiParameter(
                "Idempotency-Key", str, OpenApiParameter.HEADER, required=True, description="One a batch."
            ),
        ]

    def get_request_serializer(self) -> Any:
        row = row_schema(self.fact)
        return {
            JSON: {"type": "array", "items": row, "minItems": 1, "maxItems": 50_000},
            NDJSON: {
                "type": "string",
                "description": "One object a line, of the same fields.",
                "example": as_ndjson(row),
            },
            CSV: {"type": "string", "description": "A header row names the fields.", "example": as_csv(row["example"])},
        }

    def get_response_serializers(self) -> Any:
        return {202: Accepted}


class FactIn(FactSchema):
    @property
    def removes(self) -> bool:
        return self.method == "DELETE"

    def get_operation_id(self) -> str:
        return f"{'take_back' if self.removes else 'put'}_{self.fact.name.replace('-', '_')}"

    def get_summary(self) -> str:
        return f"Take back one row of {self.fact.name}" if self.removes else f"Set one row of {self.fact.name}"

    def get_override_parameters(self) -> list[Any]:
        return [REASON] if self.removes else []

    def get_description(self) -> str:  # type: ignore[override]
        key = "~".join(self.fact.key)
        if self.removes:
            return (
                f"The key is written `{key}`. Waiting rows of the key go too; no row accepted before brings it back."
                " 409 `facts_attached`, with a count, while others refer to it.\n\nNeeds the scope `facts:write`."
            )
        return (
            f"The key is written `{key}`; its fields may be left out of the body. The body is the whole row: any other"
            f" optional field that it leaves out is cleared.{_kept_in_silence(self.fact)}\n\n{EXACT}"
            "\n\nNeeds the scope `facts:write`."
        )

    def get_request_serializer(self) -> Any:
        if self.removes:
            return None
        row = row_schema(self.fact)
        return {JSON: row | {"required": [name for name in row["required"] if name not in self.fact.key]}}

    def get_response_serializers(self) -> Any:
        return {204: None} if self.removes else {200: RowState, 201: RowState, 202: RowState}


def _kept_in_silence(resource: Resource) -> str:
    """The sentence about what only a value changes; "" for a resource without such fields."""
    explicit = ", ".join(f"`{one.name}`" for one in resource.optional if one.explicit)
    return (
        f" Only true or false changes {explicit}: neither silence nor null takes back an opt-out." if explicit else ""
    )


def _property(one: Any) -> dict[str, Any]:
    found = one.kind.schema() | {"title": str(one.label)}
    if not one.required:
        kinds = found["type"] if isinstance(found["type"], list) else [found["type"]]
        found["type"] = [*kinds, "null"]
        if "enum" in found:
            found["enum"] = [*found["enum"], None]
    return found
