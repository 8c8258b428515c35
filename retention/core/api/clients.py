"""API clients and their keys: made, changed over, revoked. A key and its signing secret are shown once, here."""

import ipaddress
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from retention.core import audit
from retention.core.errors import Conflict, Invalid
from retention.core.models import ApiClient, ApiKey, Branch, Scope, User
from retention.core.secrets import digest, new_secret, seal

OVERLAP = timedelta(hours=24)
PREFIX_LENGTH = 12


@dataclass(frozen=True)
class NewKey:
    """What its client must keep: nobody can read the key again."""

    client: ApiClient
    key: str
    secret: str


@transaction.atomic
def create_client(
    *,
    name: str,
    scopes: Iterable[str],
    now: datetime,
    actor: User | None = None,
    branch: Branch | None = None,
    require_signature: bool = False,
    allowed_networks: Sequence[str] = (),
) -> NewKey:
    """A client with its first key. Invalid for a name in use, no or unknown scopes, an address that is none."""
    name = name.strip()
    if not name or len(name) > 80:
        raise Invalid(_("A client needs a name of at most 80 characters."), code="bad_name")
    if ApiClient.objects.filter(name=name).exists():
        raise Invalid(_("There is a client of this name already."), code="name_taken")
    client = ApiClient.objects.create(
        name=name,
        scopes=checked_scopes(scopes),
        branch=branch,
        require_signature=require_signature,
        allowed_networks=checked_networks(allowed_networks),
        created_at=now,
        created_by=actor,
    )
    audit.record(actor=actor, action="api_client.change", target=f"api_client:{name}", did="create")
    return _new_key(client, now)


@transaction.atomic
def rotate_key(*, client: ApiClient, now: datetime, actor: User | None = None) -> NewKey:
    """A new key; the ones so far work for another day, so that the client can change over without a gap."""
    if client.revoked_at:
        raise Conflict(_("The client is revoked."), code="revoked")
    client.keys.filter(Q(expires_at=None) | Q(expires_at__gt=now + OVERLAP)).update(expires_at=now + OVERLAP)
    audit.record(actor=actor, action="api_client.change", target=f"api_client:{client.name}", did="rotate")
    return _new_key(client, now)


@transaction.atomic
def revoke_client(*, client: ApiClient, now: datetime, actor: User | None = None) -> None:
    """Let it in no more, from this moment; what it sent stays."""
    ApiClient.objects.filter(pk=client.pk, revoked_at=None).update(revoked_at=now)
    client.refresh_from_db(fields=["revoked_at"])
    audit.record(actor=actor, action="api_client.change", target=f"api_client:{client.name}", did="revoke")


def checked_scopes(scopes: Iterable[str]) -> list[str]:
    found = sorted({scope.strip() for scope in scopes if scope.strip()})
    if unknown := [scope for scope in found if scope not in Scope.values]:
        message = _("There is no scope %(scope)s. The scopes are: %(known)s.")
        raise Invalid(message % {"scope": unknown[0], "known": ", ".join(Scope.values)}, code="unknown_scope")
    if not found:
        raise Invalid(_("A client needs at least one scope."), code="no_scope")
    return found


def checked_networks(networks: Iterable[str]) -> list[str]:
    found = []
    for text in networks:
        try:
            found.append(str(ipaddress.ip_network(text.strip(), strict=False)))
        except ValueError:
            message = _("%(text)s is neither an address nor a network such as 10.1.0.0/16.")
            raise Invalid(message % {"text": text[:60]}, code="bad_network") from None
    return found


def _new_key(client: ApiClient, now: datetime) -> NewKey:
    text, secret = f"rk_{new_secret()}", new_secret()
    ApiKey.objects.create(
        client=client,
        prefix=text[:PREFIX_LENGTH],
        digest=digest(text),
        sealed_secret=seal(secret),
        created_at=now,
    )
    return NewKey(client, text, secret)
