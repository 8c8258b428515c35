"""The filters of a scenario's hits."""

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.outreach.models import RefusalReason
from campaigns.scenarios.models import ScenarioHit
from retention.core.accounts.forms import BranchSelect
from retention.core.accounts.models import Branch, BranchQuerySet
from retention.core.accounts.permissions import StaffRequest

AT_ONCE = forms.Select(attrs={"data-submit-on-change": True})


def _branches(request: StaffRequest) -> BranchQuerySet:
    return Branch.objects.visible_to(request.user)


class HitFilter(django_filters.FilterSet):
    on = django_filters.DateFilter(label=_("Night"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    state = django_filters.ChoiceFilter(
        label=_("State"), choices=ScenarioHit.State.choices, empty_label=pgettext_lazy("state", "Any"), widget=AT_ONCE
    )
    reason = django_filters.ChoiceFilter(
        label=_("Contact rule"), choices=RefusalReason.choices, empty_label=pgettext_lazy("reason", "Any"),
        widget=AT_ONCE,
    )  # fmt: skip
    branch = django_filters.ModelChoiceFilter(
        label=_("Branch"), queryset=_branches, to_field_name="code", empty_label=_("All"), method="in_branch",
        widget=BranchSelect,
    )  # fmt: skip

    def in_branch(self, hits: QuerySet, name: str, branch: Branch) -> QuerySet:
        return hits.filter(branch__in=Branch.objects.under(branch).values("pk"))
