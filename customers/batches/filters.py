"""The filters of the list of batches."""

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from customers.batches.models import IngestBatch
from customers.batches.rules import LONG_WAIT
from customers.imports.text import resource_label
from customers.ingest.resources import RESOURCES
from retention.core import clock


def resource_choices() -> list[tuple[str, str]]:
    return [(name, resource_label(name)) for name in RESOURCES]


class BatchFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(label=_("State"), choices=IngestBatch.State.choices, empty_label=_("All"))
    resource = django_filters.ChoiceFilter(label=_("Kind of rows"), choices=resource_choices, empty_label=_("All"))


class WaitingFilter(django_filters.FilterSet):
    resource = django_filters.ChoiceFilter(label=_("Kind of rows"), choices=resource_choices, empty_label=_("All"))
    waited = django_filters.ChoiceFilter(
        label=_("Waiting"), choices=[("day", _("More than a day"))], empty_label=_("All"), method="filter_waited"
    )

    def filter_waited(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(since__lte=clock.now() - LONG_WAIT)
