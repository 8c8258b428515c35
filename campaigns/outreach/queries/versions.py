"""The versions of the contact policy, read out of its audit trail: the first is the one of the installation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from campaigns.outreach.models import POLICY_ACTION, POLICY_TARGET, ContactPolicy
from retention.core.administration.services import row_values
from retention.core.audit.models import AuditEntry
from retention.core.managed.queries import actor_of


@dataclass(frozen=True)
class PolicyVersion:
    """number: 1 for the policy of the installation. since: when it came into force, None for that one. who: who made
    it. values: {field: its value as JSON}. changed: the fields in which it differs from the version before."""

    number: int
    since: datetime | None
    who: str
    values: Mapping[str, Any]
    changed: Sequence[str]


FIELDS = [one.name for one in ContactPolicy._meta.fields if not one.primary_key]


def policy_versions() -> list[PolicyVersion]:
    """Every version, the newest first; one query beside that of the policy.

    The trail is append-only: each version is the one after it with that change undone. A field that the policy did not
    have yet then has the value with which it came.
    """
    values = row_values(ContactPolicy.objects.current(), FIELDS)
    entries = list(AuditEntry.objects.filter(target=POLICY_TARGET, action=POLICY_ACTION).select_related("actor"))
    found = []
    for number, entry in zip(range(len(entries) + 1, 1, -1), entries, strict=True):
        changes = entry.detail.get("changes", {})
        found.append(PolicyVersion(number, entry.at, actor_of(entry), values, [*changes]))
        values = values | {name: pair[0] for name, pair in changes.items() if isinstance(pair, list) and name in values}
    return [*found, PolicyVersion(1, None, "", values, [])]


def version_at(versions: Sequence[PolicyVersion], at: datetime) -> PolicyVersion:
    """The one in force at that moment; versions as policy_versions."""
    return next(one for one in versions if one.since is None or one.since <= at)
