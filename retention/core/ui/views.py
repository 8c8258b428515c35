"""The answers to an error: the pages of handler403, handler404 and handler500, and that of any other DomainError."""

import sys
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from retention.core.errors import DATABASE_AWAY, DomainError, NotFound, Refused, database_unavailable
from retention.core.registry import Registry

# Below these paths whoever asks is a machine: what an error looks like there.
ERROR_BODIES: Registry[str, Callable[[DomainError, HttpRequest], dict]] = Registry("shape of errors below")
ERROR_BODIES.declare("/api/", lambda error, request: error.as_dict())


class Broken(DomainError):
    status, code = 500, "internal_error"

    def __init__(self) -> None:
        super().__init__(_("The fault is ours and has been logged. Nothing half-done was saved."))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, "403.html", Refused(_("Your role does not include this.")))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, "404.html", NotFound(_("There is nothing at this address.")))


def broken(request: HttpRequest) -> HttpResponse:
    """500, or 503 with Retry-After while the database does not answer. Neither reads the database."""
    cause = sys.exc_info()[1]
    away = isinstance(cause, DATABASE_AWAY)
    error = database_unavailable(cause) if isinstance(cause, DATABASE_AWAY) else Broken()
    if is_machine(request):
        return _json(request, error)
    page = render_to_string("500.html", {"unavailable": error.message if away else ""})
    return HttpResponse(page, status=error.status, headers=error.headers)


def error_response(request: HttpRequest, error: DomainError) -> HttpResponse:
    return _answer(request, "core/error.html", error)


def is_machine(request: HttpRequest) -> bool:
    """Whether whoever asks reads JSON, not pages."""
    return "application/json" in request.headers.get("Accept", "") or request.path.startswith(tuple(ERROR_BODIES))


def _answer(request: HttpRequest, template: str, error: DomainError) -> HttpResponse:
    """A page for people, the one error shape for machines."""
    if is_machine(request):
        return _json(request, error)
    return render(request, template, {"error": error}, status=error.status)


def _json(request: HttpRequest, error: DomainError) -> JsonResponse:
    body = next((body for prefix, body in ERROR_BODIES.items() if request.path.startswith(prefix)), None)
    data = body(error, request) if body else error.as_dict()
    return JsonResponse(data, status=error.status, headers=error.headers)
