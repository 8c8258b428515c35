"""The answers to an error: the pages of handler403, handler404 and handler500, and that of any other DomainError."""

import sys
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from retention.core.errors import DATABASE_AWAY, DomainError, NotFound, Refused, Unauthorized, database_unavailable
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


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 with the code `csrf_failed`: the page was made before somebody signed in or out in this browser."""
    message = _(
        "Somebody signed in or out in this browser after the page was opened, so nothing was sent."
        " Go back: what you typed is still there. Send it again."
    )
    error = Refused(message, code="csrf_failed")
    return _json(request, error) if is_script(request) else error_response(request, error)


def signed_out(request: HttpRequest) -> HttpResponse:
    """401 for a script, which would take the sign-in page for the answer of what it has asked."""
    return _json(
        request, Unauthorized(_("You are signed out. Sign in again; what you typed is kept."), code="signed_out")
    )


def error_response(request: HttpRequest, error: DomainError) -> HttpResponse:
    return _answer(request, "core/error.html", error)


def is_machine(request: HttpRequest) -> bool:
    """Whether whoever asks reads JSON, not pages."""
    return "application/json" in request.headers.get("Accept", "") or request.path.startswith(tuple(ERROR_BODIES))


def is_script(request: HttpRequest) -> bool:
    """Whether a script of a page asks (htmx, fetch), not the browser for a page to show."""
    from_page = "HX-Request" in request.headers or request.headers.get("Sec-Fetch-Dest") == "empty"
    return from_page or is_machine(request)


def _answer(request: HttpRequest, template: str, error: DomainError) -> HttpResponse:
    """A page for people, the one error shape for machines."""
    if is_machine(request):
        return _json(request, error)
    return render(request, template, {"error": error}, status=error.status)


def _json(request: HttpRequest, error: DomainError) -> JsonResponse:
    body = next((body for prefix, body in ERROR_BODIES.items() if request.path.startswith(prefix)), None)
    data = body(error, request) if body else error.as_dict()
    return JsonResponse(data, status=error.status, headers=error.headers)
