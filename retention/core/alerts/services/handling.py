"""Actions on an open alert: acknowledge, own, snooze. Each is one entry in the audit trail."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from retention.core.accounts.models import User
from retention.core.alerts.models import Alert
from retention.core.alerts.queries import ACTION, audit_target
from retention.core.audit import services as audit
from retention.core.errors import Conflict, Invalid

SNOOZE_DAYS = (1, 3, 7)


@transaction.atomic
def acknowledge(*, alert: Alert, actor: User, note: str, now: datetime) -> Alert:
    """Record that a person has seen it and what is done about it. Conflict when closed or acknowledged before."""
    alert = Alert.objects.select_for_update().get(pk=alert.pk)
    if alert.closed_at is not None or alert.acknowledged_at is not None:
        raise Conflict(_("This alarm is closed or acknowledged already."), code="settled")
    alert.acknowledged_at, alert.acknowledged_by, alert.note = now, actor, note.strip()
    alert.save(update_fields=["acknowledged_at", "acknowledged_by", "note"])
    audit.record(actor=actor, action=ACTION, target=audit_target(alert), kind=alert.kind, note=alert.note)
    return alert


@transaction.atomic
def assign(*, alert: Alert, owner: User | None, actor: User) -> Alert:
    """Give it an owner, or none. Conflict when closed; Invalid for an owner whose role may not handle its kind."""
    alert = _lock_open(alert)
    if owner is not None and not owner.may(alert.declared_kind.permission):
        raise Invalid(_("This person may not handle the alarm."), code="owner", details=[{"field": "owner"}])
    alert.owner = owner
    alert.save(update_fields=["owner"])
    name = owner.username if owner else ""
    audit.record(actor=actor, action=ACTION, target=audit_target(alert), kind=alert.kind, owner=name)
    return alert


@transaction.atomic
def snooze(*, alert: Alert, actor: User, days: int, now: datetime) -> Alert:
    """Set it aside for 1, 3 or 7 days, or with 0 take it up again. Conflict when closed, Invalid for other days.

    It goes on being judged; when it becomes more severe the snooze ends.
    """
    if days not in (0, *SNOOZE_DAYS):
        raise Invalid(_("An alarm is snoozed for 1, 3 or 7 days."), code="days", details=[{"field": "days"}])
    alert = _lock_open(alert)
    alert.snoozed_until, alert.snoozed_by = (now + timedelta(days=days), actor) if days else (None, None)
    alert.save(update_fields=["snoozed_until", "snoozed_by"])
    audit.record(actor=actor, action=ACTION, target=audit_target(alert), kind=alert.kind, snoozed_days=days)
    return alert


def _lock_open(alert: Alert) -> Alert:
    alert = Alert.objects.select_for_update().get(pk=alert.pk)
    if alert.closed_at is not None:
        raise Conflict(_("This alarm is closed already."), code="closed")
    return alert
