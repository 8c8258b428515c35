from django import forms
from django.utils.translation import gettext_lazy as _

from retention.core.notices.models import Urgency


class NoticeFilter(forms.Form):
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All")), ("unread", _("Unread")), ("read", _("Read"))]
    )
    urgency = forms.TypedChoiceField(
        label=_("Urgency"), required=False, coerce=int, empty_value=None, choices=[("", _("All")), *Urgency.choices]
    )


class PreferenceForm(forms.Form):
    mailed = forms.TypedMultipleChoiceField(
        label=_("Also send by e-mail"),
        required=False,
        coerce=int,
        choices=Urgency.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("A notice that you have read in the pages by then is not sent."),
    )
