"""Who fulfils a rule today, what an agent can do and is to reach a day, and who is away."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from retention.core.accounts.models import Branch, Team, User
from retention.core.accounts.roles import Role
from retention.core.registry import Registry
from workorders.allocation.models import Absence, AgentTerms, Skill, TeamTargets

# "waiting": {id of a rule: orders in the queue that it reserves now}. Declared by the feature that has the orders.
RESERVED_COUNTS: Registry[str, Callable[[], dict[int, int]]] = Registry("count of reserved orders")
WORKERS = (Role.AGENT, Role.SUPERVISOR)


def agents_who_fulfil(
    *, branch: Branch, team: Team | None, skill: Skill | None, speaks: Skill | None, agents: Iterable[User]
) -> "QuerySet[User]":
    """Active people who would get an order of a rule at once, those who are absent included.

    Without a group in the rule the order goes to the group nearest to its line: any group of the branch, below it, or
    above it counts.
    """
    if team is not None:
        teams = Team.objects.filter(pk=team.pk)
    else:
        above = [branch.path[: place + 1] for place, sign in enumerate(branch.path) if sign == "/"]
        near = Branch.objects.under(branch) | Branch.objects.filter(path__in=above)
        teams = Team.objects.filter(branch__in=near.values("pk"))
    member = User.teams.through.objects.filter(user=OuterRef("pk"), team__in=teams.values("pk"))
    people = User.objects.filter(Exists(member), is_active=True, role__in=WORKERS)
    for need in (skill, speaks):
        if need is not None:
            people = people.filter(agent_terms__skills=need)
    named = [one.pk for one in agents]
    return people.filter(pk__in=named) if named else people


def skills_of(person: User) -> list[Skill]:
    terms = AgentTerms.objects.filter(user=person).first()
    return list(terms.skills.all()) if terms else []


def absence_of(person: User, *, day: date) -> Absence | None:
    """The one that holds on the day and lasts longest."""
    return Absence.objects.on(day).filter(agent=person).select_related("cover").order_by("-last_day").first()


def daily_cap_of(person: User) -> int | None:
    return AgentTerms.objects.filter(user=person).values_list("daily_cap", flat=True).first()


@dataclass(frozen=True)
class Targets:
    """What an agent is to reach a day; None, no target. good: customers retained, or who accepted an offer."""

    contacts: int | None = None
    good: int | None = None


def targets_of(people: Iterable[User]) -> dict[int, Targets]:
    """{user id: targets of a day}: the person's own, else the highest of the person's groups. Two queries."""
    ids = [one.pk for one in people]
    own = {one.user_id: one for one in AgentTerms.objects.filter(user__in=ids)}
    of_groups: dict[int, list[TeamTargets]] = {}
    members = User.teams.through.objects.filter(user__in=ids, team__daily_targets__isnull=False)
    for member in members.select_related("team__daily_targets"):
        of_groups.setdefault(member.user_id, []).append(member.team.daily_targets)
    return {pk: Targets(*(_target(name, pk, own, of_groups) for name in TARGET_FIELDS)) for pk in ids}


TARGET_FIELDS = ("contacts_target", "kept_target")


def _target(
    name: str, pk: int, own: Mapping[int, AgentTerms], of_groups: Mapping[int, Iterable[TeamTargets]]
) -> int | None:
    decided = getattr(own.get(pk), name, None)
    if decided is not None:
        return int(decided)
    return max((value for one in of_groups.get(pk, ()) if (value := getattr(one, name)) is not None), default=None)
