"""Secrets that must be read again (signing keys of clients and webhooks), sealed before they reach the database."""

import base64
import hashlib
import hmac
import secrets

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from retention.core.errors import Unavailable


def new_secret() -> str:
    """256 random bits as URL-safe text."""
    return secrets.token_urlsafe(32)


def seal(text: str) -> str:
    return _box().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """Unavailable when none of the keys in force made the seal: SECRET_KEY was changed without DATA_KEYS."""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise Unavailable("A stored secret cannot be read: the key it was sealed with is gone.", code="key_lost") from (
            error
        )


def digest(text: str) -> str:
    """How a secret that is only ever compared is kept. It is random and long: no salt, no slow hash is needed."""
    return hashlib.sha256(text.encode()).hexdigest()


def sign(secret: str, timestamp: str, method: str, target: str, body: bytes) -> str:
    """Hex HMAC-SHA256 of timestamp + "." + METHOD + "." + path with query + "." + body: version 2 of signatures, of
    clients to us and of webhooks to them. target: as the request line has it."""
    return _hmac(secret, f"{timestamp}.{method.upper()}.{target}.".encode() + body)


def sign_v1(secret: str, timestamp: str, body: bytes) -> str:
    """Hex HMAC-SHA256 of timestamp + "." + body: the older signature, which fits the body at any address."""
    return _hmac(secret, timestamp.encode() + b"." + body)


def _hmac(secret: str, message: bytes) -> str:
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def _box() -> MultiFernet:
    """The first key seals, every key opens: put a new one in front of DATA_KEYS to change it."""
    keys = settings.DATA_KEYS or [settings.SECRET_KEY]
    return MultiFernet(
        [Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"data:{key}".encode()).digest())) for key in keys]
    )
