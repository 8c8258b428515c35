"""One error shape for pages, API and commands: a code, a sentence, and where it hurts.

`details` is a list of {"row", "field", "code", "message"}; keys that say nothing are left out.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import structlog
from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException
from rest_framework.response import Response
from rest_framework.views import exception_handler

if TYPE_CHECKING:  # what gettext_lazy gives, a name of the stubs only
    from django.utils.functional import _StrPromise


log = structlog.get_logger(__name__)


class DomainError(Exception):
    """headers: what an HTTP answer carries besides, such as Retry-After."""

    status = 400
    code = "error"

    def __init__(
        self,
        message: "str | _StrPromise",
        *,
        code: str = "",
        details: Sequence[dict] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(str(message))
        self.message = message
        self.code = code or self.code
        self.details = list(details)
        self.headers = dict(headers or {})

    def as_dict(self) -> dict:
        return {"error": {"code": self.code, "message": str(self.message), "details": self.details}}


class Malformed(DomainError):
    """The request cannot be taken apart at all."""

    status, code = 400, "malformed"


class Unauthorized(DomainError):
    status, code = 401, "not_authenticated"


class Invalid(DomainError):
    status, code = 422, "invalid"


class NotFound(DomainError):
    status, code = 404, "not_found"


class Refused(DomainError):
    status, code = 403, "refused"


class Conflict(DomainError):
    status, code = 409, "conflict"


class TooSlow(DomainError):
    status, code = 408, "too_slow"


class TooLarge(DomainError):
    status, code = 413, "too_large"


class UnsupportedType(DomainError):
    """A Content-Type, charset or Content-Encoding that is not taken."""

    status, code = 415, "unsupported_media_type"


class TooMany(DomainError):
    """retry_after: whole seconds to wait."""

    status, code = 429, "too_many_requests"

    def __init__(self, message: str, *, retry_after: int, code: str = "") -> None:
        super().__init__(message, code=code, headers={"Retry-After": str(retry_after)})


class Unavailable(DomainError):
    status, code = 503, "unavailable"


DATABASE_AWAY = (InterfaceError, OperationalError)
RETRY_SECONDS = 5
DISK_FULL = "53100"  # PostgreSQL's code


def database_unavailable(error: Exception) -> Unavailable:
    """What a caller is told of one of DATABASE_AWAY: to come again in RETRY_SECONDS. A full disk is named."""
    headers = {"Retry-After": str(RETRY_SECONDS)}
    if getattr(error.__cause__, "pgcode", None) == DISK_FULL:
        return Unavailable(_("The disk of the database is full."), code="disk_full", headers=headers)
    return Unavailable(_("The database does not answer. Try again in a few seconds."), headers=headers)


def api_exception_handler(error: Exception, context: dict) -> Response | None:
    """DRF's handler, with every body in the one shape."""
    if isinstance(error, DATABASE_AWAY):
        log.error("the database failed under a request", error=f"{type(error).__name__}: {error}")
        error = database_unavailable(error)
    if isinstance(error, DomainError):
        return Response(error.as_dict(), status=error.status, headers=error.headers)
    response = exception_handler(error, context)
    if response is None:
        return None
    code = error.default_code if isinstance(error, APIException) else "error"
    if isinstance(response.data, dict) and "detail" in response.data:
        message, details = str(response.data["detail"]), []
    else:
        message, details = "The request is not valid.", _field_details(response.data)
    response.data = {"error": {"code": code, "message": message, "details": details}}
    return response


def _field_details(data: object) -> list[dict]:
    if isinstance(data, dict):
        return [
            {"field": field, "code": getattr(item, "code", "invalid"), "message": str(item)}
            for field, items in data.items()
            for item in (items if isinstance(items, list) else [items])
        ]
    return [{"code": "invalid", "message": str(item)} for item in (data if isinstance(data, list) else [data])]
