"""Other numbers of a scenario's rule in some branches: one condition over the base for all of them.

The numbers of a branch hold for it and all below it; of two branches one below the other the nearer wins, number by
number.
"""

from collections.abc import Mapping
from copy import copy
from typing import Any

from django.db.models import Q

from campaigns.audiences.rules import Group, as_q, parse, with_parameters
from campaigns.audiences.rules.parser import as_json
from campaigns.scenarios.models import Scenario
from customers.profile.models import SubscriberProfile
from retention.core.accounts.models import Branch, User

# {parameter name: number as the rule stores it}
Numbers = dict[str, Any]


def rule_condition(scenario: Scenario, tree: Group, *, path: str = "") -> Q:
    """Whom `tree`, the scenario's rule, finds with the numbers of each branch. Raises Invalid.

    path: from the rows to those with the branch, such as "subscriber__".
    """
    if not scenario.branch_numbers:
        return as_q(tree)
    rule, elsewhere, found = as_json(tree), Q(), Q()
    for numbers, branches in _zones(scenario.branch_numbers):
        inside = Q(**{f"{path}branch_id__in": branches})
        found |= inside & as_q(with_parameters(rule, numbers))
        elsewhere |= inside
    return as_q(tree) & ~elsewhere | found if elsewhere else as_q(tree)


def numbers_at(branch_numbers: Mapping[str, Numbers], branch: Branch) -> Numbers:
    """The numbers of `branch` that differ from those of the rule: its own, and those of branches above it."""
    return _merged(branch_numbers, branch.path)


def _merged(branch_numbers: Mapping[str, Numbers], path: str) -> Numbers:
    merged: Numbers = {}
    for code in path.split("/"):
        merged |= branch_numbers.get(code, {})
    return merged


def _zones(branch_numbers: Mapping[str, Numbers]) -> list[tuple[Numbers, list[int]]]:
    """(numbers, ids of the branches where they hold) of the branches that have numbers of their own, or lie below."""
    zones: dict[tuple[tuple[str, Any], ...], list[int]] = {}
    for pk, path in Branch.objects.order_by("path").values_list("pk", "path"):
        if numbers := _merged(branch_numbers, path):
            zones.setdefault(tuple(sorted(numbers.items())), []).append(pk)
    return [(dict(numbers), branches) for numbers, branches in zones.items()]


def count_in_branch(*, scenario: Scenario, branch: Branch, numbers: Numbers, user: User) -> tuple[int, int]:
    """(lines found, lines there are) of the branch and below that the person may see, were these its own numbers.
    Raises Invalid."""
    tried = copy(scenario)
    tried.branch_numbers = scenario.branch_numbers | {branch.code: numbers}
    lines = SubscriberProfile.objects.visible_to(user).filter(branch__in=Branch.objects.under(branch).values("pk"))
    return lines.filter(rule_condition(tried, parse(scenario.rule))).count(), lines.count()
