"""The filters of a scenario's hits."""

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.outreach.models import RefusalReason
from campaigns.scenarios.models import ScenarioHit

AT_ONCE = forms.Select(attrs={"data-submit-on-change": True})


class HitFilter(django_filters.FilterSet):
    on = django_filters.DateFilter(label=_("Night"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    state = django_filters.ChoiceFilter(
        label=_("State"), choices=ScenarioHit.State.choices, empty_label=pgettext_lazy("state", "Any"), widget=AT_ONCE
    )
    reason = django_filters.ChoiceFilter(
        label=_("Contact rule"), choices=RefusalReason.choices, empty_label=pgettext_lazy("reason", "Any"),
        widget=AT_ONCE,
    )  # fmt: skip
