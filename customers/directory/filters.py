"""The filters of the customer list."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.facts.models import LineType, Plan, Subscriber
from customers.fields.choices import RiskTier, TenureCohort
from retention.core.accounts.forms import BranchFilterField
from retention.core.accounts.models import Branch, User
from retention.core.ui.figures import figure_field

ALL_CHOICE = ("", _("All"))
IN_USE_CHOICE = ("", _("In use"))


class CustomerFilter(forms.Form):
    """The filters of the customer list; their names are part of the address and of links from other pages."""

    q = forms.CharField(label=_("Number or name"), required=False, max_length=120, strip=True)
    tier = forms.ChoiceField(label=_("Risk"), required=False, choices=[ALL_CHOICE, *RiskTier.choices])
    status = forms.ChoiceField(label=_("Status"), required=False, choices=[IN_USE_CHOICE, *Subscriber.Status.choices])
    line_type = forms.ChoiceField(label=_("Line type"), required=False, choices=[ALL_CHOICE, *LineType.choices])
    cohort = forms.ChoiceField(label=_("Tenure"), required=False, choices=[ALL_CHOICE, *TenureCohort.choices])
    branch = BranchFilterField()
    plan = forms.ModelChoiceField(
        Plan.objects.order_by("name"), label=_("Plan"), required=False, to_field_name="code", empty_label=_("All")
    )
    figure = figure_field("customers")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.data.get("figure") or self.data.get("q"):  # both list lines that have left, too
            self.fields["status"].choices = [ALL_CHOICE, *Subscriber.Status.choices]
        self.fields["branch"].queryset = Branch.objects.visible_to(user)
