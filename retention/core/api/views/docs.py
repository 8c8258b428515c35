"""The description of the API, for programs (OpenAPI) and for people (one page that needs no network)."""

from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer
from drf_spectacular.views import SpectacularAPIView

from retention.core.accounts.permissions import public
from retention.core.api.tags import TAGS, tags_in_order
from retention.core.api.views.operations import describe_operation

METHODS = ("get", "post", "put", "patch", "delete")


class SchemaJson(SpectacularAPIView):
    """OpenAPI 3.1, as JSON, or YAML for `?format=yaml`. It says nothing of any customer: open to everyone."""

    login_required, required_permission = False, ""
    renderer_classes = [OpenApiJsonRenderer, OpenApiYamlRenderer]
    permission_classes = []
    authentication_classes = []


@public
def docs(request: HttpRequest) -> HttpResponse:
    address = request.build_absolute_uri("/").rstrip("/")
    return render(request, "core/api/docs.html", {"groups": _groups(), "address": address})


@lru_cache(maxsize=1)
def _groups() -> list[dict[str, Any]]:
    """[{name, tag, operations}] in reading order; see operations.operation_of for an operation."""
    document = SchemaGenerator().get_schema(request=None, public=True)
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in TAGS}
    for path, methods in document["paths"].items():
        for method in METHODS:
            if operation := methods.get(method):
                found[operation["tags"][0]].append(describe_operation(document, path, method, operation))
    return [{"name": name, "tag": tag, "operations": found[name]} for name, tag in tags_in_order() if found[name]]
