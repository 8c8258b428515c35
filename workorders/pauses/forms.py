"""The form of a pause reason."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from retention.core.administration.forms import RowForm
from workorders.pauses.models import PauseCode


class PauseCodeForm(RowForm):
    position = forms.IntegerField(label=_("Position"), min_value=0, max_value=999)
    minutes = forms.IntegerField(
        label=_("Minutes at most"), min_value=1, max_value=720, required=False,
        help_text=_("Longer pauses stand out on the board. Blank: no limit."),
    )  # fmt: skip

    class Meta:
        model = PauseCode
        fields: tuple[str, ...] = ("name", "name_zh", "position", "minutes", "worked", "active")
        labels = {
            "name": _("Name"),
            "name_zh": _("Name (Chinese)"),
            "worked": _("Counts as work"),
            "active": pgettext_lazy("pause reason", "In use"),
        }


class NewPauseCodeForm(PauseCodeForm):
    code = forms.SlugField(
        label=_("Code"), max_length=24, help_text=_("Letters, digits and hyphens; stands in addresses and reports.")
    )

    class Meta(PauseCodeForm.Meta):
        fields = ("code", *PauseCodeForm.Meta.fields)

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        if code.lower() == "new":
            raise forms.ValidationError(_("This code is reserved."))
        return code
