"""The description of the API, for programs (OpenAPI) and for people (one page that needs no network)."""

from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer
from drf_spectacular.views import SpectacularAPIView

from retention.core.access import public

METHODS = ("get", "post", "put", "patch", "delete")


class SchemaJson(SpectacularAPIView):
    """OpenAPI 3.1, as JSON, or YAML for `?format=yaml`. It says nothing of any customer: open to everyone."""

    login_required, required_permission = False, ""
    renderer_classes = [OpenApiJsonRenderer, OpenApiYamlRenderer]
    permission_classes = []
    authentication_classes = []


@public
def docs(request: HttpRequest) -> HttpResponse:
    return render(request, "core/api_docs.html", {"info": _document()["info"], "groups": _groups()})


@lru_cache(maxsize=1)
def _document() -> dict[str, Any]:
    return SchemaGenerator().get_schema(request=None, public=True)


@lru_cache(maxsize=1)
def _groups() -> dict[str, list[dict[str, Any]]]:
    """{tag: operations}, each with method, path, summary, description, parameters, request and answers."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, methods in _document()["paths"].items():
        for method in METHODS:
            if operation := methods.get(method):
                tag = (operation.get("tags") or ["other"])[0]
                groups.setdefault(tag, []).append({"method": method.upper(), "path": path} | operation)
    return groups
