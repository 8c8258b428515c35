"""The filters of the alarm history."""

import django_filters
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from analytics.monitoring.models import AlarmKind
from retention.core.alerts.models import AlertQuerySet
from retention.core.alerts.rules import Severity

STATES = [("open", pgettext_lazy("alarm", "Open")), ("closed", pgettext_lazy("alarm", "Cleared"))]
KINDS = [(kind.alert_kind, kind.label) for kind in AlarmKind]


class AlarmFilter(django_filters.FilterSet):
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=KINDS, empty_label=_("All"))
    severity = django_filters.ChoiceFilter(label=_("Severity"), choices=Severity.choices, empty_label=_("All"))
    state = django_filters.ChoiceFilter(label=_("State"), choices=STATES, empty_label=_("All"), method="of_state")

    def of_state(self, alarms: AlertQuerySet, name: str, value: str) -> AlertQuerySet:
        return alarms.filter(closed_at__isnull=value == "open")
