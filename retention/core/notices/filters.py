"""The filters of the list of notices."""

import django_filters
from django.utils.translation import gettext_lazy as _

from retention.core.notices.models import NoticeQuerySet, Urgency


class NoticeFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(
        label=_("State"),
        choices=[("unread", _("Unread")), ("read", _("Read"))],
        empty_label=_("All"),
        method="of_state",
    )
    urgency = django_filters.ChoiceFilter(label=_("Urgency"), choices=Urgency.choices, empty_label=_("All"))

    def of_state(self, notices: NoticeQuerySet, name: str, value: str) -> NoticeQuerySet:
        return notices.filter(read_at__isnull=value == "unread")
