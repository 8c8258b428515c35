"""Forms of people and groups."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from retention.core.accounts.forms import LANGUAGE_NAMES, BranchFilterField, BranchSelect
from retention.core.accounts.models import Branch, Team, User
from retention.core.accounts.roles import Role, roles_given_by
from retention.core.administration.forms import RowForm


class PersonForm(RowForm):
    """A person's name, place and role. Of the own account only the names, the address and the language."""

    language = forms.ChoiceField(
        label=_("Language"),
        choices=lambda: [(code, LANGUAGE_NAMES.get(code, name)) for code, name in settings.LANGUAGES],
    )

    class Meta:
        model = User
        fields: tuple[str, ...] = ("last_name", "first_name", "email", "role", "branch", "teams", "language")
        labels = {
            "last_name": _("Family name"),
            "first_name": _("Given name"),
            "email": _("E-mail address"),
            "role": _("Role"),
            "branch": _("Branch"),
            "teams": _("Retention groups"),
        }
        help_texts = {
            "branch": _("Managers and analysts see this branch and all below it."),
            "teams": _("Agents get the orders of their groups; supervisors see their people and customers."),
        }
        widgets = {"teams": forms.CheckboxSelectMultiple, "branch": BranchSelect}

    def prepare(self) -> None:
        if self.instance.pk == self.actor.pk:
            for name in ("role", "branch", "teams"):
                del self.fields[name]
            return
        given = roles_given_by(self.actor.role)
        self.fields["role"].choices = [(role.value, role.label) for role in Role if role in given]
        self.fields["branch"].queryset = Branch.objects.visible_to(self.actor)
        self.fields["branch"].required, self.fields["branch"].empty_label = True, None
        self.fields["teams"].queryset = Team.objects.select_related("branch")


class NewPersonForm(PersonForm):
    class Meta(PersonForm.Meta):
        fields = ("username", *PersonForm.Meta.fields)
        labels = PersonForm.Meta.labels | {"username": _("User name")}
        help_texts = PersonForm.Meta.help_texts | {
            "username": _("What the person types to sign in. It stays as it is.")
        }

    field_order = ["username"]

    def clean_username(self) -> str:
        """Letters and digits as they stand in addresses and in the trail; no other account in any capitals."""
        name = self.cleaned_data["username"]
        if not name.isascii():
            raise forms.ValidationError(_("Letters without accents, digits and . @ + - _ only."), code="invalid")
        return name


class GroupForm(RowForm):
    class Meta:
        model = Team
        fields: tuple[str, ...] = ("name", "name_zh", "branch")
        labels = {"name": _("Name"), "name_zh": _("Name (Chinese)"), "branch": _("Branch")}
        widgets = {"branch": BranchSelect}

    def prepare(self) -> None:
        self.fields["branch"].queryset = Branch.objects.visible_to(self.actor)
        self.fields["branch"].empty_label = None


class NewGroupForm(GroupForm):
    class Meta(GroupForm.Meta):
        fields = ("code", *GroupForm.Meta.fields)
        labels = GroupForm.Meta.labels | {"code": _("Code")}

    code = forms.SlugField(
        label=_("Code"), max_length=32, help_text=_("Letters, digits and hyphens; stands in addresses and reports.")
    )

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        if code.lower() == "new":
            raise forms.ValidationError(_("This code is reserved."))
        return code


class PeopleFilterForm(forms.Form):
    """Filters of the list of people. An impossible value filters nothing."""

    SIGNED_IN = (
        ("", pgettext_lazy("time", "Any")),
        ("never", _("Never")),
        ("30", _("Not for 30 days")),
        ("90", _("Not for 90 days")),
    )
    ACTIVE = (
        ("", pgettext_lazy("state", "Any")),
        ("yes", _("Active")),
        ("no", _("Deactivated")),
        ("locked", _("Sign-in locked")),
    )

    q = forms.CharField(label=_("Name or user name"), required=False, max_length=100)
    role = forms.ChoiceField(label=_("Role"), required=False)
    branch = BranchFilterField()
    team = forms.ModelChoiceField(
        label=_("Retention group"), required=False, queryset=Team.objects.none(), to_field_name="code",
        empty_label=_("All"),
    )  # fmt: skip
    active = forms.ChoiceField(label=_("Staff account"), required=False, choices=ACTIVE)
    signed_in = forms.ChoiceField(label=_("Last sign-in"), required=False, choices=SIGNED_IN)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [("", _("All")), *Role.choices]
        self.fields["branch"].queryset = Branch.objects.visible_to(user)
        groups = Team.objects.all()
        self.fields["team"].queryset = groups if user.role != Role.SUPERVISOR else user.teams.all()


class PlaceFilterForm(forms.Form):
    q = forms.CharField(label=_("Name or code"), required=False, max_length=100)
