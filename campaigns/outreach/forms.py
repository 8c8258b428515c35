"""The form of the contact policy."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.outreach.models import ContactPolicy, ContactPurpose
from retention.core.administration.forms import RowForm

MAX_DAYS, MAX_TIMES = 366, 1000


class ContactPolicyForm(RowForm):
    consent_needed = forms.MultipleChoiceField(
        label=_("Purposes that need consent"),
        choices=ContactPurpose.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("For the others a refusal is enough to stop a contact; silence is not."),
    )
    uncapped = forms.MultipleChoiceField(
        label=_("Purposes without caps"),
        choices=ContactPurpose.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Contacts the customer asked for, such as service."),
    )

    class Meta:
        model = ContactPolicy
        fields = (
            "attempts", "attempts_days", "connected", "connected_days", "messages", "messages_days", "calls_from",
            "calls_until", "consent_needed", "uncapped",
        )  # fmt: skip
        labels = {
            "attempts": _("Call attempts at most"),
            "attempts_days": _("within days"),
            "connected": _("Conversations at most"),
            "connected_days": _("conversations: within days"),
            "messages": _("Messages at most"),
            "messages_days": _("messages: within days"),
            "calls_from": _("Calls from"),
            "calls_until": _("Calls until"),
        }
        widgets = {
            name: forms.TimeInput(attrs={"type": "time"}, format="%H:%M") for name in ("calls_from", "calls_until")
        }

    @classmethod
    def label(cls, name: str) -> str:
        declared = cls.declared_fields.get(name)
        return str(declared.label if declared else cls.Meta.labels[name])

    def prepare(self) -> None:
        for name in ("attempts", "connected", "messages"):
            self._limit(name, MAX_TIMES)
            self._limit(f"{name}_days", MAX_DAYS)

    def _limit(self, name: str, most: int) -> None:
        """More is a slip of the finger, and years of the ledger would be counted at each contact."""
        self.fields[name] = forms.IntegerField(
            label=self.fields[name].label,
            help_text=self.fields[name].help_text,
            min_value=1 if name.endswith("_days") else 0,
            max_value=most,
            initial=self.fields[name].initial,
        )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        first, last = given.get("calls_from"), given.get("calls_until")
        if first and last and first >= last:
            self.add_error("calls_until", _("Calls must end later on the day than they begin."))
        return given

    def _get_validation_exclusions(self) -> set[str]:
        """The hours are judged by clean(), in words."""
        excluded = super()._get_validation_exclusions()  # type: ignore[misc]  # not in the stubs
        return excluded | {"calls_from", "calls_until"}

    def policy(self) -> ContactPolicy:
        """What stands in a valid form, not saved."""
        return ContactPolicy(**self.values())
