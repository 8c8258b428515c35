"""The description of the API: the OpenAPI document, and one HTML page that needs no network.

On the page, references of the document are resolved, fields are table rows and examples are text.
"""

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.request import Request

from retention.core.accounts.permissions import public
from retention.core.api.tags import TAGS, tags_in_order

Json = dict[str, Any]
MAX_SCHEMA_DEPTH = 3
CODE_PATTERN = re.compile(r"`([^`]+)`")
PLACEHOLDER_PATTERN = re.compile(r"\{(\w+)\}")
# Prefix of the scope sentence, which the page shows as a badge instead.
SCOPE_PREFIX = "Needs the scope "
SCHEMA_MAX_AGE_S = 300
TONES = {"GET": "info", "POST": "good", "PUT": "warning", "PATCH": "warning", "DELETE": "bad"}


def describe_operation(document: Json, path: str, method: str, operation: Json) -> Json:
    """{id, method, tone, path, summary, text, scope, parameters, request, answers, errors, curl} for the template.

    path: for a webhook, which the reader receives and does not call, the name of its event.
    """
    answers = [_answer(document, status, body) for status, body in operation["responses"].items()]
    request = _body(document, _resolve_reference(document, operation.get("requestBody", {})))
    paragraphs = [part for part in operation.get("description", "").split("\n\n") if not part.startswith(SCOPE_PREFIX)]
    return {
        "id": operation["operationId"],
        "method": method.upper(),
        "tone": TONES[method.upper()],
        "path": path,
        "summary": operation.get("summary", "").replace("`", ""),
        "text": [_pieces(part) for part in paragraphs if part],
        "scope": operation.get("x-scope", ""),
        "parameters": [_parameter(document, one) for one in operation.get("parameters", []) if one["in"] != "header"],
        "headers": [_parameter(document, one) for one in operation.get("parameters", []) if one["in"] == "header"],
        "request": request,
        "answers": [answer for answer in answers if answer["status"] < "300"],
        "errors": [answer for answer in answers if answer["status"] >= "300"],
        "curl": _curl(path, method, request) if path.startswith("/") else "",
    }


def _answer(document: Json, status: str, body: Json) -> Json:
    shown = _body(document, body)
    headers = [
        {"name": name, "type": _kind(document, one.get("schema", {})), "text": _pieces(one.get("description", ""))}
        for name, one in body.get("headers", {}).items()
    ]
    return shown | {"status": status, "text": _pieces(body.get("description", "")), "headers": headers}


def _body(document: Json, body: Json) -> Json:
    """{types, fields, examples} of a request or an answer."""
    content = body.get("content", {})
    first: Json = next(iter(content.values()), {})
    schema = _resolve_reference(document, first.get("schema", {}))
    examples = [one for kind, media in content.items() for one in _examples(document, kind, media)]
    unique = {example["text"]: example for example in examples}
    fields = list(_rows(document, schema, "", 0))
    return {"types": list(content), "fields": fields, "examples": list(unique.values())}


def _examples(document: Json, kind: str, media: Json) -> Iterator[Json]:
    """The examples of the body, and those of its schema or of its items' schema."""
    for name, one in media.get("examples", {}).items():
        yield {"name": one.get("summary") or name, "text": _text(one.get("value"))}
    schema = _resolve_reference(document, media.get("schema", {}))
    if "example" in schema:
        yield {"name": kind, "text": _text(schema["example"])}
    elif "example" in schema.get("items", {}):
        yield {"name": kind, "text": _text([schema["items"]["example"]])}


def _rows(document: Json, schema: Json, prefix: str, depth: int) -> Iterator[Json]:
    """The fields of an object, and of the objects in it, as rows with dotted names."""
    schema = _resolve_reference(document, schema)
    if schema.get("type") == "array":
        yield from _rows(document, schema.get("items", {}), f"{prefix}[]" if prefix else "[]", depth)
        return
    required = schema.get("required", [])
    for name, part in schema.get("properties", {}).items():
        part = _resolve_reference(document, part)
        full = f"{prefix}.{name}" if prefix else name
        described = _pieces(part.get("description", ""))
        yield {"name": full, "type": _kind(document, part), "required": name in required, "text": described}
        if depth < MAX_SCHEMA_DEPTH:
            yield from _rows(document, part, full, depth + 1)


def _parameter(document: Json, one: Json) -> Json:
    kind = _kind(document, one.get("schema", {}))
    described = _pieces(one.get("description", ""))
    return {"name": one["name"], "type": kind, "required": one.get("required", False), "text": described}


def _kind(document: Json, schema: Json) -> str:
    """`integer, 1 to 500`, `one of a, b`, `list of text or null` from its JSON Schema."""
    schema = _resolve_reference(document, schema)
    if "enum" in schema:
        return "one of " + ", ".join(str(value) for value in schema["enum"] if value is not None)
    if "const" in schema:
        return f"always {schema['const']}"
    if parts := schema.get("oneOf") or schema.get("anyOf"):
        return " or ".join(dict.fromkeys(_kind(document, part) for part in parts))
    kind = schema.get("type", "any")
    if kind == "array":
        return f"list of {_kind(document, schema.get('items', {}))}"
    described = " or ".join(kind) if isinstance(kind, list) else kind
    return ", ".join(filter(None, [described, schema.get("format", ""), _limits(schema)]))


def _limits(schema: Json) -> str:
    low, high, default = schema.get("minimum"), schema.get("maximum"), schema.get("default")
    limits = f"{low} to {high}" if low is not None and high is not None else ""
    return "; ".join(filter(None, [limits, f"default {default}" if default is not None else ""]))


def _resolve_reference(document: Json, schema: Json) -> Json:
    """The schema with its reference resolved; a schema that only wraps a reference keeps its own description."""
    if "$ref" in schema:
        target: Any = document
        for name in schema["$ref"].removeprefix("#/").split("/"):
            target = target[name]
        return _resolve_reference(document, target | {key: value for key, value in schema.items() if key != "$ref"})
    if len(schema.get("allOf", [])) == 1:
        return _resolve_reference(document, schema["allOf"][0] | {k: v for k, v in schema.items() if k != "allOf"})
    return schema


def _pieces(text: str) -> list[tuple[bool, str]]:
    """Text split at its backticks: (whether it is code, the piece)."""
    return [(place % 2 == 1, piece) for place, piece in enumerate(CODE_PATTERN.split(text)) if piece]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False)


def _curl(path: str, method: str, request: Json) -> str:
    address = PLACEHOLDER_PATTERN.sub(lambda found: f"${found[1].upper()}", path)
    parts = ["curl", f"-X {method.upper()}" if method != "get" else "", '-H "Authorization: Bearer $KEY"']
    if request["types"]:
        parts += [f'-H "Content-Type: {request["types"][0]}"', "--data-binary @body"]
    return " ".join([*filter(None, parts), f'"$ADDRESS{address}"'])


METHODS = ("get", "post", "put", "patch", "delete")


class SchemaJson(SpectacularAPIView):
    """OpenAPI 3.1, as JSON, or YAML for `?format=yaml`. Without customer data, so open without sign-in.

    It takes seconds to make and strangers may ask for it: made once for each format and language.
    """

    login_required, required_permission = False, ""
    renderer_classes = [OpenApiJsonRenderer, OpenApiYamlRenderer]
    permission_classes = []
    authentication_classes = []

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        renderer = request.accepted_renderer
        answer = HttpResponse(_rendered(renderer.format, get_language()), content_type=renderer.media_type)
        answer.headers["Cache-Control"] = f"public, max-age={SCHEMA_MAX_AGE_S}"
        answer.headers["Vary"] = "Accept, Accept-Language"
        answer.headers["Content-Disposition"] = f'inline; filename="openapi.{renderer.format}"'
        return answer


@lru_cache(maxsize=8)
def _rendered(kind: str, language: str | None) -> str | bytes:
    renderer = next(one for one in SchemaJson.renderer_classes if one.format == kind)
    return renderer().render(_document(language))


@lru_cache(maxsize=4)
def _document(language: str | None) -> Json:
    """The document in the active language, which is `language`."""
    return SchemaGenerator().get_schema(request=None, public=True)


@public
def docs(request: HttpRequest) -> HttpResponse:
    address = request.build_absolute_uri("/").rstrip("/")
    return render(request, "core/api/docs.html", {"groups": _groups(get_language()), "address": address})


@lru_cache(maxsize=4)
def _groups(language: str | None) -> list[dict[str, Any]]:
    """[{name, tag, operations}] in reading order; see describe_operation for an operation."""
    document = _document(language)
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in TAGS}
    for path, methods in [*document["paths"].items(), *document["webhooks"].items()]:
        for method in METHODS:
            if operation := methods.get(method):
                found[operation["tags"][0]].append(describe_operation(document, path, method, operation))
    return [{"name": name, "tag": tag, "operations": found[name]} for name, tag in tags_in_order() if found[name]]
