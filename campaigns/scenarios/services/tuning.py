"""Other numbers in the rule of a scenario, for all or for one branch."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.audiences.rules import with_parameters
from campaigns.scenarios.models import Scenario, known_numbers
from retention.core.accounts.models import Branch, User
from retention.core.audit import services as audit
from retention.core.errors import Invalid, Refused
from retention.core.managed.permissions import may_decide
from retention.core.managed.queries import find_row
from retention.core.managed.services import StaleVersion, update


def tune_scenario(*, actor: User, code: str, version: int, numbers: Mapping[str, object]) -> Scenario:
    """Change numbers of the rule by parameter name (see rules.parameters). Raises as managed.services.update."""
    scenario = find_row(model=Scenario, actor=actor, code=code)
    values = {"rule": with_parameters(scenario.rule, numbers)}
    return update(model=Scenario, actor=actor, code=code, version=version, values=values)


@transaction.atomic
def tune_branch(*, actor: User, code: str, version: int, branch: Branch, numbers: Mapping[str, object]) -> Scenario:
    """Set all numbers that `branch` and the branches below it have of their own; none: those of above hold again.

    Who decides for the branch may do it, also where the scenario is of the whole base. Refused for another branch;
    Invalid for a number that the rule cannot take or a branch that the scenario does not work in; StaleVersion.
    """
    scenario = find_row(model=Scenario, actor=actor, code=code, lock=True)
    if not may_decide(actor=actor, permission=Scenario.edit_permission, branch=branch):
        raise Refused(_("You may set the numbers of your own branch and those below it."), code="outside_branch")
    if scenario.branch is not None and not branch.path.startswith(scenario.branch.path):
        raise Invalid(_("The scenario does not work in this branch."), code="other_branch")
    before = scenario.branch_numbers
    after = {one: kept for one, kept in before.items() if one != branch.code}
    if kept := known_numbers(scenario.rule, numbers):
        after[branch.code] = kept
    if after == before:
        return scenario
    if scenario.version != version:
        raise StaleVersion(scenario, [])
    scenario.branch_numbers = after
    scenario.version += 1
    scenario.submitted_by = None
    scenario.save(update_fields=["branch_numbers", "version", "submitted_by"])
    changes = {"branch_numbers": [before, after]}
    audit.record(
        actor=actor, action=scenario.change_action(), target=scenario, changes=changes, version=scenario.version
    )
    return scenario
