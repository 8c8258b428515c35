"""The filters of the lines that left."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from analytics.win_back.rules import BINS, BINS_BY_KEY, Days
from analytics.win_back.text import format_days_since
from customers.facts.models import LineType, Subscriber
from customers.fields.choices import VOLUNTARY_REASONS, ValueBand
from retention.core.accounts.forms import BranchFilterField
from retention.core.accounts.models import Branch

ANY = ("", _("All"))


def _bins() -> list[tuple[str, Any]]:
    return [ANY, *((one.key, format_days_since(one)) for one in BINS)]


class WinBackFilter(forms.Form):
    """Its names are part of the address."""

    since = forms.ChoiceField(label=_("Since leaving"), required=False, choices=_bins)
    reason = forms.ChoiceField(
        label=_("Reason of leaving"),
        required=False,
        choices=[ANY, *((code, Subscriber.Reason(code).label) for code in VOLUNTARY_REASONS)],
    )
    line_type = forms.ChoiceField(label=_("Line type"), required=False, choices=[ANY, *LineType.choices])
    band = forms.ChoiceField(
        label=pgettext_lazy("customer", "Value"), required=False, choices=[ANY, *ValueBand.choices]
    )
    branch = BranchFilterField()

    def __init__(self, *args: Any, branches: QuerySet[Branch], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["branch"].queryset = branches

    def clean_since(self) -> Days | None:
        return BINS_BY_KEY.get(self.cleaned_data["since"])
