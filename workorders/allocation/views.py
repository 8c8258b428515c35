"""Skills, rules, what one agent can do, and the targets of groups."""

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from retention.core.accounts.models import Team, User
from retention.core.administration.views import INDEX, RowPage
from retention.core.errors import NotFound
from retention.core.managed.text import Words
from retention.core.staff.queries import people, visible_groups
from retention.core.ui.listing import ListPage
from workorders.allocation.forms import (
    AgentTermsForm,
    NewRuleForm,
    NewSkillForm,
    RuleForm,
    SkillForm,
    TeamTargetsForm,
)
from workorders.allocation.models import AgentTerms, AllocationRule, Skill, TeamTargets
from workorders.allocation.queries import RESERVED_COUNTS
from workorders.allocation.services import agents, rules, skills, targets
from workorders.allocation.tables import RuleTable, SkillTable, TeamTargetsTable
from workorders.allocation.text import rule_words

RULES = ("allocation:rules", gettext_lazy("Allocation rules"))
TARGETS = ("allocation:targets", gettext_lazy("Daily targets"))
SKILLS = ("allocation:skills", gettext_lazy("Skills and languages"))


class SkillList(ListPage):
    name = "skills"
    permission = "allocation.view"
    template_name = "workorders/allocation/list.html"
    table_class = SkillTable
    parent = INDEX

    def get_queryset(self) -> "QuerySet[Skill]":
        return Skill.objects.annotate(people=Count("agents", filter=Q(agents__user__is_active=True)))

    def get_table_kwargs(self) -> dict[str, Any]:
        return {"may_edit": self.user.may("allocation.edit")}

    def get_context_data(self) -> dict[str, Any]:
        new = (reverse("allocation:skill-new"), _("New skill")) if self.user.may("allocation.edit") else None
        return super().get_context_data() | {"new": new}


class SkillPages(RowPage):
    permission = "allocation.edit"

    def get_parents(self) -> list[Any]:
        return [*SKILLS]


class NewSkill(SkillPages):
    form_class = NewSkillForm
    title = gettext_lazy("New skill")
    note = gettext_lazy("Agents get it on their own pages. The code of a language is the one that billing sends.")

    def get_row(self) -> None:
        return None

    def save(self, form: NewSkillForm) -> str:
        values = form.values()
        skills.create_skill(actor=self.request.user, code=values.pop("code"), values=values)
        return reverse("allocation:skills")


class EditSkill(SkillPages):
    form_class = SkillForm
    action = skills.SKILL_ACTION
    note = gettext_lazy("Agents and rules that have it keep it when it is taken out of use.")

    def get_row(self) -> Skill:
        row = Skill.objects.filter(code=self.kwargs["code"]).first()
        if row is None:
            raise NotFound(_("There is no such skill."))
        return row

    def get_title(self) -> str:
        return _("Edit %(name)s") % {"name": self.row.title}

    def save(self, form: SkillForm) -> str:
        skills.change_skill(
            actor=self.request.user, code=self.kwargs["code"], values=form.values(), seen=form.read_seen()
        )
        return reverse("allocation:skills")


class RuleList(ListPage):
    name = "allocation-rules"
    permission = "allocation.view"
    template_name = "workorders/allocation/list.html"
    table_class = RuleTable
    parent = INDEX
    subtitle = gettext_lazy(
        "Tried for every new order from top to bottom, those of the line's own branch first: the first that holds."
    )

    def get_queryset(self) -> "QuerySet[AllocationRule]":
        rows = AllocationRule.objects.visible_to(self.user)
        return rows.select_related("branch", "team", "skill", "speaks").prefetch_related("agents")

    def get_table_kwargs(self) -> dict[str, Any]:
        own = AllocationRule.objects.changeable_by(self.user).values_list("pk", flat=True)
        changeable = set(own) if self.user.may("allocation.edit") else set()
        return {"changeable": changeable, "waiting": RESERVED_COUNTS["waiting"]()}

    def get_context_data(self) -> dict[str, Any]:
        new = (reverse("allocation:rule-new"), _("New rule")) if self.user.may("allocation.edit") else None
        return super().get_context_data() | {"new": new}


class RulePages(RowPage):
    permission = "allocation.edit"

    def get_parents(self) -> list[Any]:
        return [*RULES]

    def get_words(self) -> Words:
        return rule_words()


class NewRule(RulePages):
    form_class = NewRuleForm
    title = gettext_lazy("New rule")
    note = gettext_lazy("It holds for orders that are opened from now on.")

    def get_row(self) -> None:
        return None

    def save(self, form: NewRuleForm) -> str:
        values = form.values()
        rules.create_rule(actor=self.request.user, code=values.pop("code"), values=values)
        return reverse("allocation:rules")


class EditRule(RulePages):
    form_class = RuleForm
    action = rules.RULE_ACTION
    note = gettext_lazy(
        "Conditions and group hold for orders opened from now on; what it requires holds for those that wait too."
    )

    def get_row(self) -> AllocationRule:
        row = AllocationRule.objects.changeable_by(self.request.user).filter(code=self.kwargs["code"]).first()
        if row is None:
            raise NotFound(_("There is no such rule."))
        return row

    def get_title(self) -> str:
        return _("Edit %(name)s") % {"name": self.row.title}

    def save(self, form: RuleForm) -> str:
        rules.change_rule(
            actor=self.request.user, code=self.kwargs["code"], values=form.values(), seen=form.read_seen()
        )
        return reverse("allocation:rules")


class EditAgent(RowPage):
    """Skills, languages, the cap and the targets of one of the people that the person sees."""

    permission = "agents.edit"
    form_class = AgentTermsForm
    action = agents.TERMS_ACTION
    note = gettext_lazy("It holds from the next order on. Orders that the agent has already stay.")
    person: User

    def get_row(self) -> AgentTerms:
        person = people().visible_to(self.request.user).filter(username=self.kwargs["username"]).first()
        if person is None or not person.may("work.do"):
            raise NotFound(_("There is no such agent."))
        self.person = person
        return agents.terms_of(person)

    def get_title(self) -> str:
        return _("Skills of %(name)s") % {"name": self.person.display_name}

    def get_parents(self) -> list[Any]:
        page = reverse("core:person", args=[self.person.username])
        return ["core:people", gettext_lazy("People"), page, self.person.display_name]

    def get_target(self, row: Any) -> str:
        return f"user:{self.person.username}"

    def save(self, form: AgentTermsForm) -> str:
        agents.change_terms(actor=self.request.user, person=self.person, values=form.values(), seen=form.read_seen())
        return reverse("core:person", args=[self.person.username])


class TargetList(ListPage):
    """The groups that the person oversees, with what their agents are to reach a day."""

    name = "daily-targets"
    permission = "agents.edit"
    table_class = TeamTargetsTable
    parent = INDEX
    subtitle = gettext_lazy("For each agent of the group. A target of one person is set on the person's page.")

    def get_queryset(self) -> "QuerySet[Team]":
        return visible_groups(self.user).select_related("branch", "daily_targets")


class EditTargets(RowPage):
    permission = "agents.edit"
    form_class = TeamTargetsForm
    action = targets.TARGETS_ACTION
    note = gettext_lazy("They hold at once, for today as well.")
    team: Team

    def get_row(self) -> TeamTargets:
        team = visible_groups(self.request.user).filter(code=self.kwargs["code"]).first()
        if team is None:
            raise NotFound(_("There is no such group."))
        self.team = team
        return targets.targets_of_team(team)

    def get_title(self) -> str:
        return _("Daily targets of %(name)s") % {"name": self.team.title}

    def get_parents(self) -> list[Any]:
        return [*TARGETS]

    def get_target(self, row: Any) -> str:
        return f"team:{self.team.code}"

    def save(self, form: TeamTargetsForm) -> str:
        targets.change_team_targets(
            actor=self.request.user, team=self.team, values=form.values(), seen=form.read_seen()
        )
        return reverse("allocation:targets")
