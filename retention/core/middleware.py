from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from retention.core.accounts.models import User
from retention.core.errors import DomainError, Invalid, Refused
from retention.core.ui.filters import NUL, refuse_nul
from retention.core.ui.views import error_response, is_script, signed_out

GetResponse = Callable[[HttpRequest], HttpResponse]
# In META: the DomainError for a body that did not come whole. The server sets it; nothing of the body is there then.
BODY_FAULT = "retention.body_fault"


class PackPages(GZipMiddleware):
    """Pages travel packed: agents sit in branches behind narrow lines, and no other server has to stand before ours.

    Django's own, which also hides the length of what it packs. Not what machines are sent: their ETags stay strong.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        return super().process_response(request, response) if is_page else response


class DropNulCookies:
    """A cookie with a NUL is no cookie: sessions are looked up by their cookie, and PostgreSQL stores no NUL."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.COOKIES = {name: value for name, value in request.COOKIES.items() if NUL not in value}
        return self.get_response(request)


class RefuseNul:
    """No text of a request reaches a page with a NUL: 404 for one in the path, 422 in the query or a form's field.

    What machines send is checked where it is read (`core.api.parameters`).
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view_func: Callable, view_args: tuple, view_kwargs: dict
    ) -> HttpResponse | None:
        if getattr(view_func, "csrf_exempt", False):
            return None
        if NUL in request.path:
            raise Http404(request.path)
        try:
            refuse_nul(request.GET)
            refuse_nul(request.POST)
        except Invalid as error:
            return error_response(request, error)
        return None


class PermissionsPolicy:
    """No page uses a camera, a microphone, a place or a payment: the browser is told to give none to any script."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
        return response


class SignInFirst(LoginRequiredMiddleware):
    """Django's own, but an open page is not held up by asking who is there: health answers without a database."""

    def process_view(
        self, request: HttpRequest, view_func: Callable, view_args: tuple, view_kwargs: dict
    ) -> HttpResponseBase | None:
        if not getattr(view_func, "login_required", True):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)

    def handle_no_permission(  # type: ignore[override]  # the stubs know redirects only
        self, request: HttpRequest, view_func: Callable
    ) -> HttpResponseBase:
        """401 for scripts. A sent form leads back to the page it stood on: its own address may not open by GET."""
        if is_script(request):
            return signed_out(request)
        if request.method in {"GET", "HEAD"}:
            return super().handle_no_permission(request, view_func)
        return redirect_to_login(_page_before(request), self.get_login_url(view_func))


def _page_before(request: HttpRequest) -> str:
    """Path and query of the page of this site that sent the request; the home page when it is not known."""
    referrer = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(referrer, {request.get_host()}, require_https=request.is_secure()):
        return "/"
    parts = urlsplit(referrer)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


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
        return self.get_response(request) if fault is None else error_response(request, fault)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return error_response(request, error) if isinstance(error, DomainError) else None


class OwnPasswordFirst:
    """Leads whoever signed in with a password that somebody else has chosen to the page for the own one.

    What a script asks for is not led on, or the page for the password would pass for the answer: reading gives nothing,
    writing is refused, so that what was typed stays in its page.
    """

    OPEN = frozenset({"core:password", "core:session", "core:theme", "logout", "set-language"})

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view_func: Callable, view_args: tuple, view_kwargs: dict
    ) -> HttpResponse | None:
        if not getattr(view_func, "login_required", True):
            return None
        match, user = request.resolver_match, request.user
        if not isinstance(user, User) or not user.must_change_password or (match and match.view_name in self.OPEN):
            return None
        if not is_script(request):
            return redirect("core:password")
        if request.method in {"GET", "HEAD"}:
            return HttpResponse(status=204)
        error = Refused(_("Choose your own password first; what you typed is kept."), code="own_password_first")
        return JsonResponse(error.as_dict(), status=error.status)
