"""The faces in OpenAPI, from their own tables."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema

from retention.tmf.face import Face
from retention.tmf.shapes import TEXT

FIELDS = "Names of attributes with commas between; id, href and @type are always there."
PARTS = "Always 200, also for a part of the list: `X-Total-Count` tells, and `Link` leads on."
HEADERS = {
    "X-Total-Count": "How many there are in all.",
    "X-Result-Count": "How many of them are in this answer.",
    "X-Total-Count-Estimated": "`true` when there are so many that the total is an estimate.",
    "Link": "The first, previous and next page.",
}


def listed(face: Face) -> Any:
    """The description of the list."""
    return extend_schema(
        operation_id=f"list_{_snake(face.type)}",
        summary=f"List {face.type} (TMF{face.number})",
        description=f"{face.tells}\n\n{PARTS}",
        parameters=[*_asked(face), *_paging(), *_headers()],
        responses={200: OpenApiResponse({"type": "array", "items": schema(face)}, description="A page of them.")},
        examples=[OpenApiExample("A page", value=[example(face)], response_only=True, status_codes=["200"])],
    )


def one(face: Face) -> Any:
    """The description of one by its id."""
    return extend_schema(
        operation_id=f"get_{_snake(face.type)}",
        summary=f"Read one {face.type} (TMF{face.number})",
        description=face.tells,
        parameters=[
            OpenApiParameter("id", str, OpenApiParameter.PATH),
            OpenApiParameter("fields", str, description=FIELDS),
        ],
        responses={200: OpenApiResponse(schema(face), description="The resource.")},
        examples=[OpenApiExample(face.type, value=example(face), response_only=True, status_codes=["200"])],
    )


def schema(face: Face) -> dict[str, Any]:
    always = {"id": TEXT, "href": {"type": "string", "format": "uri"}, "@type": {"type": "string", "const": face.type}}
    properties = always | {name: dict(attribute.schema) for name, attribute in face.attributes.items()}
    return {"type": "object", "required": list(always), "properties": properties}


def example(face: Face) -> dict[str, Any]:
    values = dict(face.example)
    id = str(values.pop("id"))
    return {"id": id, "href": f"https://retention.example/tmf-api/{face.path}/{id}", "@type": face.type} | values


def _asked(face: Face) -> list[OpenApiParameter]:
    return [
        OpenApiParameter(name, dict(one.schema), description=one.description or f"Equals this {name}.")
        for name, one in face.filters.items()
    ]


def _paging() -> list[OpenApiParameter]:
    return [
        OpenApiParameter("fields", str, description=FIELDS),
        OpenApiParameter("offset", {"type": "integer", "minimum": 0, "maximum": 100_000_000, "default": 0}),
        OpenApiParameter("limit", {"type": "integer", "minimum": 0, "maximum": 200, "default": 20}),
    ]


def _headers() -> list[OpenApiParameter]:
    return [
        OpenApiParameter(name, str, OpenApiParameter.HEADER, description=text, response=[200])
        for name, text in HEADERS.items()
    ]


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")
