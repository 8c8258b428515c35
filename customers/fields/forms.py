"""Forms of the operator's own fields."""

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.facts.models import CustomField
from retention.core.administration.forms import RowForm


class OwnFieldForm(RowForm):
    """Key and type stay: facts, rules and models refer to the key, and values are read by the type."""

    class Meta:
        model = CustomField
        fields: tuple[str, ...] = ("name", "name_zh")
        labels = {"name": _("Name"), "name_zh": _("Name (Chinese)")}


class NewOwnFieldForm(OwnFieldForm):
    key = forms.RegexField(
        r"^[a-z0-9]+(_[a-z0-9]+)*$", label=_("Key"), max_length=60,
        help_text=_("As the billing system names it: small letters, digits, and _ between words."),
        error_messages={"invalid": _("Small letters, digits, and _ between words only.")},
    )  # fmt: skip

    class Meta(OwnFieldForm.Meta):
        fields = ("key", "kind", *OwnFieldForm.Meta.fields)
        labels = OwnFieldForm.Meta.labels | {"kind": _("Type")}

    def clean_key(self) -> str:
        key = str(self.cleaned_data["key"])
        if key == "new":
            raise forms.ValidationError(_("This code is reserved."))
        return key
