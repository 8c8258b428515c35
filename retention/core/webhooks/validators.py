"""Validation of receiver addresses. A client names the address, so it must not lead into the operator's network.

Outside the demo: HTTPS only, and no private, loopback or link-local address unless the operator lists the host in
WEBHOOK_HOSTS. Names are resolved at the time of sending, and the request goes to the address that was checked.
"""

import ipaddress
import re
import socket
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from retention.core.errors import Invalid

MAX_URL_LENGTH = 500
_SHAPE = re.compile(r"https?://[!-~]+", re.IGNORECASE)
_NAME = re.compile(r"(?=.{1,253}\Z)[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*\.?")
# All other IPv6 is for one machine or network, or translates to IPv4 that nobody has checked (64:ff9b::, ::a.b.c.d).
_GLOBAL_UNICAST, _DOCUMENTATION = ipaddress.ip_network("2000::/3"), ipaddress.ip_network("3fff::/20")


@dataclass(frozen=True)
class Target:
    host: str
    port: int
    path: str
    tls: bool


def parse_target(url: str) -> Target:
    """Parse an address. Invalid when it is no URL, or not https where that is required."""
    if not (isinstance(url, str) and len(url) <= MAX_URL_LENGTH and _SHAPE.fullmatch(url)):
        raise _bad_url(f"An http(s) address of at most {MAX_URL_LENGTH} plain characters is needed.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise _bad_url("This is not an address.") from None
    host = (parts.hostname or "").lower()
    if "@" in parts.netloc or parts.fragment or port == 0 or not _is_host(host, parts):
        raise _bad_url("This is not an address: no names, passwords or # in it.")
    tls = parts.scheme.lower() == "https"
    if not (tls or is_lenient()):
        raise _bad_url("The address must begin with https://.")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(host=host, port=port or (443 if tls else 80), path=path, tls=tls)


def check_target(url: str) -> Target:
    """parse_target(), and Invalid for a forbidden address. An unknown name passes: sending checks again."""
    target = parse_target(url)
    if not is_lenient():
        with suppress(OSError):
            resolve_addresses(target)
    return target


def resolve_addresses(target: Target) -> list[str]:
    """The addresses of the host, all of them allowed. OSError without any, Invalid when one is forbidden."""
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except UnicodeError as error:
        raise OSError(f"{target.host} cannot be looked up") from error
    numbers = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not (is_lenient() or target.host in settings.WEBHOOK_HOSTS or all(map(is_public, numbers))):
        raise _bad_url("The address leads into a private network.", code="private_address")
    return numbers


def is_public(number: str) -> bool:
    """Whether an IP address is public, also when embedded in IPv6."""
    address = ipaddress.ip_address(number.split("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is not None:
            return is_public(str(inner))
        if address not in _GLOBAL_UNICAST or address in _DOCUMENTATION or address.teredo is not None:
            return False
    return address.is_global and not address.is_multicast


def is_lenient() -> bool:
    """Whether http and local addresses are allowed: in the demo and the tests only."""
    return settings.LOCAL or settings.DEBUG or settings.TESTING


def _is_host(host: str, parts: SplitResult) -> bool:
    if "[" in parts.netloc:
        try:
            return ipaddress.ip_address(host).version == 6
        except ValueError:
            return False
    return bool(_NAME.fullmatch(host))


def _bad_url(message: str, *, code: str = "bad_url") -> Invalid:
    return Invalid(message, code=code, details=[{"field": "url", "code": code, "message": message}])
