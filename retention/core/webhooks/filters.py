"""The filters of a webhook's deliveries."""

import django_filters
from django.forms import HiddenInput
from django.utils.translation import gettext_lazy as _

from retention.core.webhooks.events import EVENTS
from retention.core.webhooks.models import Delivery


def event_choices() -> list[tuple[str, str]]:
    return [(name, str(event.label)) for name, event in EVENTS.items()]


class DeliveryFilter(django_filters.FilterSet):
    """The state is chosen by the tabs above the list."""

    state = django_filters.ChoiceFilter(label=_("State"), choices=Delivery.State.choices, widget=HiddenInput)
    event = django_filters.ChoiceFilter(
        label=_("Event"), field_name="event__name", choices=event_choices, empty_label=_("All")
    )
    subject = django_filters.CharFilter(label=_("Subscriber"))
