"""What is asked about a caller, and the filters of the list. Validation is done by the services."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from workorders.inbound.rules import MAX_MESSAGE, MAX_NOTE, MAX_NUMBER, CallerReason
from workorders.supervision.forms import ALL, PeriodFilter


class CallerForm(forms.Form):
    number = forms.CharField(
        label=_("Phone number or subscriber number"),
        max_length=MAX_NUMBER,
        required=False,
        help_text=_("The whole number, as the customer gives it."),
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off", "inputmode": "tel"}),
    )
    reason = forms.ChoiceField(
        label=_("Reason"), required=False, choices=CallerReason.choices, widget=forms.RadioSelect,
        initial=CallerReason.CALLS_BACK,
    )  # fmt: skip
    note = forms.CharField(
        label=_("In a few words"),
        max_length=MAX_NOTE,
        required=False,
        help_text=_("Needed for another reason. Your supervisor reads it."),
    )


class CallerMessageForm(forms.Form):
    text = forms.CharField(label=_("Message"), max_length=MAX_MESSAGE, required=False)


class LookupFilter(PeriodFilter):
    reason = forms.ChoiceField(label=_("Reason"), required=False, choices=[ALL, *CallerReason.choices])
    found = forms.ChoiceField(
        label=pgettext_lazy("caller", "Result"),
        required=False,
        choices=[ALL, ("yes", pgettext_lazy("caller", "Found")), ("no", pgettext_lazy("caller", "Not found"))],
    )
