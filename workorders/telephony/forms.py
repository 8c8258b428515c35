"""The form of the agent's telephone. The service judges it."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ExtensionForm(forms.Form):
    number = forms.CharField(label=_("Extension"), required=False, max_length=20)
