from django import forms
from django.utils.translation import gettext_lazy as _

from customers.batches.services.removal import LONGEST_REASON


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=LONGEST_REASON)
