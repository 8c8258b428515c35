"""The form of the offer pages. It reads and checks single fields; services decide."""

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.offers.models import LONGEST_TERM, TERM_MONTHS, Offer
from customers.facts.models import Plan, Policy
from retention.core.managed.forms import ManagedForm
from retention.core.ui.forms import LongTextField

DAY = {"type": "date"}


class OfferForm(ManagedForm):
    """An offer without its rule."""

    model = Offer
    code_help = _("Letters, digits and hyphens; billing reads it in decisions.")

    kind = forms.ChoiceField(label=_("Kind"), choices=Offer.Kind.choices)
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
    gift = forms.CharField(label=_("Gift"), max_length=120, required=False, help_text=_("For a gift."))
    gift_zh = forms.CharField(label=_("Gift (Chinese)"), max_length=120, required=False)
    value = forms.DecimalField(
        label=_("One-off worth to the customer (yuan)"), min_value=0, max_digits=12, decimal_places=2, initial=0,
        help_text=_("Without what follows from the tariffs: the difference in fee and the policy's gift are added."),
    )  # fmt: skip
    cost = forms.DecimalField(
        label=_("One-off cost (yuan)"), min_value=0, max_digits=12, decimal_places=2, initial=0,
        help_text=_("Without what follows from the tariffs: the difference in fee and the policy's gift are added."),
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
