"""The filters of the history of messages."""

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.messages.models import CHANNELS, REASONS, MessageTemplate
from campaigns.messages.states import State
from retention.core.accounts.forms import BranchSelect
from retention.core.accounts.models import Branch, BranchQuerySet
from retention.core.accounts.permissions import StaffRequest

AT_ONCE = forms.Select(attrs={"data-submit-on-change": True})
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
KINDS = [("0", _("To customers")), ("1", _("Tests"))]


def _branches(request: StaffRequest) -> BranchQuerySet:
    return Branch.objects.visible_to(request.user)


def _templates(request: StaffRequest) -> QuerySet[MessageTemplate]:
    return MessageTemplate.objects.visible_to(request.user).order_by("code")


class MessageFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(
        label=_("State"), choices=State.choices, empty_label=pgettext_lazy("state", "Any"), widget=AT_ONCE
    )
    channel = django_filters.ChoiceFilter(
        label=_("Channel"), choices=CHANNELS, empty_label=pgettext_lazy("channel", "Any"), widget=AT_ONCE
    )
    template = django_filters.ModelChoiceFilter(
        label=_("Template"), queryset=_templates, to_field_name="code", empty_label=_("All"), widget=AT_ONCE
    )
    reason = django_filters.ChoiceFilter(
        label=pgettext_lazy("message", "Reason"), choices=REASONS, empty_label=pgettext_lazy("reason", "Any"),
        widget=AT_ONCE,
    )  # fmt: skip
    kind = django_filters.ChoiceFilter(
        label=_("Kind"), choices=KINDS, field_name="is_test", empty_label=_("All"), widget=AT_ONCE
    )
    since = django_filters.DateFilter(
        label=pgettext_lazy("period", "From"), field_name="queued_at", lookup_expr="date__gte", widget=DAY
    )
    until = django_filters.DateFilter(
        label=pgettext_lazy("period", "To"), field_name="queued_at", lookup_expr="date__lte", widget=DAY
    )
    branch = django_filters.ModelChoiceFilter(
        label=_("Branch"), queryset=_branches, to_field_name="code", empty_label=_("All"), method="in_branch",
        widget=BranchSelect,
    )  # fmt: skip

    def in_branch(self, messages: QuerySet, name: str, branch: Branch) -> QuerySet:
        return messages.filter(branch__in=Branch.objects.under(branch).values("pk"))
