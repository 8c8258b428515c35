"""What the fact endpoints say of themselves in OpenAPI: every field of every resource comes from its descriptor."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiParameter
from rest_framework import serializers

from customers.batches.api import examples
from customers.batches.api.examples import as_csv, example_row
from customers.batches.models import IngestBatch
from customers.batches.services.bodies import CSV, JSON, NDJSON
from customers.ingest.resources import RESOURCES
from customers.ingest.resources.base import VERSION, Resource
from retention.core.api.schema import ApiSchema, ErrorDetail

PAGING = [
    OpenApiParameter("cursor", str, description="`next` of the page before."),
    OpenApiParameter("limit", {"type": "integer", "minimum": 1, "maximum": 500, "default": 100}),
]
STATES = [*IngestBatch.State.values, "loading"]


@examples.with_response_example(examples.ACCEPTED, statuses=("202",))
class Accepted(serializers.Serializer):
    id = serializers.UUIDField()
    resource = serializers.ChoiceField(choices=list(RESOURCES))
    state = serializers.ChoiceField(choices=["queued"])
    received = serializers.IntegerField(help_text="Rows.")


@examples.with_response_example(examples.BATCH)
class BatchState(serializers.Serializer):
    id = serializers.UUIDField()
    resource = serializers.ChoiceField(choices=list(RESOURCES))
    state = serializers.ChoiceField(choices=STATES)
    received = serializers.IntegerField()
    applied = serializers.IntegerField(help_text="New or changed.")
    unchanged = serializers.IntegerField(help_text="Said what is stored already, or an older version of it.")
    waiting = serializers.IntegerField(help_text="Refer to something that has not come yet; they land by themselves.")
    rejected = serializers.IntegerField(help_text="Bad; see `errors`.")
    error = serializers.CharField(allow_blank=True, help_text="Why nothing of it could be loaded.")
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)


@examples.with_response_example(examples.BATCHES)
class BatchList(serializers.Serializer):
    results = BatchState(many=True)
    next = serializers.CharField(allow_null=True)


class BadRow(serializers.Serializer):
    row = serializers.IntegerField(help_text="Number in the batch, from 1.")
    field = serializers.CharField(allow_blank=True)
    code = serializers.CharField()
    message = serializers.CharField()
    value = serializers.CharField(allow_null=True, allow_blank=True, help_text="As it was sent.")
    raw = serializers.DictField(child=serializers.CharField(), help_text="The row as it was sent.")


@examples.with_response_example(examples.ERRORS)
class BatchErrors(serializers.Serializer):
    results = BadRow(many=True)
    next = serializers.CharField(allow_null=True)


@examples.with_response_example(examples.ROW, examples.WAITING, statuses=("200", "201"))
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
    """Of a view that is made for one resource."""

    @property
    def fact(self) -> Resource | None:
        return getattr(self.view, "resource", None)

    def is_excluded(self) -> bool:
        return self.fact is None


class FactsIn(FactSchema):
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
            NDJSON: {"type": "string", "description": "One object a line, of the same fields."},
            CSV: {"type": "string", "description": "A header row names the fields.", "example": as_csv(row["example"])},
        }

    def get_response_serializers(self) -> Any:
        return {202: Accepted}


class FactIn(FactSchema):
    def get_operation_id(self) -> str:
        return f"put_{self.fact.name.replace('-', '_')}"

    def get_summary(self) -> str:
        return f"Set one row of {self.fact.name}"

    def get_description(self) -> str:  # type: ignore[override]
        key = "~".join(self.fact.key)
        return f"The key is written `{key}`; its fields may be left out of the body.\n\nNeeds the scope `facts:write`."

    def get_request_serializer(self) -> Any:
        row = row_schema(self.fact)
        return {JSON: row | {"required": [name for name in row["required"] if name not in self.fact.key]}}

    def get_response_serializers(self) -> Any:
        return {200: RowState, 201: RowState, 202: RowState}


def _property(one: Any) -> dict[str, Any]:
    found = one.kind.schema() | {"title": str(one.label)}
    if not one.required:
        kinds = found["type"] if isinstance(found["type"], list) else [found["type"]]
        found["type"] = [*kinds, "null"]
        if "enum" in found:
            found["enum"] = [*found["enum"], None]
    return found
