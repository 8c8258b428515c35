from collections.abc import Callable

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render

from retention.core.errors import DomainError

GetResponse = Callable[[HttpRequest], HttpResponse]


class SignInFirst(LoginRequiredMiddleware):
    """Django's own, but an open page is not held up by asking who is there: health answers without a database."""

    def process_view(
        self, request: HttpRequest, view_func: Callable, view_args: tuple, view_kwargs: dict
    ) -> HttpResponseBase | None:
        if not getattr(view_func, "login_required", True):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)


class PersonalPages:
    """Pages of a signed-in person are never kept by a shared or local cache (ASVS 14.3.2)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not response.has_header("Cache-Control") and request.user.is_authenticated:
            response["Cache-Control"] = "no-store"
        return response


class DomainErrors:
    """A DomainError that no view caught becomes a page (or JSON for a script) with its own status."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, DomainError):
            return None
        if "application/json" in request.headers.get("Accept", ""):
            return JsonResponse(error.as_dict(), status=error.status)
        return render(request, "core/error.html", {"error": error}, status=error.status)
