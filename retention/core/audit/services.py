"""The audit trail: `record()` inside the transaction of the audited change. Undeclared actions raise."""

from datetime import timedelta

from django.contrib.auth.models import AbstractUser
from django.db import models

from retention.core import clock
from retention.core.audit.models import AuditEntry
from retention.core.registry import Registry

ACTIONS: Registry[str, None] = Registry("audit action")
SYSTEM = "system"


def declare_actions(*names: str) -> None:
    """Allow these actions in the trail. ValueError for one that is declared already."""
    for name in names:
        ACTIONS.declare(name, None)


def record(
    *, actor: AbstractUser | None, action: str, target: models.Model | str | None = None, **detail: object
) -> AuditEntry:
    """One line in the trail. ValueError for an action that no app declares.

    target: a text, or a row, kept as "model:key". The key is the field that the model names in `audit_key`, else
    `code`, else the primary key. detail: JSON, free of phones.
    """
    if action not in ACTIONS:
        raise ValueError(f"undeclared audit action {action!r}")
    return AuditEntry.objects.create(
        at=clock.now(),
        actor_id=actor.pk if actor else None,
        actor_name=actor.username if actor else SYSTEM,
        action=action,
        target=target_name(target),
        detail=detail,
    )


def count_recent(*, actor: AbstractUser, action: str, within: timedelta) -> int:
    """Number of this person's entries of the action in the last `within`; limits are based on it."""
    return AuditEntry.objects.filter(actor_id=actor.pk, action=action, at__gt=clock.now() - within).count()


def target_name(target: models.Model | str | None) -> str:
    """Name of a row in entries ("scenario:S4"); a text stays as it is, None is ""."""
    if target is None or isinstance(target, str):
        return target or ""
    key = getattr(target, getattr(target, "audit_key", "code"), None) or target.pk
    return f"{target._meta.model_name}:{key}"
