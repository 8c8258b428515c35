"""The audit trail: `record()` inside the transaction of the deed itself. Undeclared actions raise."""

from datetime import timedelta

from django.contrib.auth.models import AbstractUser
from django.db import models

from retention.core import clock
from retention.core.audit.models import AuditEntry

ACTIONS = frozenset(
    {
        "customer.view",
        "customer.reveal_phone",
        "customer.list_add",
        "customer.list_end",
        "export",
        "facts.import",
        "order.open",
        "order.move",
        "order.reassign",
        "scenario.change",
        "scenario.run",
        "offer.change",
        "decision.move",
        "api_client.change",
        "batch.settle",
        "contact_policy.change",
        "model.train",
        "model.promote",
        "outcome.define",
        "model.contest",
        "watch.change",
        "job.run",
        "staff.change",
        "preference.change",
        "value.change",
        "warning_list.freeze",
        "webhook.change",
        "webhook.resend",
    }
)
SYSTEM = "system"
NATURAL_KEYS = ("subscriber_no", "order_no", "customer_no", "code")


def record(
    *, actor: AbstractUser | None, action: str, target: models.Model | str | None = None, **detail: object
) -> AuditEntry:
    """One line in the trail. `target` is a row (kept as "label:key") or a text; `detail`: JSON, free of phones."""
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
    """How often this person has done this in the last `within`: what limits are measured by."""
    return AuditEntry.objects.filter(actor_id=actor.pk, action=action, at__gt=clock.now() - within).count()


def target_name(target: models.Model | str | None) -> str:
    """How entries name a row ("scenario:S4"); a text stays as it is, None is ""."""
    if target is None or isinstance(target, str):
        return target or ""
    key = next((getattr(target, name) for name in NATURAL_KEYS if getattr(target, name, None)), target.pk)
    return f"{target._meta.model_name}:{key}"
