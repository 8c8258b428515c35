from django import forms
from django.utils.translation import gettext_lazy as _


class NoteForm(forms.Form):
    note = forms.CharField(label=_("Note"), max_length=200, required=False)


class SnoozeForm(forms.Form):
    days = forms.IntegerField(label=_("Days"))
