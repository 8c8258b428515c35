"""The forms of the offer pages. They read and check single fields; services decide."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.offers.models import Offer
from campaigns.offers.services.editing import EDITABLE, may_edit_offers
from campaigns.offers.states import State
from customers.facts.models import Plan, Policy
from retention.core.accounts.models import Branch, User

RESERVED_CODES = {"new"}
DAY = {"type": "date"}


class OfferForm(forms.Form):
    """An offer without its rule. `offer` is the one being changed, None for a new one."""

    name = forms.CharField(label=_("Name"), max_length=120)
    name_zh = forms.CharField(label=_("Name (Chinese)"), max_length=120, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=Offer.Kind.choices)
    policy = forms.ModelChoiceField(
        label=_("Policy"), queryset=Policy.objects.order_by("name"), required=False, empty_label="–",
        help_text=_("For a contract renewal."),
    )  # fmt: skip
    plan = forms.ModelChoiceField(
        label=_("Plan"), queryset=Plan.objects.order_by("name"), required=False, empty_label="–",
        help_text=_("For a plan change."),
    )  # fmt: skip
    gift = forms.CharField(label=_("Gift"), max_length=120, required=False, help_text=_("For a gift."))
    gift_zh = forms.CharField(label=_("Gift (Chinese)"), max_length=120, required=False)
    value = forms.DecimalField(
        label=_("Worth to the customer (yuan)"), min_value=0, max_digits=12, decimal_places=2, initial=0
    )
    cost = forms.DecimalField(label=_("Cost (yuan)"), min_value=0, max_digits=12, decimal_places=2, initial=0)
    pitch = forms.CharField(
        label=_("What the agent says"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    pitch_zh = forms.CharField(
        label=_("What the agent says (Chinese)"), max_length=1000, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    valid_from = forms.DateField(
        label=_("Valid from"), required=False, widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d")
    )
    valid_until = forms.DateField(
        label=_("Valid until"), required=False, widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d")
    )
    branch = forms.ModelChoiceField(label=_("Branch"), queryset=Branch.objects.none(), empty_label=None)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    use_required_attribute = False  # the builder's buttons send a form that is not finished yet

    def __init__(self, *args: Any, user: User, offer: Offer | None = None, **kwargs: Any) -> None:
        if offer is not None:
            values = {name: getattr(offer, name) for name in self.base_fields}
            rows = {"policy": offer.policy_id, "plan": offer.plan_id, "branch": offer.branch_id}
            kwargs["initial"] = values | rows
        super().__init__(*args, **kwargs)
        self.offer = offer
        if offer is None:
            self.fields = {"code": _code_field(), **self.fields}
        field = self.fields["branch"]
        field.queryset = Branch.objects.visible_to(user).exclude(level=Branch.Level.OUTLET)
        if may_edit_offers(actor=user, branch=None):
            field.required, field.empty_label = False, _("The whole base")
        elif offer is None:
            field.initial = user.branch_id

    def values(self) -> dict[str, Any]:
        """What the services take, once the form is valid."""
        return {name: value for name, value in self.cleaned_data.items() if name in EDITABLE}


def _code_field() -> forms.Field:
    field = forms.SlugField(
        label=_("Code"), max_length=24, help_text=_("Letters, digits and hyphens; billing reads it in decisions.")
    )
    field.validators.append(_not_reserved)
    return field


def _not_reserved(code: str) -> None:
    if code.lower() in RESERVED_CODES:
        raise forms.ValidationError(_("This code is reserved."))


class DecisionFilter(forms.Form):
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", pgettext_lazy("state", "Any")), *State.choices],
        widget=forms.Select(attrs={"data-submit-on-change": True}),
    )  # fmt: skip
