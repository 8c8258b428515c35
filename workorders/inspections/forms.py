"""The forms of a plan, of a visit's day, and the filter of the service page."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.facts.models import Customer
from retention.core.accounts.forms import BranchFilterField
from retention.core.accounts.models import Branch, Team, User
from retention.core.managed.forms import ManagedForm
from retention.core.managed.models import Managed
from workorders.inspections.models import FIRMS, LEAST_DAYS, MOST_DAYS, MOST_PER_DAY, InspectionPlan

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class InspectionPlanForm(ManagedForm):
    model = InspectionPlan
    reserved_codes = frozenset({"new"})

    kinds = forms.MultipleChoiceField(
        label=_("Customers"), widget=forms.CheckboxSelectMultiple, initial=[kind.value for kind in FIRMS],
        choices=[(kind.value, kind.label) for kind in FIRMS],
    )  # fmt: skip
    tiers = forms.MultipleChoiceField(
        label=_("Cards"), required=False, widget=forms.CheckboxSelectMultiple, choices=Customer.Tier.choices,
        help_text=_("None ticked: all."),
    )  # fmt: skip
    every_days = forms.IntegerField(
        label=_("Days between two visits"), min_value=LEAST_DAYS, max_value=MOST_DAYS, initial=90
    )
    per_day = forms.IntegerField(
        label=_("Visits a day at most"), min_value=1, max_value=MOST_PER_DAY, initial=6,
        help_text=_("Firms that are due when a day is full go to the next working day."),
    )  # fmt: skip
    team = forms.ModelChoiceField(
        label=_("Group"), queryset=Team.objects.none(), required=False, empty_label=_("The nearest to the firm"),
        help_text=_("Its working calendar says on which days it visits."),
    )  # fmt: skip

    def __init__(self, *args: Any, user: User, instance: Managed | None = None, **kwargs: Any) -> None:
        super().__init__(*args, user=user, instance=instance, **kwargs)
        places = Branch.objects.visible_to(user)
        self.fields["team"].queryset = Team.objects.filter(branch__in=places.values("pk")).order_by("code")


class MoveVisitForm(forms.Form):
    """seen: the day that the person saw the visit on."""

    day = forms.DateField(label=_("New day"), widget=DAY)
    seen = forms.DateField(widget=forms.HiddenInput)


class ServiceFilter(forms.Form):
    branch = BranchFilterField(outlets=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["branch"].queryset = Branch.objects.visible_to(user)
