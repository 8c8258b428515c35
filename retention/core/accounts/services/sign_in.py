"""Signing in and out: the guard against guessing, and the lines in the audit trail.

django-axes counts five wrong passwords of a name from one address in a quarter of an hour (settings). This adds two
limits that hold whatever the other half of the pair is: a name under attack from many addresses, and an address that
tries many names. All by the clock of the machine, as django-axes: the demo moves the business clock by days.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt, AccessFailureLog
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from retention.core.accounts.models import User
from retention.core.audit import services as audit
from retention.core.registry import Registry

# What apps do when somebody signs out, in the same transaction: called with `user` and `now`.
SIGN_OUT_FOLLOW_UPS: Registry[str, Callable[..., object]] = Registry("follow-up of signing out")
FAILURES_OF_A_NAME, FAILURES_OF_AN_ADDRESS = 20, 100
WITHIN = timedelta(hours=1)
KEPT_FAILURES = timedelta(days=30)
UNKNOWN_NAME = "user:?"  # what was typed may be a password in the wrong field


class SignInGuard(AxesDatabaseHandler):
    """The guard of django-axes, with a limit for a name alone and one for an address alone.

    Only attempts whose password was looked at are counted and written into the trail: whoever goes on while locked
    neither lengthens the lock of somebody else's name nor fills a table that nobody may empty.
    """

    def is_locked(self, request: HttpRequest, credentials: dict | None = None) -> bool:
        name = (credentials or {}).get("username") or request.POST.get("username", "")
        if super().is_locked(request, credentials):
            return True
        locked = exceeds_limits(name=name, address=client_address(request))
        request.axes_locked_out = locked  # type: ignore[attr-defined]  # its middleware then shows the page
        return locked

    def user_login_failed(self, sender: Any, credentials: dict, request: HttpRequest, **kwargs: Any) -> None:
        refused_unseen = request.axes_locked_out  # type: ignore[attr-defined]  # before super() counts this attempt
        super().user_login_failed(sender, credentials, request, **kwargs)
        if not refused_unseen:
            record_refusal(name=credentials.get("username") or "", request=request)


def exceeds_limits(*, name: str, address: str) -> bool:
    """Whether the name or the address has failed too often within the last hour."""
    recent = AccessFailureLog.objects.filter(attempt_time__gt=timezone.now() - WITHIN)
    return (
        recent.filter(username=name)[:FAILURES_OF_A_NAME].count() >= FAILURES_OF_A_NAME
        or recent.filter(ip_address=address or None)[:FAILURES_OF_AN_ADDRESS].count() >= FAILURES_OF_AN_ADDRESS
    )


def client_address(request: HttpRequest) -> str:
    """The address of the client: behind the proxy, the last entry of X-Forwarded-For if it is an address, else the
    other end of the connection; "" when that is a socket file.
    """
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.BEHIND_PROXY else ""
    return _read_address(forwarded.rsplit(",", 1)[-1]) or _read_address(request.META.get("REMOTE_ADDR", ""))


def _read_address(written: str) -> str:
    """The address in `192.0.2.1`, `192.0.2.1:4711` or `[2001:db8::1]:4711`; "" in `unknown` and others."""
    text = written.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        return str(ip_address(text.partition("%")[0]))
    except ValueError:
        return ""


def record_sign_in(*, user: User, request: HttpRequest) -> None:
    audit.record(actor=user, action="session.open", target=f"user:{user.username}", address=client_address(request))


def record_refusal(*, name: str, request: HttpRequest) -> None:
    """A failed sign-in, under the name if somebody has it."""
    user = User.objects.filter(username=name).first()
    target = f"user:{user.username}" if user else UNKNOWN_NAME
    audit.record(actor=user, action="session.refused", target=target, address=client_address(request))


def record_use(*, user: User, now: datetime) -> None:
    """The person is there and uses the product. Sessions call it once a minute at most."""
    User.objects.filter(pk=user.pk).update(last_used_at=now, signed_out_at=None)


@transaction.atomic
def record_sign_out(*, user: User, reason: str, now: datetime) -> None:
    """reason: "asked" or "idle". Who asks has gone: apps see to what is left behind."""
    if reason == "asked":
        User.objects.filter(pk=user.pk).update(signed_out_at=now)
    audit.record(actor=user, action="session.close", target=f"user:{user.username}", reason=reason)
    if reason == "asked":
        for follow_up in SIGN_OUT_FOLLOW_UPS.values():
            follow_up(user=user, now=now)


@transaction.atomic
def unlock(*, user: User, actor: User) -> int:
    """Forget the failures under the user's name, so that it is locked nowhere. Gives back their number."""
    AccessAttempt.objects.filter(username=user.username).delete()
    forgotten = AccessFailureLog.objects.filter(username=user.username).delete()[0]
    audit.record(actor=actor, action="session.unlock", target=f"user:{user.username}", forgotten=forgotten)
    return forgotten


def purge_failures() -> int:
    """Drop failures that no limit counts any more. Gives back their number."""
    return AccessFailureLog.objects.filter(attempt_time__lt=timezone.now() - KEPT_FAILURES).delete()[0]
