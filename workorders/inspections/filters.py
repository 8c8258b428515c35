"""The filters of the routes and of the faults of firms."""

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from retention.core.accounts.forms import BranchSelect
from retention.core.accounts.models import Branch, BranchQuerySet
from retention.core.accounts.permissions import StaffRequest
from workorders.inspections.models import InspectionPlan, VisitState
from workorders.orders.states import OPEN, State

AT_ONCE = forms.Select(attrs={"data-submit-on-change": True})
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
REPAIRED, WAITING = "repaired", "open"


def _branches(request: StaffRequest) -> BranchQuerySet:
    return Branch.objects.visible_to(request.user)


def _plans(request: StaffRequest) -> QuerySet[InspectionPlan]:
    return InspectionPlan.objects.visible_to(request.user).order_by("code")


class RouteFilter(django_filters.FilterSet):
    since = django_filters.DateFilter(
        label=pgettext_lazy("period", "From"), field_name="planned_on", lookup_expr="gte", widget=DAY
    )
    until = django_filters.DateFilter(
        label=pgettext_lazy("period", "To"), field_name="planned_on", lookup_expr="lte", widget=DAY
    )
    state = django_filters.ChoiceFilter(
        label=_("State"), choices=VisitState.choices, empty_label=pgettext_lazy("state", "Any"), widget=AT_ONCE
    )
    plan = django_filters.ModelChoiceFilter(
        label=pgettext_lazy("inspections", "Plan"),
        queryset=_plans,
        to_field_name="code",
        empty_label=_("All"),
        widget=AT_ONCE,
    )
    branch = django_filters.ModelChoiceFilter(
        label=_("Branch"), queryset=_branches, to_field_name="code", empty_label=_("All"), method="in_branch",
        widget=BranchSelect,
    )  # fmt: skip

    def in_branch(self, rows: QuerySet, name: str, branch: Branch) -> QuerySet:
        return rows.filter(customer__branch__in=Branch.objects.under(branch).values("pk"))


class FaultFilter(django_filters.FilterSet):
    since = django_filters.DateFilter(
        label=pgettext_lazy("period", "From"), field_name="opened_at", lookup_expr="date__gte", widget=DAY
    )
    until = django_filters.DateFilter(
        label=pgettext_lazy("period", "To"), field_name="opened_at", lookup_expr="date__lte", widget=DAY
    )
    state = django_filters.ChoiceFilter(
        label=_("State"), choices=[(WAITING, _("Open")), (REPAIRED, pgettext_lazy("fault", "Repaired"))],
        empty_label=pgettext_lazy("state", "Any"), method="in_state", widget=AT_ONCE,
    )  # fmt: skip
    branch = django_filters.ModelChoiceFilter(
        label=_("Branch"), queryset=_branches, to_field_name="code", empty_label=_("All"), method="in_branch",
        widget=BranchSelect,
    )  # fmt: skip

    def in_state(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(state=State.DONE) if value == REPAIRED else rows.filter(state__in=OPEN)

    def in_branch(self, rows: QuerySet, name: str, branch: Branch) -> QuerySet:
        return rows.filter(branch__in=Branch.objects.under(branch).values("pk"))
