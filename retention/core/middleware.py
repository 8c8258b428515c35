from collections.abc import Callable

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render

from retention.core.errors import DomainError
from retention.core.ui.views import is_machine

GetResponse = Callable[[HttpRequest], HttpResponse]
# In META: the DomainError for a body that did not come whole. The server sets it; nothing of the body is there then.
BODY_FAULT = "retention.body_fault"


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
    """A DomainError that no view caught, or that the server found in the body, becomes a page or JSON."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        fault = request.META.get(BODY_FAULT)
        return self.get_response(request) if fault is None else _refuse(request, fault)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return _refuse(request, error) if isinstance(error, DomainError) else None


def _refuse(request: HttpRequest, error: DomainError) -> HttpResponse:
    if is_machine(request):
        return JsonResponse(error.as_dict(), status=error.status, headers=error.headers)
    return render(request, "core/error.html", {"error": error}, status=error.status)
