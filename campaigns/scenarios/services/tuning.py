"""Other numbers in the rule of a scenario."""

from collections.abc import Mapping

from campaigns.audiences.rules import with_parameters
from campaigns.scenarios.models import Scenario
from retention.core.accounts.models import User
from retention.core.managed.queries import find_row
from retention.core.managed.services import update


def tune_scenario(*, actor: User, code: str, version: int, numbers: Mapping[str, object]) -> Scenario:
    """Change numbers of the rule by parameter name (see rules.parameters). Raises as managed.services.update."""
    scenario = find_row(model=Scenario, actor=actor, code=code)
    values = {"rule": with_parameters(scenario.rule, numbers)}
    return update(model=Scenario, actor=actor, code=code, version=version, values=values)
