"""The form in which a person of the centre records a consent or its withdrawal."""

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.facts.models import Consent

WITHDRAWN, GIVEN = "withdrawn", "given"


class ConsentForm(forms.Form):
    said = forms.ChoiceField(
        label=_("What the customer said"), choices=[(WITHDRAWN, _("Refuses contact")), (GIVEN, _("Agrees to contact"))]
    )
    purpose = forms.ChoiceField(label=_("Purpose"), choices=Consent.Purpose.choices, initial=Consent.Purpose.ANY)
    channel = forms.ChoiceField(label=_("Channel"), choices=Consent.Channel.choices, initial=Consent.Channel.ANY)
    source = forms.CharField(label=_("Where it was said"), max_length=60, strip=True, help_text=_("Call, SMS, outlet."))
    proof = forms.CharField(
        label=_("Proof"),
        max_length=120,
        strip=True,
        required=False,
        help_text=_("Number of the recording, the message or the form. An agreement needs one."),
    )
