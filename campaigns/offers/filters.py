"""The filter of an offer's decisions."""

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.offers.states import State


class DecisionFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(
        label=_("State"), choices=State.choices, empty_label=pgettext_lazy("state", "Any"),
        widget=forms.Select(attrs={"data-submit-on-change": True}),
    )  # fmt: skip
