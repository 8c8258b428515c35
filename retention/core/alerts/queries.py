"""Open alerts as a page shows them, with what people did about each."""

from dataclasses import dataclass
from datetime import datetime

from retention.core.alerts.models import Alert, AlertQuerySet
from retention.core.alerts.text import format_change
from retention.core.audit.models import AuditEntry

ACTION = "alert.change"


@dataclass(frozen=True)
class Change:
    """One entry of an alert's trail."""

    at: datetime
    who: str
    text: str


@dataclass(frozen=True)
class AlertCard:
    """An open alert; changes: its trail, oldest first."""

    alert: Alert
    is_snoozed: bool
    changes: list[Change]


def cards(alerts: AlertQuerySet, *, now: datetime) -> list[AlertCard]:
    """The open ones among them in the order of for_page, with their trails: two queries however many there are."""
    found = list(alerts.for_page(now))
    trails: dict[str, list[Change]] = {audit_target(alert): [] for alert in found}
    entries = AuditEntry.objects.filter(target__in=trails, action=ACTION).order_by("at", "pk")
    for entry in entries:
        trails[entry.target].append(Change(entry.at, entry.actor_name, format_change(entry.detail)))
    return [AlertCard(alert, alert.is_snoozed(now), trails[audit_target(alert)]) for alert in found]


def audit_target(alert: Alert) -> str:
    """The name of an alert in the audit trail."""
    return f"alert:{alert.pk}"
