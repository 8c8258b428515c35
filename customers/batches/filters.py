"""The filters of the list of batches."""

import django_filters
from django.utils.translation import gettext_lazy as _

from customers.batches.models import IngestBatch
from customers.imports.text import resource_label
from customers.ingest.resources import RESOURCES


def resource_choices() -> list[tuple[str, str]]:
    return [(name, resource_label(name)) for name in RESOURCES]


class BatchFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(label=_("State"), choices=IngestBatch.State.choices, empty_label=_("All"))
    resource = django_filters.ChoiceFilter(label=_("Kind of rows"), choices=resource_choices, empty_label=_("All"))
