"""OpenAPI of the endpoints: tags, authentication, required scopes, and the common errors."""

import inspect
from typing import Any, Literal

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.views import APIView

from retention.core.api.tags import tags_in_order


def described(result: dict[str, Any], generator: object, request: object, public: bool) -> dict[str, Any]:
    """Adds the tags and their descriptions in reading order (a hook of drf-spectacular)."""
    return result | {"tags": [{"name": name, "description": tag.text} for name, tag in tags_in_order()]}


# What every operation may answer besides `bad_parameter_status`, for a query parameter that it does not have.
SHARED_ERRORS = (401, 403, 429)
BODY_ERRORS = (400, 408, 413, 415)
JSON = "application/json"
ERROR_DESCRIPTIONS = {
    400: "The request cannot be taken apart, or its body did not come whole: nothing of it is kept."
    " At the TM Forum addresses, a parameter is wrong.",
    401: "No valid key, or a missing or wrong signature.",
    403: "The client lacks the scope, or calls from an address that is not allowed.",
    404: "There is no such thing, or this client may not see it.",
    408: "The rest of the request did not come in time.",
    409: "It cannot be done in the present state.",
    413: "The body or its number of rows is too large.",
    415: "The body is of a type, charset or Content-Encoding that is not taken.",
    422: "Understood, but wrong: `details` says where.",
    429: "Too many requests or too much waiting: come back after `Retry-After` seconds.",
    503: "For the moment it cannot be done.",
}


class ErrorDetail(serializers.Serializer):
    row = serializers.IntegerField(required=False, help_text="Row number in the request, from 1.")
    field = serializers.CharField(required=False, allow_blank=True)
    code = serializers.CharField()
    message = serializers.CharField()


class ErrorBody(serializers.Serializer):
    code = serializers.CharField(help_text="For programs: stays the same.")
    message = serializers.CharField(help_text="For people: may change.")
    details = ErrorDetail(many=True)


class Error(serializers.Serializer):
    error = ErrorBody()


class ApiSchema(AutoSchema):
    def get_override_parameters(self) -> list[Any]:
        return []

    def map_parsers(self) -> list[str]:
        """Bodies are read by retention.core.api.bodies, without parsers of the framework."""
        return [JSON]

    def _get_request_body(self, direction: Literal["request", "response"] = "request") -> dict[str, Any] | None:
        """No operation that takes a body goes without one."""
        body = super()._get_request_body(direction)
        return body | {"required": True} if body else None

    def get_tags(self) -> list[str]:
        return [str(getattr(self.view, "tag", ""))]

    def get_extensions(self) -> dict[str, Any]:
        scope = self._scope()
        return super().get_extensions() | ({"x-scope": scope} if scope else {})

    def _get_response_bodies(self, direction: Literal["request", "response"] = "response") -> dict[str, Any]:
        bodies = super()._get_response_bodies(direction)
        view: Any = self.view
        if hasattr(view, "errors"):  # not the receiver of a webhook
            taking_a_body = BODY_ERRORS if self._get_request_body() else ()
            for status in sorted({*SHARED_ERRORS, view.bad_parameter_status, *view.errors, *taking_a_body}):
                bodies.setdefault(str(status), self._error(status))
        return bodies

    def _error(self, status: int) -> dict[str, Any]:
        view: Any = self.view
        found = self._get_response_for_code(view.error_schema(), str(status))
        found["description"] = ERROR_DESCRIPTIONS[status]
        if status in (429, 503):
            found["headers"] = {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds to wait."}}
        return found

    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        """Adds the scope to the description, also to one from @extend_schema, which does not pass get_description."""
        operation = super().get_operation(*args, **kwargs)
        sentence = f"Needs the scope `{self._scope()}`."
        if operation and self._scope() and sentence not in operation.get("description", ""):
            operation["description"] = f"{operation.get('description', '')}\n\n{sentence}".strip()
        return operation

    def get_description(self) -> str:  # type: ignore[override]
        """The method's own docstring; class docstrings are for programmers, not for API clients."""
        return inspect.getdoc(getattr(self.view, self.method.lower(), None)) or ""

    def _scope(self) -> str:
        return str(getattr(self.view, "scope_of", lambda _method: "")(self.method))


def query_names(view: APIView) -> set[str] | None:
    """The query parameters that the operation of the view's request documents; None when it has no such method."""
    method = "get" if view.request.method == "HEAD" else str(view.request.method).lower()
    handler = getattr(view, method, None)
    if handler is None or method not in view.http_method_names or view.schema is None:
        return None
    schema = getattr(handler, "kwargs", {}).get("schema") or type(view.schema)
    operation: Any = schema()
    operation.view, operation.method = view, method.upper()
    parameters = [one for one in operation.get_override_parameters() if isinstance(one, OpenApiParameter)]
    return {one.name for one in parameters if one.location == OpenApiParameter.QUERY}


class KeyScheme(OpenApiAuthenticationExtension):
    target_class = "retention.core.api.authentication.KeyAuthentication"
    name = "key"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {"type": "http", "scheme": "bearer", "description": "A key made by an administrator of the centre."}
