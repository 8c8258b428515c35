"""The form of a page that changes one row. It reads and checks; services decide."""

import json
from typing import Any

from django import forms

from retention.core.accounts.models import User
from retention.core.administration.services import Seen, row_values


class RowForm(forms.ModelForm):
    """Subclass it with `Meta.model` and `Meta.fields`. `instance` is the row being changed, None for a new one.

    seen: what the form was filled from. known, merge: after a conflict, as in services.Seen. All three are hidden.
    """

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    known = forms.CharField(widget=forms.HiddenInput, required=False)
    merge = forms.BooleanField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        self.is_new = self.instance.pk is None
        if not self.is_new:
            self.fields["seen"].initial = json.dumps(row_values(self.instance, self.own_names()))
        self.prepare()

    def prepare(self) -> None:
        """Fit the fields to the actor and the row. `own_names()` must not change here but for removed fields."""

    def own_names(self) -> list[str]:
        return [name for name in self._meta.fields or () if name in self.fields]

    def values(self) -> dict[str, Any]:
        """{field: value} for the services, once the form is valid."""
        return {name: self.cleaned_data[name] for name in self.own_names()}

    def read_seen(self) -> Seen:
        """What was seen; text that is none of ours has seen nothing, and so conflicts with every change."""
        known = self.cleaned_data["known"]
        return Seen(
            base=_parse(self.cleaned_data["seen"]),
            known=_parse(known) if known else None,
            merge=self.cleaned_data["merge"],
        )


def _parse(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
