"""The filters of a monthly list."""

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from analytics.warnings.models import WarningEntry
from customers.facts.models import LineType
from customers.fields.choices import WARNING_TIERS, RiskTier, TenureCohort
from retention.core.accounts.forms import BranchSelect
from retention.core.accounts.models import Branch
from retention.core.accounts.permissions import StaffRequest

ALL = _("All")


def visible_branches(request: StaffRequest) -> QuerySet[Branch]:
    return Branch.objects.visible_to(request.user)


class EntryFilter(django_filters.FilterSet):
    tier = django_filters.MultipleChoiceFilter(
        label=_("Risk tier"),
        choices=[(key, RiskTier(key).label) for key in WARNING_TIERS],
        widget=forms.CheckboxSelectMultiple,
    )
    cohort = django_filters.ChoiceFilter(label=_("Tenure"), choices=TenureCohort.choices, empty_label=ALL)
    line_type = django_filters.ChoiceFilter(label=_("Line type"), choices=LineType.choices, empty_label=ALL)
    branch = django_filters.ModelChoiceFilter(
        label=_("Branch"),
        queryset=visible_branches,
        to_field_name="code",
        empty_label=ALL,
        method="filter_branch",
        widget=BranchSelect,
    )

    def filter_branch(self, entries: QuerySet[WarningEntry], name: str, branch: Branch) -> QuerySet[WarningEntry]:
        """The lines of a branch and of every branch below it."""
        return entries.filter(branch__in=Branch.objects.under(branch).values("pk"))
