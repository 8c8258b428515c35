"""The factors of a line as form fields. The URL holds the input, so that it can be shared."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from analytics.whatif.factors import Factor

CURVE = "curve"


def field_name(key: str) -> str:
    """The field's name in the URL; keys of custom fields contain a dot."""
    return f"f-{key}"


class WhatIfForm(forms.Form):
    """`values()` holds only what differs from the line."""

    def __init__(self, given: QueryDict, *, factors: Sequence[Factor]) -> None:
        self.factors = factors
        present = {field_name(factor.key): factor.text for factor in factors}
        asked = {name: given[name] for name in [*present, CURVE] if name in given}
        super().__init__(present | asked)
        for factor in factors:
            self.fields[field_name(factor.key)] = _field(factor)
        self.fields[CURVE] = forms.ChoiceField(
            label=_("Curve of"), required=False, choices=[(factor.key, factor.label) for factor in factors]
        )

    def values(self) -> dict[str, Any]:
        """{factor: value as the model reads it} of changed factors; invalid entries are ignored."""
        self.is_valid()
        moved = {}
        for factor in self.factors:
            name = field_name(factor.key)
            text = str(self.data.get(name, "")).strip()
            if name not in self.errors and text != factor.text:
                moved[factor.key] = factor.read(text)
        return moved

    def curve_of(self, moved: dict[str, Any]) -> Factor:
        """The factor of the curve: the chosen one, else the first changed one, else the strongest."""
        self.is_valid()
        known = {factor.key: factor for factor in self.factors}
        return known.get(self.cleaned_data.get(CURVE, "")) or known[next(iter(moved), self.factors[0].key)]


def _field(factor: Factor) -> forms.Field:
    now = _("now: %(value)s") % {"value": factor.format_value(factor.value)}
    if not factor.is_number:
        return forms.ChoiceField(label=factor.label, choices=factor.choices, required=False, help_text=now)
    label = f"{factor.label} ({factor.unit})" if factor.unit else factor.label
    widget = forms.NumberInput(attrs={"step": "any"})
    return forms.FloatField(label=label, required=False, help_text=now, widget=widget)
