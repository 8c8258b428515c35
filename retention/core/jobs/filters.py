"""The filters of the job list."""

import django_filters
from django.utils.translation import gettext_lazy as _

from retention.core.jobs import text
from retention.core.jobs.models import Job


def known_kinds() -> list[tuple[str, str]]:
    """(kind, label) of every kind of job that has run."""
    kinds = Job.objects.order_by("kind").values_list("kind", flat=True).distinct()
    return [(kind, text.format_kind(kind)) for kind in kinds]


class JobFilter(django_filters.FilterSet):
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=known_kinds, empty_label=_("All"))
    state = django_filters.ChoiceFilter(label=_("State"), choices=Job.State.choices, empty_label=_("All"))
