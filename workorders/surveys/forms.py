"""Forms of questionnaires: their names, and the editor, whose rows are forms. What is not finished is kept as well."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from retention.core.ui.forms import LongTextField
from workorders.surveys.tree import END, WITH_CHOICES, Comparison, Kind

MAX_BLOCKS, MAX_CHOICES, MAX_CLAUSES = 80, 24, 6
MAX_TEXT = 2000
KINDS = [
    (Kind.SAY, _("Text to read out")),
    (Kind.SINGLE, _("One of several answers")),
    (Kind.MULTIPLE, _("Several answers")),
    (Kind.SCALE, _("Scale")),
    (Kind.NUMBER, _("Number")),
    (Kind.DATE, _("Date")),
    (Kind.TEXT, _("Free text")),
]
COMPARISONS = [
    (Comparison.ANY_OF, _("is one of")),
    (Comparison.NONE_OF, _("is none of")),
    (Comparison.AT_LEAST, _("is at least")),
    (Comparison.AT_MOST, _("is at most")),
    (Comparison.ANSWERED, _("is answered")),
    (Comparison.UNANSWERED, _("is not answered")),
]
NEVER, ALWAYS, SOMETIMES = "never", "always", "when"


class NameForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120)
    name_zh = forms.CharField(label=_("Name (Chinese)"), max_length=120, required=False)


class NewForm(NameForm):
    code = forms.SlugField(
        label=_("Code"), max_length=40, help_text=_("Letters, digits and hyphens; stands in addresses and reports.")
    )
    field_order = ["code", "name", "name_zh"]

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        if code.lower() == "new":
            raise forms.ValidationError(_("This code is reserved."))
        return code


class RowForm(forms.Form):
    """A part of the tree. Its fields are all optional: problems() says what is missing."""

    use_required_attribute = False


class BlockForm(RowForm):
    """was: the key that the row had when the page was made; conditions and jumps to it follow a new one."""

    key = forms.CharField(label=_("Key"), max_length=32, required=False)
    was = forms.CharField(widget=forms.HiddenInput, max_length=32, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=KINDS)
    text = LongTextField(label=_("Text"), max_length=MAX_TEXT, required=False)
    text_zh = LongTextField(label=_("Text (Chinese)"), max_length=MAX_TEXT, required=False)
    lowest = forms.IntegerField(label=_("Lowest"), min_value=-999_999, max_value=999_999, required=False)
    highest = forms.IntegerField(label=_("Highest"), min_value=-999_999, max_value=999_999, required=False)
    weight = forms.IntegerField(label=_("Points a step"), min_value=-99, max_value=99, required=False)
    goto = forms.CharField(label=_("Then go to"), max_length=32, required=False)
    required = forms.ChoiceField(
        label=pgettext_lazy("question", "Required"), required=False,
        choices=[(NEVER, _("Never")), (ALWAYS, _("Always")), (SOMETIMES, _("When the conditions below hold"))],
    )  # fmt: skip


class ChoiceForm(RowForm):
    value = forms.CharField(label=_("Value"), max_length=32, required=False)
    label = forms.CharField(label=pgettext_lazy("of a choice", "Answer"), max_length=200, required=False)
    label_zh = forms.CharField(label=_("Answer (Chinese)"), max_length=200, required=False)
    score = forms.IntegerField(label=_("Points"), min_value=-999, max_value=999, required=False)
    goto = forms.CharField(label=_("Go to"), max_length=32, required=False)

    @property
    def is_blank(self) -> bool:
        return not any(self.cleaned_data.get(name) for name in ("value", "label", "label_zh"))


class ClauseForm(RowForm):
    question = forms.CharField(label=_("Question"), max_length=32, required=False)
    test = forms.ChoiceField(label=_("Comparison"), choices=COMPARISONS, required=False)
    values = forms.CharField(
        label=_("Values"), max_length=400, required=False, help_text=_("Several are separated by commas.")
    )


def offer(form: forms.Form, name: str, options: list[tuple[str, Any]]) -> None:
    """A list to choose from; a value that is none of it stays, so that its problem is seen."""
    chosen = str(form[name].value() or "")
    known = [value for value, _label in options]
    extra = [(chosen, chosen)] if chosen not in known else []
    form.fields[name].widget = forms.Select(choices=[*options, *extra])


def block_initial(one: Mapping[str, Any]) -> dict[str, Any]:
    required = one.get("required_when")
    mode = NEVER if required is None else SOMETIMES if required else ALWAYS
    return {**one, "was": one.get("key", ""), "required": mode}


def targets(keys: list[tuple[str, str]]) -> list[tuple[str, Any]]:
    """(key, text) of rows to go to, as options."""
    return [("", _("the next row")), *keys, (END, _("the end"))]


def has_choices(kind: str) -> bool:
    return kind in WITH_CHOICES
