"""A session ends when nobody has used it for the idle time of its person's role (ASVS 7.3.1)."""

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from retention.core.accounts.models import User
from retention.core.accounts.roles import IDLE_MINUTES
from retention.core.accounts.services.sign_in import record_sign_out

LAST_USED = "last_used"
NOTED_EVERY = 60  # seconds: a session is written once a minute at most
# Headers of requests that a page sends by itself; they do not show that anybody is there.
BACKGROUND_HEADERS = ("X-Seen", "X-Poll")


class IdleTimeout:
    """Signs out who comes back too late. By the machine's clock: the demo moves the business clock by days."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.COOKIES.get(settings.SESSION_COOKIE_NAME) and isinstance(request.user, User):
            self._judge(request, request.user)
        return self.get_response(request)

    def _judge(self, request: HttpRequest, user: User) -> None:
        now = int(time.time())
        idle = now - request.session.get(LAST_USED, now)
        if idle > IDLE_MINUTES[user.role] * 60:
            record_sign_out(user=user, reason="idle")
            logout(request)
        elif not _is_background(request) and (idle >= NOTED_EVERY or LAST_USED not in request.session):
            request.session[LAST_USED] = now


def _is_background(request: HttpRequest) -> bool:
    return any(name in request.headers for name in BACKGROUND_HEADERS)
