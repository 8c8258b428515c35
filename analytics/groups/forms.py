"""Filters of the groups and of second SIMs."""

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from analytics.groups.models import GroupLevel, GroupRisk
from customers.facts.models import CustomerGroup

MID_VALUE = 80


ANY = ("", _("All"))


class GroupFilter(forms.Form):
    level = forms.ChoiceField(
        label=_("Level"),
        required=False,
        choices=[ANY, *((one.value, one.label) for one in (GroupLevel.ALARM, GroupLevel.WATCH))],
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[ANY, *CustomerGroup.Kind.choices])

    def apply(self, groups: QuerySet[GroupRisk]) -> QuerySet[GroupRisk]:
        chosen = self.cleaned_data if self.is_valid() else {}
        if chosen.get("level"):
            groups = groups.filter(level=chosen["level"])
        if chosen.get("kind"):
            groups = groups.filter(group__kind=chosen["kind"])
        return groups


class SpendFilter(forms.Form):
    spend = forms.IntegerField(label=_("Spend a month, at least"), required=False, min_value=0, initial=MID_VALUE)

    @property
    def least(self) -> int:
        given = self.cleaned_data.get("spend") if self.is_valid() else None
        return MID_VALUE if given is None else given
