"""Signed requests: X-Timestamp and `X-Signature: v2=HEX`, the hex HMAC-SHA256 of timestamp + "." + METHOD + "." + path
with query + "." + body. Clients that are set to it may send the older form: bare hex, of timestamp + "." + body.
"""

import hmac
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.db import IntegrityError, transaction
from rest_framework.request import Request

from retention.core.api.bodies import MAX_BODY_BYTES, read_body
from retention.core.api.models import ApiKey, SignedRequest
from retention.core.errors import Unauthorized
from retention.core.secrets import digest, sign, sign_v1, unseal

SIGNATURE_WINDOW = timedelta(seconds=300)
VERSION = "v2"
SAFE_METHODS, METHODS_WITH_BODY = {"GET", "HEAD", "OPTIONS"}, {"POST", "PUT", "PATCH"}


def check_signature(key: ApiKey, request: Request, *, now: datetime) -> None:
    """Unauthorized unless signed with the key's secret, within SIGNATURE_WINDOW, and not a repeated write request.

    A write request may be repeated with its Idempotency-Key, which makes its effect happen once.
    """
    timestamp, given = request.headers.get("X-Timestamp", ""), request.headers.get("X-Signature", "")
    if not timestamp or not given:
        raise Unauthorized("This client's requests need X-Timestamp and X-Signature.", code="signature_missing")
    if not abs(_seconds(timestamp) - now.timestamp()) <= SIGNATURE_WINDOW.total_seconds():  # written so that NaN fails
        raise Unauthorized(
            f"X-Timestamp lies more than {SIGNATURE_WINDOW.seconds} seconds from our clock ({now.timestamp():.0f}).",
            code="signature_expired",
        )
    version, _equals, signed = given.rpartition("=")
    if version != VERSION and (version or not key.client.accept_signature_v1):
        raise Unauthorized(f"This client signs as X-Signature: {VERSION}=HEX.", code="signature_version")
    body = read_body(request, limit=MAX_BODY_BYTES)
    expected = _expected(key, request, timestamp, body, version)
    if not hmac.compare_digest(expected.encode(), signed.strip().lower().encode()):
        raise Unauthorized("X-Signature does not fit the request and X-Timestamp.", code="signature_wrong")
    if request.method not in SAFE_METHODS:
        _reject_replay(key, request, expected, now)


def _expected(key: ApiKey, request: Request, timestamp: str, body: bytes, version: str) -> str:
    secret, method = unseal(key.sealed_secret), request.method or ""
    if not version:
        return sign_v1(secret, timestamp, body)
    # A full stop ends the target and may stand in it as well: without a body there is one way to read what is signed.
    if body and method not in METHODS_WITH_BODY:
        raise Unauthorized(f"A signed {method} has no body.", code="signature_wrong")
    return sign(secret, timestamp, method, request_target(request), body)


def request_target(request: Request) -> str:
    """Path and query as the client sent them: the server's raw line where it keeps one, else written anew."""
    raw = request.META.get("RAW_URI") or request.META.get("REQUEST_URI") or request.get_full_path()
    if raw.startswith("/"):
        return raw
    parts = urlsplit(raw)  # a proxy's absolute form
    return parts._replace(scheme="", netloc="").geturl()


def _seconds(timestamp: str) -> float:
    """Fractions are allowed, so that two equal requests within a second have different signatures."""
    try:
        return float(timestamp) if timestamp.isascii() and len(timestamp) < 30 else float("nan")
    except ValueError:
        raise Unauthorized("X-Timestamp must be seconds since 1970.", code="signature_expired") from None


def _reject_replay(key: ApiKey, request: Request, signed: str, now: datetime) -> None:
    idempotency_key = request.headers.get("Idempotency-Key", "")[:255]
    fingerprint = digest(f"{request.method} {request.path} {signed}")
    try:
        with transaction.atomic():
            SignedRequest.objects.create(
                client=key.client, fingerprint=fingerprint, idempotency_key=idempotency_key, at=now
            )
    except IntegrityError:
        known = SignedRequest.objects.filter(client=key.client, fingerprint=fingerprint)
        if not idempotency_key or not known.filter(idempotency_key=idempotency_key).exists():
            raise Unauthorized(
                "This signed request was sent before. Sign it again with the time of now.", code="replayed"
            ) from None


def delete_old_signatures(*, now: datetime) -> int:
    """Delete the signatures whose time window is over."""
    return SignedRequest.objects.filter(at__lt=now - 2 * SIGNATURE_WINDOW).delete()[0]
