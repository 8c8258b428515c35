"""The form that adds a customer to a list."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.lists.models import ListEntry
from customers.lists.services import lists_open_to
from retention.core.accounts.models import User


class ListEntryForm(forms.Form):
    """Adds a customer to a list; only the lists that the user may change are offered."""

    kind = forms.ChoiceField(label=_("List"))
    channel = forms.ChoiceField(label=_("Channel"), choices=ListEntry.Channel.choices, initial=ListEntry.Channel.ANY)
    ends_on = forms.DateField(
        label=_("Until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Blank: until removed."),
    )
    reason = forms.CharField(label=_("Reason"), max_length=200, strip=True)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in lists_open_to(user)]


class EntryFilter(forms.Form):
    """Filters of the list of entries; without `past` those in force."""

    q = forms.CharField(label=_("Customer number"), required=False, max_length=60)
    kind = forms.ChoiceField(label=_("List"), required=False, choices=[("", _("All")), *ListEntry.Kind.choices])
    channel = forms.ChoiceField(
        label=_("Channel"), required=False, choices=[("", _("All")), *ListEntry.Channel.choices]
    )
    past = forms.BooleanField(label=_("Also ended ones"), required=False)
