"""JSON Schemas of the rows of each resource, and the OpenAPI operations that take them."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter

from customers.batches.api.serializers.batches import REASON, WITHOUT_BLANK, Accepted, RowState
from customers.batches.api.serializers.examples import as_csv, as_ndjson, example_row
from customers.batches.services.bodies import CSV, JSON, NDJSON
from customers.ingest import field_types
from customers.ingest.resources.base import VERSION, Resource
from retention.core.api.schema import ApiSchema

LONGEST_KEY = 255  # of an Idempotency-Key


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
                "Idempotency-Key",
                {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY, "pattern": "^[!-~]([ -~]*[!-~])?$"},
                OpenApiParameter.HEADER,
                required=True,
                description="One a batch.",
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
            CSV: {
                "type": "string",
                "minLength": 1,
                "description": "A header row names the fields.",
                "example": as_csv(row["example"]),
            },
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
        one = r"[^~]*[^~\s][^~]*"
        key = {"type": "string", "pattern": f"^{'~'.join([one] * len(self.fact.key))}$"}
        written = OpenApiParameter(
            "key", key, OpenApiParameter.PATH, required=True, description=f"`{'~'.join(self.fact.key)}`"
        )
        return [written, REASON] if self.removes else [written]

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
    if one.required and isinstance(one.kind, field_types.Text):
        found |= {"minLength": 1, "pattern": WITHOUT_BLANK}
    if not one.required:
        kinds = found["type"] if isinstance(found["type"], list) else [found["type"]]
        found["type"] = [*kinds, "null"]
        if "enum" in found:
            found["enum"] = [*found["enum"], None]
    return found
