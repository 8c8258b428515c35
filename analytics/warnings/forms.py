"""The filters of the warning list, and the choice of an order type."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from analytics.warnings.queries import NEXT_MONTH, THIS_MONTH
from customers.facts.models import LineType
from customers.fields.choices import WARNING_TIERS, RiskTier, TenureCohort, ValueBand
from customers.risk.text.themes import ALL_THEMES as THEMES
from retention.core.accounts.forms import BranchFilterField
from retention.core.accounts.models import Branch
from workorders.order_types.models import OrderType

ANY = ("", _("All"))


ENDS = (
    (THIS_MONTH, _("This month")),
    (NEXT_MONTH, _("Next month")),
    ("30", _("Within 30 days")),
    ("60", _("Within 60 days")),
    ("90", _("Within 90 days")),
)


class WarningFilter(forms.Form):
    """Its names are part of the address and of links from the planner."""

    tier = forms.MultipleChoiceField(
        label=_("Risk tier"),
        required=False,
        choices=[(key, RiskTier(key).label) for key in WARNING_TIERS],
        widget=forms.CheckboxSelectMultiple,
    )
    gain = forms.ChoiceField(
        label=_("Expected gain"),
        required=False,
        choices=[ANY, ("pays", _("A contact pays")), ("costs", _("A contact does not pay"))],
    )
    cohort = forms.ChoiceField(label=_("Tenure"), required=False, choices=[ANY, *TenureCohort.choices])
    line_type = forms.ChoiceField(label=_("Line type"), required=False, choices=[ANY, *LineType.choices])
    band = forms.ChoiceField(
        label=pgettext_lazy("customer", "Value"), required=False, choices=[ANY, *ValueBand.choices]
    )
    theme = forms.ChoiceField(
        label=_("Business reason"), required=False, choices=[ANY, *((one.key.value, one.label) for one in THEMES)]
    )
    ends_within = forms.ChoiceField(label=_("Contract ends"), required=False, choices=[ANY, *ENDS])
    branch = BranchFilterField()

    def __init__(self, *args: Any, branches: QuerySet[Branch], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["branch"].queryset = branches


class OrderTypeForm(forms.Form):
    order_type = forms.ChoiceField(label=_("Order type"))
    despite_holdout = forms.CharField(
        label=_("Reason to contact held-out customers"), required=False, max_length=300,
        help_text=_(
            "Customers of a control group are left out, so that a campaign can be measured. With a reason they are"
            " contacted as well, and the measurement notes it."
        ),
    )  # fmt: skip

    def __init__(self, *args: Any, after_leaving: bool = False, **kwargs: Any) -> None:
        """after_leaving: the types for lines that have left, else those for lines in use."""
        super().__init__(*args, **kwargs)
        self.fields["order_type"].choices = [
            (one.code, one.title) for one in OrderType.objects.current() if one.after_leaving == after_leaving
        ]
