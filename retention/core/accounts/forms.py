from typing import Any, cast

from django import forms
from django.conf import settings
from django.db.models import Q
from django.forms.models import ModelChoiceIterator
from django.utils.translation import gettext_lazy as _

from retention.core.accounts.models import Branch, User

# Each language is named in itself, so that it is found by a user who cannot read the current one.
LANGUAGE_NAMES = {"en": "English", "zh-hans": "简体中文"}


class PreferencesForm(forms.ModelForm):
    language = forms.ChoiceField(
        label=_("Language"),
        choices=lambda: [(code, LANGUAGE_NAMES.get(code, name)) for code, name in settings.LANGUAGES],
    )

    class Meta:
        model = User
        fields = ["language", "theme", "shortcuts"]
        labels = {"theme": _("Theme"), "shortcuts": _("Use single keys and chords as shortcuts")}
        help_texts = {"shortcuts": _("Turn them off when a screen reader or an input method needs the keys.")}


INDENT = "\N{NO-BREAK SPACE}" * 3


class BranchSelect(forms.Select):
    """The select of a ModelChoiceField of branches. Its list has the tree without outlets, which are too many for one,
    and what is chosen; every branch of the field's queryset is found by typing (`static/js/value-search.js`).

    outlets: whether the search finds them; False where the field's queryset has none.
    """

    template_name = "core/accounts/branch_select.html"

    def __init__(self, attrs: dict[str, Any] | None = None, *, outlets: bool = True) -> None:
        super().__init__(attrs)
        self.outlets = outlets

    def optgroups(self, name: str, value: list[str], attrs: dict[str, Any] | None = None) -> list[Any]:
        field = cast("ModelChoiceIterator", self.choices).field
        chosen = Q(**{f"{self._key(field)}__in": [one for one in value if self._key(field) == "code" or one.isdigit()]})
        options: list[tuple[Any, Any]] = [] if field.empty_label is None else [("", field.empty_label)]
        branches = Branch.objects.none() if field.queryset is None else field.queryset  # not `or`: that would read all
        for branch in branches.filter(~Q(level=Branch.Level.OUTLET) | chosen):
            text = INDENT * (branch.path.count("/") - 1) + branch.name
            options.append((str(getattr(branch, self._key(field))), text))
        return forms.Select(choices=options).optgroups(name, value, attrs)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        by = self._key(cast("ModelChoiceIterator", self.choices).field)
        context["widget"]["search"] = {"by": by, "outlets": int(self.outlets)}
        return context

    @staticmethod
    def _key(field: forms.ModelChoiceField) -> str:
        return "code" if field.to_field_name == "code" else "pk"


class BranchFilterField(forms.ModelChoiceField):
    """A filter by branch, which stands in addresses by its code. The form sets the queryset to what its reader may see.

    outlets: see BranchSelect.
    """

    def __init__(self, *, outlets: bool = True) -> None:
        super().__init__(
            Branch.objects.none(), label=_("Branch"), required=False, to_field_name="code", empty_label=_("All"),
            widget=BranchSelect(outlets=outlets),
        )  # fmt: skip
