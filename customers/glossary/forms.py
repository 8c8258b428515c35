"""The search over the field catalogue."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from customers.fields.text import AREA_LABELS


class FieldSearch(forms.Form):
    q = forms.CharField(label=_("Search"), required=False, max_length=60)
    area = forms.ChoiceField(
        label=_("Part of the data"), required=False,
        choices=[("", pgettext_lazy("area", "All")), *((area.value, label) for area, label in AREA_LABELS.items())],
        widget=forms.Select(attrs={"data-submit-on-change": True}),
    )  # fmt: skip
