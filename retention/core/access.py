"""The door of every page: signed in (by middleware) and holding the page's permission."""

from collections.abc import Callable
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from retention.core.roles import ALL_PERMISSIONS


def require(permission: str) -> Callable:
    """Decorator for a view: 403 page unless the person's role holds `permission`."""
    if permission not in ALL_PERMISSIONS:
        raise ValueError(f"unknown permission {permission!r}")

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            if not request.user.may(permission):
                raise PermissionDenied(permission)
            return view(request, *args, **kwargs)

        guarded.required_permission = permission  # type: ignore[attr-defined]
        return guarded

    return decorate


def public(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Mark a view as open to anyone (health, login). Such views are listed in tests/test_permissions.py."""
    view.login_required = False  # type: ignore[attr-defined]
    view.required_permission = ""  # type: ignore[attr-defined]
    return view
