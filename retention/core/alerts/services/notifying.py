"""Recipients of an alert's notices: its owner, or without one all people whose role may acknowledge it."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse

from retention.core.accounts.models import User
from retention.core.accounts.roles import PERMISSIONS
from retention.core.alerts.models import Alert
from retention.core.alerts.rules import AlertKind, Severity
from retention.core.alerts.text import alert_message
from retention.core.notices.models import Urgency
from retention.core.notices.services.notifying import notify

URGENCIES = {
    Severity.MINOR: Urgency.NORMAL,
    Severity.MAJOR: Urgency.IMPORTANT,
    Severity.CRITICAL: Urgency.URGENT,
}
Group = tuple[str, int, int | None]


def notify_people(*, alerts: Iterable[Alert], now: datetime) -> None:
    """One notice a person for the alerts of a kind, severity and owner: a broken feed opens dozens at once."""
    groups: dict[Group, list[Alert]] = {}
    for alert in alerts:
        if not alert.declared_kind.notifies:
            continue
        groups.setdefault((alert.kind, alert.severity, alert.owner_id), []).append(alert)
    for (_kind, severity, owner), members in groups.items():
        kind = members[0].declared_kind
        notify(
            people=_people(kind, owner),
            what=alert_message(members),
            where=reverse(kind.route),
            urgency=URGENCIES[Severity(severity)],
            now=now,
        )


def _people(kind: AlertKind, owner: int | None) -> QuerySet[User]:
    if owner is not None:
        return User.objects.filter(pk=owner)
    return User.objects.filter(role__in=[role for role, held in PERMISSIONS.items() if kind.permission in held])
