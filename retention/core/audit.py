"""The audit trail: `record()` inside the transaction of the deed itself. Undeclared actions raise."""

from django.db import models

from retention.core import clock
from retention.core.models import AuditEntry, User

ACTIONS = frozenset(
    {
        "customer.view",
        "customer.reveal_phone",
        "customer.list_add",
        "customer.list_end",
        "export",
        "order.open",
        "order.move",
        "order.reassign",
        "scenario.change",
        "scenario.run",
        "model.train",
        "model.promote",
        "job.run",
        "staff.change",
        "preference.change",
    }
)
SYSTEM = "system"


def record(*, actor: User | None, action: str, target: models.Model | str | None = None, **detail: object) -> AuditEntry:
    """One line in the trail. `target` is a row (kept as "label:key") or a text; `detail` must be JSON and free of phones."""
    if action not in ACTIONS:
        raise ValueError(f"undeclared audit action {action!r}")
    return AuditEntry.objects.create(
        at=clock.now(),
        actor=actor,
        actor_name=actor.username if actor else SYSTEM,
        action=action,
        target=_name(target),
        detail=detail,
    )


def _name(target: models.Model | str | None) -> str:
    if target is None or isinstance(target, str):
        return target or ""
    key = getattr(target, "subscriber_no", None) or getattr(target, "order_no", None) or getattr(target, "code", None)
    return f"{target._meta.model_name}:{key or target.pk}"
