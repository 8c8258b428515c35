"""Alarms of the model among all alerts."""

from analytics.monitoring.models import AlarmKind
from retention.core.alerts.models import Alert, AlertQuerySet


def model_alarms(*kinds: AlarmKind) -> AlertQuerySet:
    """Alerts of the given kinds, by default of all kinds of model monitoring."""
    return Alert.objects.of_kinds([kind.alert_kind for kind in kinds or AlarmKind])
