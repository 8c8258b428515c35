"""Signing in and out: the guard against guessing, and the lines in the audit trail.

django-axes counts five wrong passwords of a name from one address in a quarter of an hour (settings). This adds two
limits that hold whatever the other half of the pair is: a name under attack from many addresses, and an address that
tries many names.
"""

from datetime import timedelta

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessFailureLog
from django.conf import settings
from django.http import HttpRequest

from retention.core import clock
from retention.core.accounts.models import User
from retention.core.audit import services as audit

FAILURES_OF_A_NAME, FAILURES_OF_AN_ADDRESS = 20, 100
WITHIN = timedelta(hours=1)
KEPT_FAILURES = timedelta(days=30)
UNKNOWN_NAME = "user:?"  # what was typed may be a password in the wrong field


class SignInGuard(AxesDatabaseHandler):
    """The guard of django-axes, with a limit for a name alone and one for an address alone."""

    def is_locked(self, request: HttpRequest, credentials: dict | None = None) -> bool:
        name = (credentials or {}).get("username") or request.POST.get("username", "")
        if super().is_locked(request, credentials):
            return True
        locked = exceeds_limits(name=name, address=client_address(request))
        request.axes_locked_out = locked  # type: ignore[attr-defined]  # its middleware then shows the page
        return locked


def exceeds_limits(*, name: str, address: str) -> bool:
    """Whether the name or the address has failed too often within the last hour."""
    recent = AccessFailureLog.objects.filter(attempt_time__gt=clock.now() - WITHIN)
    return (
        recent.filter(username=name)[:FAILURES_OF_A_NAME].count() >= FAILURES_OF_A_NAME
        or recent.filter(ip_address=address or None)[:FAILURES_OF_AN_ADDRESS].count() >= FAILURES_OF_AN_ADDRESS
    )


def client_address(request: HttpRequest) -> str:
    """The address of the client: behind the proxy, the last entry of X-Forwarded-For."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.BEHIND_PROXY else ""
    return forwarded.rsplit(",", 1)[-1].strip() or request.META.get("REMOTE_ADDR", "")


def record_sign_in(*, user: User, request: HttpRequest) -> None:
    audit.record(actor=user, action="session.open", target=f"user:{user.username}", address=client_address(request))


def record_refusal(*, name: str, request: HttpRequest) -> None:
    """A failed sign-in, under the name if somebody has it."""
    user = User.objects.filter(username=name).first()
    target = f"user:{user.username}" if user else UNKNOWN_NAME
    audit.record(actor=user, action="session.refused", target=target, address=client_address(request))


def record_sign_out(*, user: User, reason: str) -> None:
    """reason: "asked" or "idle"."""
    audit.record(actor=user, action="session.close", target=f"user:{user.username}", reason=reason)


def purge_failures() -> int:
    """Drop failures that no limit counts any more. Gives back their number."""
    return AccessFailureLog.objects.filter(attempt_time__lt=clock.now() - KEPT_FAILURES).delete()[0]
