"""The answers to an error: the pages behind handler403 and handler404, and that of any other DomainError."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from retention.core.errors import DomainError, NotFound, Refused

MACHINES = ("/api/", "/tmf-api/")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, "403.html", Refused("Your role does not include this."))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, "404.html", NotFound("There is nothing at this address."))


def error_response(request: HttpRequest, error: DomainError) -> HttpResponse:
    return _answer(request, "core/error.html", error)


def _answer(request: HttpRequest, template: str, error: DomainError) -> HttpResponse:
    """A page for people, the one error shape for machines."""
    if "application/json" in request.headers.get("Accept", "") or request.path.startswith(MACHINES):
        return JsonResponse(error.as_dict(), status=error.status)
    return render(request, template, {"error": error}, status=error.status)
