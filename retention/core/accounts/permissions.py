"""The permission of a page (`require`, `public`) and of a DRF view. Closed by default."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from retention.core.accounts.roles import ALL_PERMISSIONS

if TYPE_CHECKING:  # rest_framework.views reads its settings while it loads, and these name this module
    from django_htmx.middleware import HtmxDetails
    from rest_framework.views import APIView

    from retention.core.accounts.models import User


class StaffRequest(HttpRequest):
    """The request of a page: LoginRequiredMiddleware and `require` let only signed-in staff reach it."""

    user: "User"
    htmx: "HtmxDetails"


def require(permission: str) -> Callable:
    """Decorator for a view: 403 page unless the user's role has `permission`."""
    if permission not in ALL_PERMISSIONS:
        raise ValueError(f"unknown permission {permission!r}")

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: StaffRequest, *args: object, **kwargs: object) -> HttpResponse:
            if not request.user.may(permission):
                raise PermissionDenied(permission)
            return view(request, *args, **kwargs)

        guarded.required_permission = permission  # type: ignore[attr-defined]
        return guarded

    return decorate


def may_open(*, user: "User", address: str) -> bool:
    """Whether the page at an address of this site opens for the person; False where there is no page.

    A figure or a chart links only to rows that its reader may see.
    """
    try:
        view = resolve(urlsplit(address).path).func
    except Resolver404:
        return False
    needed = getattr(getattr(view, "view_class", view), "required_permission", None)
    return needed == "" or bool(needed and user.may(needed))


def public(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Mark a view as open without sign-in (health, login). Such views are listed in tests/test_permissions.py."""
    view.login_required = False  # type: ignore[attr-defined]
    view.required_permission = ""  # type: ignore[attr-defined]
    return view


class ClosedByDefault(BasePermission):
    def has_permission(self, request: Request, view: "APIView") -> bool:
        needed = getattr(view, "required_permission", None)
        user = request.user
        return bool(needed and user and user.is_authenticated and user.may(needed))
