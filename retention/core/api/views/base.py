"""The base of every endpoint: closed without a scope, limited in rate, one error shape."""

from typing import Any, ClassVar

from django.conf import settings
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from retention.core.api.authentication import KeyAuthentication
from retention.core.api.bodies import DEFAULT_BODY_BYTES, JsonRenderer
from retention.core.api.models import ApiClient, ApiKey
from retention.core.api.parameters import check_names
from retention.core.api.schema import ApiSchema, Error, query_names
from retention.core.api.services import rate_limits
from retention.core.errors import NotFound, Refused, Unauthorized


class ApiView(APIView):
    """Set `scope` (or `scopes` by method) and `tag`: declared names of SCOPES and TAGS.

    errors: statuses that its methods may answer besides 401, 403, 429 and bad_parameter_status, and besides 400, 408,
    413 and 415 where they take a body. body_limit: bytes of the largest one. repeatable: a query parameter may come
    several times, its values being alternatives.
    """

    scope: ClassVar[str] = ""
    scopes: ClassVar[dict[str, str]] = {}
    tag: ClassVar[str] = ""
    errors: ClassVar[tuple[int, ...]] = ()
    repeatable: ClassVar[bool] = False
    bad_parameter_status: ClassVar[int] = 422
    body_limit: ClassVar[int] = DEFAULT_BODY_BYTES

    authentication_classes = [KeyAuthentication]
    permission_classes = []  # checked by check_permissions below
    parser_classes = []
    renderer_classes = [JsonRenderer]
    schema = ApiSchema()

    @property
    def client(self) -> ApiClient:
        key = self.request.auth
        assert isinstance(key, ApiKey), "check_permissions refuses every other caller"
        return key.client

    def error_schema(self) -> Any:
        """The body of its errors for the OpenAPI document."""
        return Error

    def scope_of(self, method: str) -> str:
        return self.scopes.get(method, self.scope)

    def perform_content_negotiation(self, request: Request, force: bool = False) -> tuple[Any, str]:
        """Always JSON, whatever Accept says; never 406."""
        return self.renderer_classes[0](), self.renderer_classes[0].media_type

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        if settings.SECURE_SSL_REDIRECT and not request.is_secure():
            raise Refused("Only over HTTPS.", code="https_required")
        super().initial(request, *args, **kwargs)
        for name, value in kwargs.items():
            if isinstance(value, str) and "\0" in value:
                raise NotFound(f"There is no such {name}.")
        known = query_names(self)
        if known is not None:
            check_names(request.query_params, known, repeatable=self.repeatable)

    def check_permissions(self, request: Request) -> None:
        if not isinstance(request.auth, ApiKey):
            raise Unauthorized("Send your key as: Authorization: Bearer KEY")
        needed = self.scope_of(request.method or "")
        if needed not in request.auth.client.scopes:
            raise Refused(f"This needs the scope {needed}.", code="missing_scope")

    def check_throttles(self, request: Request) -> None:
        rate_limits.take_token(self.client)

    def finalize_response(self, request: Request, response: Response, *args: object, **kwargs: object) -> Response:
        response = super().finalize_response(request, response, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "no-store")
        return response
