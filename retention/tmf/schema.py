"""OpenAPI operations of the resources, built from their tables."""

import re
from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema

from retention.tmf.fields.base import Resource
from retention.tmf.fields.schemas import TEXT
from retention.tmf.views import DEFAULT_LIMIT, MAX_LIMIT, MAX_OFFSET, MAX_SORT_KEYS

FIELDS_HELP = "Names of attributes with commas between; id, href and @type are always there, unknown names are ignored."
PAGING_HELP = "Always 200, also for a part of the list: `X-Total-Count` tells, and `Link` leads on."
HEADERS = {
    "X-Total-Count": "How many there are in all.",
    "X-Result-Count": "How many of them are in this answer.",
    "X-Total-Count-Estimated": "`true` when there are so many that the total is an estimate.",
    "Link": "The first, previous and next page.",
}


def list_operation(resource: Resource) -> Any:
    """The description of the list."""
    return extend_schema(
        operation_id=f"list_{_snake(resource.type)}",
        summary=f"List {resource.type} (TMF{resource.number})",
        description=f"{resource.description}\n\n{PAGING_HELP}",
        parameters=[*_filter_parameters(resource), *_paging(resource), *_headers()],
        responses={200: OpenApiResponse({"type": "array", "items": schema(resource)}, description="A page of them.")},
        examples=[OpenApiExample("A page", value=[example(resource)], response_only=True, status_codes=["200"])],
    )


def item_operation(resource: Resource) -> Any:
    """The description of reading one by its id."""
    return extend_schema(
        operation_id=f"get_{_snake(resource.type)}",
        summary=f"Read one {resource.type} (TMF{resource.number})",
        description=resource.description,
        parameters=[
            OpenApiParameter("id", str, OpenApiParameter.PATH),
            OpenApiParameter("fields", str, description=FIELDS_HELP),
        ],
        responses={200: OpenApiResponse(schema(resource), description="The resource.")},
        examples=[OpenApiExample(resource.type, value=example(resource), response_only=True, status_codes=["200"])],
    )


def schema(resource: Resource) -> dict[str, Any]:
    always = {
        "id": TEXT,
        "href": {"type": "string", "format": "uri"},
        "@type": {"type": "string", "const": resource.type},
    }
    properties = always | {name: dict(attribute.schema) for name, attribute in resource.attributes.items()}
    return {"type": "object", "required": list(always), "properties": properties}


def example(resource: Resource) -> dict[str, Any]:
    values = dict(resource.example)
    id = str(values.pop("id"))
    return {
        "id": id,
        "href": f"https://retention.example/tmf-api/{resource.path}/{id}",
        "@type": resource.type,
    } | values


def _filter_parameters(resource: Resource) -> list[OpenApiParameter]:
    return [
        OpenApiParameter(name, dict(one.schema), description=one.description or f"Equals this {name}.")
        for name, one in resource.filters.items()
    ]


def _paging(resource: Resource) -> list[OpenApiParameter]:
    return [
        OpenApiParameter("fields", str, description=FIELDS_HELP),
        OpenApiParameter("sort", _sort_schema(resource), description=_sort_help(resource)),
        OpenApiParameter("offset", {"type": "integer", "minimum": 0, "maximum": MAX_OFFSET, "default": 0}),
        OpenApiParameter("limit", {"type": "integer", "minimum": 0, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT}),
    ]


def _sort_schema(resource: Resource) -> dict[str, Any]:
    name = f"[+-]?({'|'.join(map(re.escape, resource.sortable))})"
    return {"type": "string", "pattern": f"^({name}(,{name}){{0,{MAX_SORT_KEYS - 1}}})?$"}


def _sort_help(resource: Resource) -> str:
    names = ", ".join(f"`{name}`" for name in resource.sortable)
    within = f" Needs one of {', '.join(f'`{name}`' for name in resource.sort_within)}." if resource.sort_within else ""
    return f"Names with commas between, `-` before one for falling: {names}.{within}"


def _headers() -> list[OpenApiParameter]:
    return [
        OpenApiParameter(name, str, OpenApiParameter.HEADER, description=text, response=[200])
        for name, text in HEADERS.items()
    ]


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")
