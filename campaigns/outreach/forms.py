"""The form of the contact policy, and the search for a customer."""

from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from campaigns.outreach.models import HOURS_OF, WEEKDAYS, ContactPolicy, ContactPurpose, policy_problems
from retention.core.administration.forms import RowForm

MAX_DAYS, MAX_TIMES = 366, 1000
HOURS = [f"{prefix}_{end}" for prefix in HOURS_OF.values() for end in ("from", "until")]
# Of each purpose its cap, as a field of the form; together they are purpose_caps.
CAP_FIELDS = {f"cap_{purpose}": (purpose, label) for purpose, label in ContactPurpose.choices}


def _purposes(label: Any, help_text: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=ContactPurpose.choices, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=help_text,
    )  # fmt: skip


def _weekdays(label: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(label=label, choices=WEEKDAYS, required=False, widget=forms.CheckboxSelectMultiple)


class ContactPolicyForm(RowForm):
    consent_needed = _purposes(
        _("Purposes that need consent"), _("For the others a refusal is enough to stop a contact; silence is not.")
    )
    uncapped = _purposes(_("Purposes without caps"), _("Contacts the customer asked for, such as service."))
    kept_for = _purposes(_("Kept for"), _("The others may not use the contacts that are kept."))
    calls_quiet_days = _weekdays(_("No calls on"))
    sms_quiet_days = _weekdays(_("No SMS on"))
    email_quiet_days = _weekdays(_("No e-mail on"))
    app_quiet_days = _weekdays(_("No app messages on"))

    class Meta:
        model = ContactPolicy
        fields = (
            "attempts", "attempts_days", "connected", "connected_days", "messages", "messages_days", "contacts",
            "contacts_days", "purpose_caps", "kept", "kept_for", "uncapped", "consent_needed",
            "calls_from", "calls_until", "calls_quiet_days", "sms_from", "sms_until", "sms_quiet_days",
            "email_from", "email_until", "email_quiet_days", "app_from", "app_until", "app_quiet_days",
        )  # fmt: skip
        labels = {
            "attempts": _("Call attempts at most"),
            "attempts_days": _("within days"),
            "connected": _("Conversations at most"),
            "connected_days": _("conversations: within days"),
            "messages": _("Messages at most"),
            "messages_days": _("messages: within days"),
            "contacts": _("All contacts at most"),
            "contacts_days": _("all contacts: within days"),
            "purpose_caps": _("Of these at most for a purpose"),
            "kept": _("Contacts kept"),
            "calls_from": _("Calls from"),
            "calls_until": _("Calls until"),
            "sms_from": _("SMS from"),
            "sms_until": _("SMS until"),
            "email_from": _("E-mail from"),
            "email_until": _("E-mail until"),
            "app_from": _("App messages from"),
            "app_until": _("App messages until"),
        }
        widgets = {name: forms.TimeInput(attrs={"type": "time"}, format="%H:%M") for name in HOURS}

    @classmethod
    def label(cls, name: str) -> str:
        declared = cls.declared_fields.get(name)
        return str(declared.label if declared else cls.Meta.labels[name])

    def prepare(self) -> None:
        for name in ("attempts", "connected", "messages", "contacts"):
            self._limit(name, MAX_TIMES)
            self._limit(f"{name}_days", MAX_DAYS)
        self._limit("kept", MAX_TIMES)
        del self.fields["purpose_caps"]
        caps = self.instance.purpose_caps
        for name, (purpose, label) in CAP_FIELDS.items():
            self.fields[name] = forms.IntegerField(
                label=_("At most for %(purpose)s") % {"purpose": label},
                min_value=0,
                max_value=MAX_TIMES,
                required=False,
                initial=caps.get(purpose),
                help_text=_("In the days of all contacts. Empty: no cap of its own."),
            )

    def own_names(self) -> list[str]:
        return list(self.Meta.fields)

    def values(self) -> dict[str, Any]:
        given = self.cleaned_data
        caps = {purpose: given[name] for name, (purpose, _label) in CAP_FIELDS.items() if given.get(name) is not None}
        return {name: given[name] for name in self.own_names() if name != "purpose_caps"} | {"purpose_caps": caps}

    def groups(self) -> list[tuple[object, list[BoundField]]]:
        """(title, fields) of the panels of the page, in the order in which the gate asks."""
        hours = [f"{prefix}_{what}" for prefix in HOURS_OF.values() for what in ("from", "until", "quiet_days")]
        titles = [
            (_("Consent"), ["consent_needed"]),
            (_("Caps"), [*self.Meta.fields[:8], "uncapped"]),
            (_("Caps of single purposes"), [*CAP_FIELDS]),
            (_("Kept for what matters"), ["kept", "kept_for"]),
            (_("Hours"), hours),
        ]
        return [(title, [self[name] for name in names]) for title, names in titles]

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
        for name, text in policy_problems(given).items():
            self.add_error(name, text)
        return given

    def _get_validation_exclusions(self) -> set[str]:
        """The hours are judged by clean(), in words."""
        excluded = super()._get_validation_exclusions()  # type: ignore[misc]  # not in the stubs
        return excluded | set(HOURS)

    def policy(self) -> ContactPolicy:
        """What stands in a valid form, not saved."""
        return ContactPolicy(**self.values())


class FindLine(forms.Form):
    """Whose contacts are asked about."""

    q = forms.CharField(label=_("Number or name of the customer"), required=False, max_length=60)
