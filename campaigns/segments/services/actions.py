"""The retention action of a cell: which scenario works on its lines."""

from django.utils.translation import gettext as _

from campaigns.scenarios.models import Scenario
from campaigns.segments.models import Segmentation
from retention.core.accounts.models import User
from retention.core.errors import Invalid
from retention.core.managed.queries import find_row
from retention.core.managed.services import update


def assign_action(*, actor: User, code: str, cell: str, scenario: str, version: int) -> Segmentation:
    """Give a cell a scenario, by code, or none with "". The matrix gets a new version.

    Invalid for a cell or a scenario that is not there for this person; Refused outside the own branch; StaleVersion
    when the matrix was changed meanwhile; NotFound.
    """
    row = find_row(model=Segmentation, actor=actor, code=code)
    if row.matrix.split(cell) is None:
        raise Invalid(_("There is no such cell."), code="unknown_cell")
    if scenario and not Scenario.objects.visible_to(actor).filter(code=scenario).exists():
        raise Invalid(_("There is no scenario %(code)s.") % {"code": scenario}, code="unknown_scenario")
    actions = {**row.actions, cell.removeprefix(row.code): scenario}
    return update(model=Segmentation, actor=actor, code=code, version=version, values={"actions": actions})
