"""A session ends when nobody has used it for the idle time of its person's role (ASVS 7.3.1)."""

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse

from retention.core import clock
from retention.core.accounts.models import User
from retention.core.accounts.roles import IDLE_MINUTES
from retention.core.accounts.services.sign_in import record_sign_out, record_use

LAST_USED = "last_used"
NOTED_EVERY = 60  # seconds: a session is written once a minute at most
# Headers of requests that a page sends by itself; they do not show that anybody is there.
BACKGROUND_HEADERS = ("X-Seen", "X-Poll")


class IdleTimeout:
    """Signs out who comes back too late. By the machine's clock: the demo moves the business clock by days."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view_func: Callable, view_args: tuple, view_kwargs: dict) -> None:
        """Open pages are not judged: they show nothing of a person, and health answers without a database."""
        if not getattr(view_func, "login_required", True):
            return
        if request.COOKIES.get(settings.SESSION_COOKIE_NAME) and isinstance(request.user, User):
            self._judge(request, request.user)

    def _judge(self, request: HttpRequest, user: User) -> None:
        session = request.session
        if is_over(session, user):
            record_sign_out(user=user, reason="idle", now=clock.now())
            logout(request)
        elif LAST_USED not in session or (not _is_background(request) and _idle_seconds(session) >= NOTED_EVERY):
            session[LAST_USED] = int(time.time())
            record_use(user=user, now=clock.now())


def is_over(session: SessionBase, user: User) -> bool:
    """Whether nobody has used the session for longer than the user's role allows."""
    return _idle_seconds(session) > IDLE_MINUTES[user.role] * 60


def _idle_seconds(session: SessionBase) -> int:
    now = int(time.time())
    return now - session.get(LAST_USED, now)


def _is_background(request: HttpRequest) -> bool:
    return any(name in request.headers for name in BACKGROUND_HEADERS)
