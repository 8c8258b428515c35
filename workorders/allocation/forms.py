"""The forms of skills, rules and what an agent can do."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from retention.core.accounts.forms import BranchSelect
from retention.core.accounts.models import Branch, Team, User
from retention.core.administration.forms import RowForm
from workorders.allocation import text
from workorders.allocation.models import AgentTerms, AllocationRule, Skill, TeamTargets
from workorders.allocation.queries import TARGET_FIELDS, WORKERS, agents_who_fulfil

TARGET_LABELS = {
    "contacts_target": _("Contacts a day (target)"),
    "kept_target": _("Retained or accepted a day (target)"),
}
ANY = ("", pgettext_lazy("condition", "Any"))


class SkillForm(RowForm):
    class Meta:
        model = Skill
        fields: tuple[str, ...] = ("name", "name_zh", "kind", "active")
        labels = {
            "name": _("Name"), "name_zh": _("Name (Chinese)"), "kind": _("Kind"),
            "active": pgettext_lazy("pause reason", "In use"),
        }  # fmt: skip


class CodedForm(RowForm):
    """Of a row that is being made: with its code."""

    code = forms.SlugField(
        label=_("Code"), max_length=24, help_text=_("Letters, digits and hyphens; stands in addresses and reports.")
    )

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        if code.lower() == "new":
            raise forms.ValidationError(_("This code is reserved."))
        return code


class NewSkillForm(CodedForm, SkillForm):
    class Meta(SkillForm.Meta):
        fields = ("code", *SkillForm.Meta.fields)


class AgentTermsForm(RowForm):
    class Meta:
        model = AgentTerms
        fields: tuple[str, ...] = ("skills", "daily_cap", *TARGET_FIELDS)
        labels = {"skills": _("Skills and languages"), "daily_cap": _("Orders a day at most"), **TARGET_LABELS}
        help_texts = {
            "daily_cap": _(
                "Orders taken from the queue. Appointments and orders given by hand come all the same. Blank: no limit."
            ),
            **dict.fromkeys(TARGET_FIELDS, _("Blank: that of the group.")),
        }
        widgets = {"skills": forms.CheckboxSelectMultiple}

    def prepare(self) -> None:
        own = self.instance.skills.values("pk") if self.instance.pk else Skill.objects.none()
        self.fields["skills"].queryset = Skill.objects.filter(Q(active=True) | Q(pk__in=own))


class TeamTargetsForm(RowForm):
    class Meta:
        model = TeamTargets
        fields: tuple[str, ...] = TARGET_FIELDS
        labels = TARGET_LABELS
        help_texts = dict.fromkeys(TARGET_FIELDS, _("Of each agent. Blank: no target."))


class RuleForm(RowForm):
    """accept: the rule is saved though nobody fulfils it; asked for once that is so."""

    accept = forms.BooleanField(
        label=_("Save it all the same"), required=False, widget=forms.HiddenInput,
        help_text=_("Its orders wait until they are open to the whole group."),
    )  # fmt: skip
    order_type = forms.ChoiceField(label=_("Order type"), required=False)
    origin = forms.ChoiceField(label=_("Origin"), required=False)
    language = forms.ChoiceField(label=_("Language of the customer"), required=False)
    own_field = forms.ChoiceField(label=_("Own field"), required=False)

    class Meta:
        model = AllocationRule
        fields: tuple[str, ...] = (
            "name", "name_zh", "branch", "position", "active", "order_type", "origin", "spend_from", "spend_below",
            "language", "own_field", "own_value", "ownership", "team", "to_owner", "skill", "speaks", "agents",
            "minutes",
        )  # fmt: skip
        labels = {
            "name": _("Name"), "name_zh": _("Name (Chinese)"), "branch": _("Branch"), "position": _("Position"),
            "active": pgettext_lazy("pause reason", "In use"), "spend_from": _("Spend from (yuan a month)"),
            "spend_below": _("Spend below (yuan a month)"), "own_value": _("Value of the own field"),
            "ownership": _("Owner of the customer"), "team": _("Goes to the group"),
            "to_owner": _("First to the owner of the customer"), "skill": _("Required skill"),
            "speaks": _("Required language"), "agents": _("Reserved for these agents"),
            "minutes": _("Minutes until it is open to the whole group"),
        }  # fmt: skip
        help_texts = {
            "branch": _("The rule holds for lines of this branch and below. Rules of a lower branch are tried first."),
            "position": _("Of the rules of one branch the lowest number is tried first; the first that holds counts."),
            "own_value": _("As billing sends it."),
            "team": _("Blank: the group nearest to the line."),
            "to_owner": _("Who answers for the line in the snapshot cohort frozen last, or who covers an absence."),
            "minutes": _("So that no order waits for ever when nobody fitting is there."),
        }
        widgets = {"branch": BranchSelect}

    def prepare(self) -> None:
        own = Branch.objects.visible_to(self.actor)
        self.fields["branch"].queryset, self.fields["branch"].empty_label = own, None
        self.fields["team"].queryset = Team.objects.filter(branch__in=own.values("pk"))
        people = User.objects.filter(is_active=True, role__in=WORKERS, branch__in=own.values("pk"))
        named = self.instance.agents.values("pk") if self.instance.pk else User.objects.none()
        self.fields["agents"].queryset = User.objects.filter(Q(pk__in=people.values("pk")) | Q(pk__in=named)).order_by(
            "username"
        )
        self.fields["agents"].label_from_instance = lambda one: one.display_name
        for name, kind in (("skill", Skill.Kind.SKILL), ("speaks", Skill.Kind.LANGUAGE)):
            usable = Q(active=True) | Q(pk=getattr(self.instance, f"{name}_id"))
            self.fields[name].queryset = Skill.objects.filter(usable, kind=kind)
        self._choose("order_type", text.type_titles())
        self._choose("origin", text.origin_titles())
        self._choose("language", text.language_titles())
        self._choose("own_field", text.field_titles())
        self.fields["ownership"].choices = [ANY, *AllocationRule.Ownership.choices]

    def _choose(self, name: str, titles: dict[str, str]) -> None:
        """What the rule has already stays a choice, though it is out of use."""
        stored = getattr(self.instance, name)
        known = titles if not stored or stored in titles else titles | {stored: stored}
        self.fields[name].choices = [ANY, *known.items()]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        low, high = data.get("spend_from"), data.get("spend_below")
        if low is not None and high is not None and low >= high:
            self.add_error("spend_below", _("It must be above the lower bound."))
        if bool(data.get("own_field")) != bool(data.get("own_value")):
            self.add_error("own_value", _("Give a field and its value, or neither."))
        team, branch = data.get("team"), data.get("branch")
        if (
            team
            and branch
            and not branch.path.startswith(team.branch.path)
            and not team.branch.path.startswith(branch.path)
        ):
            self.add_error("team", _("The group is of another branch."))
        if not self.errors and data.get("active") and not data.get("accept") and self._nobody_fulfils(data):
            self.fields["accept"].widget = forms.CheckboxInput()
            self.add_error(
                None, _("Nobody fulfils this rule today: no active agent of the group has all that it requires.")
            )
        return data

    def _nobody_fulfils(self, data: dict[str, Any]) -> bool:
        asked = {name: data.get(name) for name in ("skill", "speaks")}
        if not any(asked.values()) and not data.get("agents"):
            return False
        found = agents_who_fulfil(
            branch=data["branch"], team=data.get("team"), agents=data.get("agents") or (), **asked
        )
        return not found.exists()


class NewRuleForm(CodedForm, RuleForm):
    class Meta(RuleForm.Meta):
        fields = ("code", *RuleForm.Meta.fields)
