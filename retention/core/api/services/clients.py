"""API clients and their keys: create, rotate, revoke. A key and its signing secret are returned once, on creation."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from retention.core.accounts.models import Branch, User
from retention.core.api.models import ApiClient, ApiKey
from retention.core.api.validators import checked_branch, checked_networks, checked_rate, checked_scopes
from retention.core.audit import services as audit
from retention.core.errors import Conflict, Invalid
from retention.core.secrets import digest, new_secret, seal

KEY_OVERLAP = timedelta(hours=24)
PREFIX_LENGTH = 12


@dataclass(frozen=True)
class NewKey:
    """A new key with its signing secret; the key cannot be read again."""

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
    accept_signature_v1: bool = False,
    allowed_networks: Sequence[str] = (),
    rate_per_second: int = 100,
    burst: int = 200,
) -> NewKey:
    """A client with its first key. Invalid for a name in use, no or unknown scopes, a wrong address or rate."""
    name = name.strip()
    if not name or len(name) > 80:
        raise Invalid(_("A client needs a name of at most 80 characters."), code="bad_name")
    if ApiClient.objects.filter(name=name).exists():
        raise Invalid(_("There is a client of this name already."), code="name_taken")
    scopes = checked_scopes(scopes)
    client = ApiClient.objects.create(
        name=name,
        scopes=scopes,
        branch=checked_branch(branch, scopes),
        require_signature=require_signature,
        accept_signature_v1=accept_signature_v1,
        allowed_networks=checked_networks(allowed_networks),
        **checked_rate(rate_per_second, burst),
        created_at=now,
        created_by=actor,
    )
    audit.record(actor=actor, action="api_client.change", target=f"api_client:{name}", did="create")
    return _new_key(client, now)


@transaction.atomic
def change_client(
    *,
    client: ApiClient,
    scopes: Iterable[str],
    branch: Branch | None,
    require_signature: bool,
    accept_signature_v1: bool,
    allowed_networks: Sequence[str],
    rate_per_second: int,
    burst: int,
    actor: User | None = None,
) -> ApiClient:
    """Change the client's permissions from its next request on; its keys stay. Conflict when revoked, Invalid as above.

    The audit entry holds the old and new values of what changed.
    """
    client = ApiClient.objects.select_for_update(of=("self",)).select_related("branch").get(pk=client.pk)
    if client.revoked_at:
        raise Conflict(_("The client is revoked."), code="revoked")
    scopes = checked_scopes(scopes)
    changes = {
        "scopes": scopes,
        "branch": checked_branch(branch, scopes),
        "require_signature": require_signature,
        "accept_signature_v1": accept_signature_v1,
        "allowed_networks": checked_networks(allowed_networks),
        **checked_rate(rate_per_second, burst),
    }
    differing = {name: value for name, value in changes.items() if getattr(client, name) != value}
    if differing:
        differences = {name: [_plain(getattr(client, name)), _plain(value)] for name, value in differing.items()}
        for name, value in differing.items():
            setattr(client, name, value)
        client.save(update_fields=list(differing))
        target = f"api_client:{client.name}"
        audit.record(actor=actor, action="api_client.change", target=target, did="change", changes=differences)
    return client


@transaction.atomic
def rotate_key(*, client: ApiClient, now: datetime, actor: User | None = None) -> NewKey:
    """A new key; the existing ones stay valid for another day, so that the client can switch without a gap."""
    if client.revoked_at:
        raise Conflict(_("The client is revoked."), code="revoked")
    client.keys.filter(Q(expires_at=None) | Q(expires_at__gt=now + KEY_OVERLAP)).update(expires_at=now + KEY_OVERLAP)
    audit.record(actor=actor, action="api_client.change", target=f"api_client:{client.name}", did="rotate")
    return _new_key(client, now)


@transaction.atomic
def revoke_client(*, client: ApiClient, now: datetime, actor: User | None = None) -> None:
    """Revoke the client at once; the data it sent stay."""
    ApiClient.objects.filter(pk=client.pk, revoked_at=None).update(revoked_at=now)
    client.refresh_from_db(fields=["revoked_at"])
    audit.record(actor=actor, action="api_client.change", target=f"api_client:{client.name}", did="revoke")


def _plain(value: object) -> object:
    return value.code if isinstance(value, Branch) else value


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
