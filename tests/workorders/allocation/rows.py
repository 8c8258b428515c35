"""Rules, skills and owners for the tests of the allocation."""

from typing import Any

from customers.facts.models import Subscriber
from retention.core.accounts.models import Branch, User
from tests.campaigns.cohorts.rows import make_cohort
from tests.factories import TODAY, number
from workorders.allocation.models import AgentTerms, AllocationRule, Skill


def make_skill(code: str = "", **given: Any) -> Skill:
    code = code or number("k").lower()
    return Skill.objects.create(**{"code": code, "name": f"Skill {code}"} | given)


def make_rule(*, branch: Branch, agents: tuple[User, ...] = (), **given: Any) -> AllocationRule:
    code = number("r").lower()
    rule = AllocationRule.objects.create(
        **{"code": code, "name": f"Rule {code}", "branch": branch, "minutes": 60} | given
    )
    rule.agents.set(agents)
    return rule


def give_skills(agent: User, *skills: Skill) -> None:
    AgentTerms.objects.get_or_create(user=agent)[0].skills.set(skills)


def make_owner(owner: User, line: Subscriber) -> None:
    """`owner` answers for the line in a cohort that runs."""
    cohort = make_cohort(frozen_on=TODAY, members=1, enabled=True)
    cohort.lines.create(
        subscriber=line, customer=line.account.customer, branch=line.branch, phone_number=line.phone_number,
        value_band="high", base_revenue=200, owner=owner,
    )  # fmt: skip
