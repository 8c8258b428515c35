"""How large a body a caller may send, decided by the head of the request alone."""

import io

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.backends.db import SessionStore
from django.core.handlers.wsgi import WSGIRequest
from django.db import Error, close_old_connections
from django.urls import Resolver404, resolve

from customers.imports.services.storage import FORM_OVERHEAD_BYTES, MAX_FILE_BYTES
from retention.core.accounts.middleware import is_over
from retention.core.accounts.models import User
from retention.core.api.authentication import known_key
from retention.core.api.views.base import ApiView
from retention.core.errors import DomainError
from retention.serving.environ import Environ

OPEN_FORM_BYTES = 64 << 10


def admit(environ: Environ) -> int:
    """`most_bytes` in a request thread. 0 without a database: the application says so, with no body read."""
    close_old_connections()
    try:
        return most_bytes(environ)
    except Error:
        return 0


def most_bytes(environ: Environ) -> int:
    """What the view takes for a caller with a key or a session, OPEN_FORM_BYTES for the forms before the sign-in.

    0 for a stranger: the application refuses the request, with no body read.
    """
    try:
        view = resolve(environ["PATH_INFO"]).func
    except Resolver404:
        return 0
    request = WSGIRequest(environ | {"wsgi.input": io.BytesIO()})
    kind = getattr(view, "cls", None)
    if isinstance(kind, type) and issubclass(kind, ApiView):
        return kind.body_limit if _has_key(request) else 0
    if _is_signed_in(request):
        return MAX_FILE_BYTES + FORM_OVERHEAD_BYTES
    return 0 if getattr(view, "login_required", True) else OPEN_FORM_BYTES


def _has_key(request: WSGIRequest) -> bool:
    try:
        known_key(request)
    except DomainError:
        return False
    return True


def _is_signed_in(request: WSGIRequest) -> bool:
    cookie = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    if not cookie:
        return False
    request.session = SessionStore(cookie)
    user = get_user(request)
    return isinstance(user, User) and not is_over(request.session, user)
