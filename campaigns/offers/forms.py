"""The forms of the offer pages. They read and check single fields; services decide."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.offers.defaults import CEILINGS
from campaigns.offers.families import Family
from campaigns.offers.models import LONGEST_TERM, TERM_MONTHS, Offer
from customers.facts.models import Plan, Policy
from retention.core.accounts.forms import BranchSelect
from retention.core.accounts.models import Branch, User
from retention.core.accounts.roles import Role
from retention.core.managed.forms import ManagedForm
from retention.core.managed.permissions import may_decide
from retention.core.ui.forms import LongTextField

DAY = {"type": "date"}


class OfferForm(ManagedForm):
    """An offer without its rule."""

    model = Offer
    reserved_codes = frozenset({"new", "ceilings"})
    code_help = _("Letters, digits and hyphens; billing reads it in decisions.")

    family = forms.ChoiceField(label=pgettext_lazy("offer", "Family"), choices=Family.choices)
    policy = forms.ModelChoiceField(
        label=_("Policy"), queryset=Policy.objects.order_by("name"), required=False, empty_label="–",
        help_text=_("For a contract renewal."),
    )  # fmt: skip
    plan = forms.ModelChoiceField(
        label=_("Plan"), queryset=Plan.objects.order_by("name"), required=False, empty_label="–",
        help_text=_("For a plan change."),
    )  # fmt: skip
    months = forms.IntegerField(
        label=_("Term in months"), min_value=1, max_value=LONGEST_TERM, initial=TERM_MONTHS, required=False,
        help_text=_("For a plan change: so many months of the difference in fee are counted."),
    )  # fmt: skip
    gift = forms.CharField(
        label=_("Gift"), max_length=120, required=False, help_text=_("For all families but renewals and plan changes.")
    )
    gift_zh = forms.CharField(label=_("Gift (Chinese)"), max_length=120, required=False)
    value = forms.DecimalField(
        label=_("One-off worth to the customer (yuan)"), min_value=0, max_digits=12, decimal_places=2, initial=0,
        help_text=_("Without what follows from the tariffs: the difference in fee and the policy's gift are added."),
    )  # fmt: skip
    cost = forms.DecimalField(
        label=_("One-off cost (yuan)"), min_value=0, max_digits=12, decimal_places=2, initial=0,
        help_text=_("Without what follows from the tariffs: the difference in fee and the policy's gift are added."),
    )  # fmt: skip
    handling_cost = forms.DecimalField(
        label=_("Handling cost (yuan)"), min_value=0, max_digits=12, decimal_places=2, initial=0, required=False,
        help_text=_("What it costs to carry the offer out, each time."),
    )  # fmt: skip
    deposit = forms.DecimalField(
        label=_("Deposit (yuan)"), min_value=0, max_digits=12, decimal_places=2, initial=0, required=False,
        help_text=_("What the customer pays in advance; for a deposit and gift, and for an annual package."),
    )  # fmt: skip
    bound_months = forms.IntegerField(
        label=_("Months bound"), min_value=0, max_value=LONGEST_TERM, initial=0, required=False,
        help_text=_("For so many months the customer may not leave without repaying."),
    )  # fmt: skip
    clawback = forms.DecimalField(
        label=_("Claw-back (yuan)"), min_value=0, max_digits=12, decimal_places=2, initial=0, required=False,
        help_text=_("What who leaves at once repays; it falls in proportion to the months served."),
    )  # fmt: skip
    repeat_months = forms.IntegerField(
        label=_("Not again within months"), min_value=0, max_value=LONGEST_TERM, initial=0, required=False,
        help_text=_("A customer who accepted one of the family is not offered this one for so long; 0 for no limit."),
    )  # fmt: skip
    pitch = LongTextField(
        label=_("What the agent says"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    pitch_zh = LongTextField(
        label=_("What the agent says (Chinese)"), max_length=1000, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    valid_from = forms.DateField(
        label=_("Valid from"), required=False, widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d")
    )
    valid_until = forms.DateField(
        label=_("Valid until"), required=False, widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d")
    )

    use_required_attribute = False  # the builder's buttons send a form that is not finished yet

    def values(self) -> dict[str, Any]:
        """A number left blank is none."""
        zero = ("handling_cost", "deposit", "bound_months", "clawback", "repeat_months")
        return {name: 0 if value is None and name in zero else value for name, value in super().values().items()}


class PoolForm(forms.Form):
    """Stock and budget of an offer in a branch; blank for no limit."""

    branch = forms.ModelChoiceField(
        label=_("Branch"), queryset=Branch.objects.none(), empty_label=_("The whole base"), required=False,
        widget=BranchSelect(outlets=False),
    )  # fmt: skip
    stock = forms.IntegerField(
        label=_("Stock (units)"), min_value=0, max_value=2**31 - 1, required=False, help_text=_("Blank for no limit.")
    )
    budget = forms.DecimalField(
        label=_("Budget (yuan)"), min_value=0, max_digits=12, decimal_places=2, required=False,
        help_text=_("Blank for no limit. Each offer takes what it costs over its term."),
    )  # fmt: skip

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["branch"]
        field.queryset = Branch.objects.visible_to(user).exclude(level=Branch.Level.OUTLET)
        if not may_decide(actor=user, permission=Offer.edit_permission, branch=None):
            field.required, field.empty_label = True, None


class CeilingForm(forms.Form):
    """What an offer may cost that people of a role give alone; blank for no limit."""

    role = forms.ChoiceField(label=_("Role"), choices=[(role, Role(role).label) for role in CEILINGS])
    yuan = forms.DecimalField(
        label=_("Ceiling (yuan)"), min_value=0, max_digits=12, decimal_places=2, required=False,
        help_text=_("Blank for no limit."),
    )  # fmt: skip
