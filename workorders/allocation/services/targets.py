"""What each agent of a group is to reach a day, decided by who supervises the group."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from retention.core.accounts.models import Team, User
from retention.core.administration.services import Seen, change_row, row_values
from retention.core.errors import Refused
from workorders.allocation.models import TeamTargets

TARGETS_ACTION = "team.targets"


def targets_of_team(team: Team) -> TeamTargets:
    """The group's row; one that is not stored yet as long as nothing was decided."""
    return TeamTargets.objects.filter(team=team).first() or TeamTargets(team=team)


@transaction.atomic
def change_team_targets(*, actor: User, team: Team, values: Mapping[str, Any], seen: Seen) -> TeamTargets:
    """Refused without the permission, StaleRow where somebody else has changed what was seen; which groups the actor
    may change is the caller's question."""
    if not actor.may("agents.edit"):
        raise Refused(_("Your role does not include this."))
    row, is_new = TeamTargets.objects.select_for_update(no_key=True).get_or_create(team=team)
    if is_new and not seen.base:
        seen = Seen(base=row_values(row, values))
    change_row(row=row, actor=actor, values=values, seen=seen, action=TARGETS_ACTION, target=f"team:{team.code}")
    return row
