"""The filters of the groups at risk."""

import django_filters
from django.utils.translation import gettext_lazy as _

from analytics.groups.models import GroupLevel
from customers.facts.models import CustomerGroup


class GroupFilter(django_filters.FilterSet):
    level = django_filters.ChoiceFilter(
        label=_("Level"),
        choices=[(one.value, one.label) for one in (GroupLevel.ALARM, GroupLevel.WATCH)],
        empty_label=_("All"),
    )
    kind = django_filters.ChoiceFilter(
        label=_("Kind"), field_name="group__kind", choices=CustomerGroup.Kind.choices, empty_label=_("All")
    )
