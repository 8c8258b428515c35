from django import forms
from django.utils.translation import gettext_lazy as _

from retention.core.notices.models import Urgency


class PreferenceForm(forms.Form):
    mailed = forms.TypedMultipleChoiceField(
        label=_("Also send by e-mail"),
        required=False,
        coerce=int,
        choices=Urgency.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("A notice that you have read in the pages by then is not sent."),
    )
