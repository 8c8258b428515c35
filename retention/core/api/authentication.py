"""Authentication of API clients: the key, the client's address, and the signature where required."""

import ipaddress
import secrets

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from retention.core import clock
from retention.core.accounts.services.sign_in import client_address
from retention.core.api.models import ApiClient, ApiKey
from retention.core.api.services.clients import PREFIX_LENGTH
from retention.core.api.services.signing import check_signature
from retention.core.errors import Refused, Unauthorized
from retention.core.secrets import digest

SCHEME = "Bearer"


class KeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer KEY`. request.auth is the client's ApiKey; request.user stays anonymous."""

    def authenticate(self, request: Request) -> tuple[AnonymousUser, ApiKey]:
        key = known_key(request._request)
        if key.client.require_signature:
            check_signature(key, request, now=clock.now())
        return AnonymousUser(), key

    def authenticate_header(self, request: Request) -> str:
        return SCHEME


def known_key(request: HttpRequest) -> ApiKey:
    """The key that the head of a request presents. Unauthorized without a valid one, Refused from another address."""
    scheme, _space, text = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != SCHEME.lower() or not text.strip():
        raise _unknown("Send your key as: Authorization: Bearer KEY")
    key = _key(text.strip())
    _check_address(key.client, request)
    return key


def _key(text: str) -> ApiKey:
    # PostgreSQL rejects NUL in text; no key contains it.
    key = ApiKey.objects.presented(text[:PREFIX_LENGTH]).first() if text.isascii() and "\0" not in text else None
    if key is None or not secrets.compare_digest(key.digest, digest(text)):
        raise _unknown("This key is not known.")
    if key.client.revoked_at or (key.expires_at and key.expires_at <= clock.now()):
        raise _unknown("This key is no longer valid.")
    return key


def _check_address(client: ApiClient, request: HttpRequest) -> None:
    if not client.allowed_networks:
        return
    address = ipaddress.ip_address(client_address(request) or "0.0.0.0")  # noqa: S104
    if not any(address in ipaddress.ip_network(network) for network in client.allowed_networks):
        raise Refused("This client may not call from your address.", code="address_not_allowed")


def _unknown(message: str) -> Unauthorized:
    return Unauthorized(message, headers={"WWW-Authenticate": SCHEME})
