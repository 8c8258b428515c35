"""Validation of an API client's scopes, networks and rate limit; each returns the normalised value."""

import ipaddress
from collections.abc import Iterable

from django.utils.translation import gettext as _

from retention.core.accounts.models import Branch
from retention.core.api.scopes import SCOPES
from retention.core.errors import Invalid

MAX_RATE_PER_SECOND, MAX_BURST = 10_000, 100_000


def checked_scopes(scopes: Iterable[str]) -> list[str]:
    found = sorted({scope.strip() for scope in scopes if scope.strip()})
    if unknown := [scope for scope in found if scope not in SCOPES]:
        message = _("There is no scope %(scope)s. The scopes are: %(known)s.")
        raise Invalid(message % {"scope": unknown[0], "known": ", ".join(sorted(SCOPES))}, code="unknown_scope")
    if not found:
        raise Invalid(_("A client needs at least one scope."), code="no_scope")
    return found


def checked_branch(branch: Branch | None, scopes: Iterable[str]) -> Branch | None:
    """The branch of a client; Invalid with a scope that covers the whole base (facts, events)."""
    if branch and any(SCOPES[scope].whole_base for scope in scopes):
        raise Invalid(_("A client that sends facts or events cannot be limited to a branch."), code="branch_limited")
    return branch


def checked_networks(networks: Iterable[str]) -> list[str]:
    found = []
    for text in networks:
        try:
            found.append(str(ipaddress.ip_network(text.strip(), strict=False)))
        except ValueError:
            message = _("%(text)s is neither an address nor a network such as 10.1.0.0/16.")
            raise Invalid(message % {"text": text[:60]}, code="bad_network") from None
    return found


def checked_rate(rate_per_second: int, burst: int) -> dict[str, int]:
    if not 1 <= rate_per_second <= MAX_RATE_PER_SECOND or not rate_per_second <= burst <= MAX_BURST:
        message = _("A client has 1 to %(rate)d requests a second, and at once at least as many, at most %(burst)d.")
        raise Invalid(message % {"rate": MAX_RATE_PER_SECOND, "burst": MAX_BURST}, code="bad_rate")
    return {"rate_per_second": rate_per_second, "burst": burst}
