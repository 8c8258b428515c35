"""Alarms of the model among all alerts."""

from analytics.monitoring.models import AlarmKind
from retention.core.alerts.models import Alert, AlertQuerySet


def model_alarms(*kinds: AlarmKind) -> AlertQuerySet:
    """Those of the kinds given, or of every kind of the model watch."""
    return Alert.objects.of_kinds([kind.alert_kind for kind in kinds or AlarmKind])
