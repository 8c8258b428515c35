"""The forms of the lists: adding a customer, changing an entry, what own lists do, and the filters."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.lists.models import SHIPPED_CHOICES, ListEntry, OwnList
from customers.lists.purposes import PURPOSES
from customers.lists.services import lists_open_to, own_lists_open_to
from retention.core.accounts.models import User
from retention.core.managed.forms import ManagedForm

# Before the code of an own list among the values of a choice of lists.
OWN = f"{ListEntry.Kind.OWN}:"
CHANNELS = [(one.value, one.label) for one in ListEntry.Channel if one != ListEntry.Channel.ANY]


class ListChoice(forms.ChoiceField):
    """The lists that the user may change, shipped and own."""

    def offer(self, user: User) -> None:
        own = [(f"{OWN}{one.code}", one.title) for one in own_lists_open_to(user)]
        self.choices = [*((kind.value, kind.label) for kind in lists_open_to(user)), *own]


def named_list(value: str) -> dict[str, Any]:
    """`kind` and `own_list` of a value of ListChoice."""
    code = value.removeprefix(OWN)
    own = OwnList.objects.filter(code=code).first() if code != value else None
    return {"kind": ListEntry.Kind.OWN if own else value, "own_list": own}


class ListEntryForm(forms.Form):
    """Adds a customer to a list; only the lists that the user may change are offered."""

    kind = ListChoice(label=_("List"))
    channel = forms.ChoiceField(label=_("Channel"), choices=ListEntry.Channel.choices, initial=ListEntry.Channel.ANY)
    ends_on = forms.DateField(
        label=_("Until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Blank: until removed."),
    )
    reason = forms.CharField(label=_("Reason"), max_length=200, strip=True)
    source = forms.ChoiceField(
        label=_("Source"),
        required=False,
        choices=[(one.value, one.label) for one in (ListEntry.Source.STAFF, ListEntry.Source.CUSTOMER)],
    )
    proof = forms.CharField(
        label=_("Proof"), max_length=120, required=False, help_text=_("Number of the recording, letter or ticket.")
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].offer(user)

    def clean_source(self) -> str:
        return self.cleaned_data["source"] or ListEntry.Source.STAFF

    def entry_values(self) -> dict[str, Any]:
        """Arguments of services.add_to_list."""
        return self.cleaned_data | named_list(self.cleaned_data["kind"])


class ChangeEntryForm(forms.Form):
    ends_on = forms.DateField(
        label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Blank: until removed."),
    )  # fmt: skip
    reason = forms.CharField(label=_("Reason"), max_length=200)
    proof = forms.CharField(
        label=_("Proof"), max_length=120, required=False, help_text=_("Number of the recording, letter or ticket.")
    )


class EndEntryForm(forms.Form):
    reason = forms.CharField(label=_("Reason of the end"), max_length=200)


class EntryFilter(forms.Form):
    """Filters of the list of entries; without `past` those in force."""

    q = forms.CharField(label=_("Customer number"), required=False, max_length=60)
    kind = forms.ChoiceField(label=_("List"), required=False)
    channel = forms.ChoiceField(
        label=_("Channel"), required=False, choices=[("", _("All")), *ListEntry.Channel.choices]
    )
    source = forms.ChoiceField(label=_("Source"), required=False, choices=[("", _("All")), *ListEntry.Source.choices])
    expiring = forms.BooleanField(label=_("Ends within 30 days"), required=False)
    past = forms.BooleanField(label=_("Also ended ones"), required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = [(f"{OWN}{one.code}", one.title) for one in OwnList.objects.visible_to(user).order_by("name")]
        self.fields["kind"].choices = [("", _("All")), *SHIPPED_CHOICES, *own]


class OwnListForm(ManagedForm):
    model = OwnList

    note = forms.CharField(label=_("Note"), max_length=300, required=False)
    effect = forms.ChoiceField(label=_("What it does"), choices=OwnList.Effect.choices)
    channels = forms.MultipleChoiceField(
        label=_("Channels"), choices=CHANNELS, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Of a list that blocks contact; none chosen: every channel."),
    )  # fmt: skip
    purposes = forms.MultipleChoiceField(
        label=_("Purposes"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Of a list that blocks contact; none chosen: every purpose."),
    )  # fmt: skip

    def __init__(self, *args: Any, user: User, instance: OwnList | None = None, **kwargs: Any) -> None:
        super().__init__(*args, user=user, instance=instance, **kwargs)
        self.fields["purposes"].choices = list(PURPOSES.items())
