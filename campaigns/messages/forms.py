"""The forms of the message pages. They read and check single fields; services decide."""

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from campaigns.messages.models import CHANNELS, MAX_EMAIL, MessageTemplate
from campaigns.outreach.models import ContactPurpose
from retention.core.managed.forms import ManagedForm
from retention.core.ui.forms import LongTextField

MOST_HOURS = 720


def _text(label: Any) -> LongTextField:
    return LongTextField(
        label=label, max_length=MAX_EMAIL, required=False, widget=forms.Textarea(attrs={"rows": 4}), help_text=_HELP
    )


_HELP = _("Variables stand in braces, as {salutation}.")


class TemplateForm(ManagedForm):
    model = MessageTemplate
    reserved_codes = frozenset({"new", "length"})

    channel = forms.ChoiceField(label=_("Channel"), choices=CHANNELS)
    purpose = forms.ChoiceField(
        label=_("Purpose"), choices=ContactPurpose.choices,
        help_text=_("What consent and contact limits are asked for. Marketing says how to opt out."),
    )  # fmt: skip
    subject_zh = forms.CharField(
        label=_("Subject (Chinese)"), max_length=120, required=False, help_text=_("Not of an SMS.")
    )
    body_zh = _text(_("Text (Chinese)"))
    subject = forms.CharField(label=_("Subject"), max_length=120, required=False, help_text=_("Not of an SMS."))
    body = _text(_("Text"))
    valid_hours = forms.IntegerField(
        label=_("Valid for hours"), initial=72, validators=[MinValueValidator(1), MaxValueValidator(MOST_HOURS)],
        help_text=_("A message that could not be sent within so many hours is not sent at all."),
    )  # fmt: skip


class PreviewForm(forms.Form):
    """Whose message is shown."""

    line = forms.CharField(label=_("Number of the customer"), required=False, max_length=60)


class TestForm(forms.Form):
    """Where a test goes: an address of staff."""

    to = forms.ChoiceField(label=_("To"))

    def __init__(self, *args: Any, addresses: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = list(addresses.items())
