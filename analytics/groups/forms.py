"""The filter of second SIMs."""

from django import forms
from django.utils.translation import gettext_lazy as _

MID_VALUE = 80


class SpendFilter(forms.Form):
    spend = forms.IntegerField(label=_("Monthly spend, at least"), required=False, min_value=0, initial=MID_VALUE)

    @property
    def least(self) -> int:
        given = self.cleaned_data.get("spend") if self.is_valid() else None
        return MID_VALUE if given is None else given
