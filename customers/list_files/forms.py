"""The form that loads a file into a list."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.lists.forms import ListChoice
from retention.core.accounts.models import User

MAX_FILE_BYTES = 20 << 20


class ListFileForm(forms.Form):
    kind = ListChoice(label=_("List"))
    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "CSV with the columns customer_no, channel (any, call, sms, email), starts_on, ends_on, reason, proof;"
            " only customer_no is needed. Days as 2026-11-29."
        ),
    )
    reason = forms.CharField(label=_("Reason"), max_length=200, help_text=_("Of rows that give none."))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].offer(user)

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_FILE_BYTES:
            raise forms.ValidationError(_("The file is larger than 20 MB: split it."))
        return file
