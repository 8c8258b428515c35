"""The form of a managed row. It reads and checks single fields; services decide."""

from typing import Any, ClassVar

from django import forms
from django.forms.models import model_to_dict
from django.utils.translation import gettext_lazy as _

from retention.core.accounts.forms import BranchSelect
from retention.core.accounts.models import Branch, User
from retention.core.managed.models import Managed
from retention.core.managed.permissions import may_decide

COPY_FIELDS = ("code", "name", "name_zh", "branch")


class ManagedForm(forms.Form):
    """Fields that all kinds share; a kind adds its own. `instance` is the row being changed, None for a new one.

    reserved_codes: codes that are words of the kind's addresses. version: which the form was filled from. onto, merge:
    the newer version that the person has seen and saves on top of, with all fields or only those changed here.
    """

    model: ClassVar[type[Managed]]
    reserved_codes: ClassVar[frozenset[str]] = frozenset({"new"})
    code_help: ClassVar[Any] = _("Letters, digits and hyphens; stands in addresses and reports.")

    code = forms.SlugField(label=_("Code"), max_length=24)
    name = forms.CharField(label=_("Name"), max_length=120)
    name_zh = forms.CharField(label=_("Name (Chinese)"), max_length=120, required=False)
    branch = forms.ModelChoiceField(
        label=_("Branch"), queryset=Branch.objects.none(), empty_label=None, widget=BranchSelect(outlets=False)
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    onto = forms.IntegerField(widget=forms.HiddenInput, required=False)
    merge = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, user: User, instance: Managed | None = None, **kwargs: Any) -> None:
        stored = model_to_dict(instance) | {"version": instance.version} if instance else {}
        kwargs["initial"] = stored | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self.instance = instance
        if instance is None:
            self.fields["code"].help_text = self.code_help
        else:
            del self.fields["code"]
        self._offer_branches(user)

    def _offer_branches(self, user: User) -> None:
        field = self.fields["branch"]
        # An outlet is too small to be decided for by itself; the list stays short.
        field.queryset = Branch.objects.visible_to(user).exclude(level=Branch.Level.OUTLET)
        if may_decide(actor=user, permission=self.model.edit_permission, branch=None):
            field.required, field.empty_label = False, _("The whole base")
        elif self.instance is None:
            field.initial = user.branch_id

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        if code.lower() in self.reserved_codes:
            raise forms.ValidationError(_("This code is reserved."))
        return code

    def values(self) -> dict[str, Any]:
        """Arguments for the services, once the form is valid."""
        return {name: value for name, value in self.cleaned_data.items() if name in self.model.editable}

    def versions(self) -> tuple[int, int | None]:
        """The `version` and `base` of services.update."""
        filled, onto, merge = (self.cleaned_data[name] for name in ("version", "onto", "merge"))
        return merge or onto or filled or 0, filled if merge else None
