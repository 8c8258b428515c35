"""Submitting, approving and sending back rows of kinds that need approval."""

from typing import TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from retention.core.accounts.models import User
from retention.core.audit import services as audit
from retention.core.errors import Conflict, Refused
from retention.core.managed.errors import StaleVersion
from retention.core.managed.models import Approvable
from retention.core.managed.permissions import may_decide
from retention.core.managed.queries import find_row, history_of
from retention.core.managed.services import require_own_branch
from retention.core.managed.states import MOVES, Move, State

Row = TypeVar("Row", bound=Approvable)


@transaction.atomic
def move_state(*, model: type[Row], actor: User, code: str, version: int, move: Move) -> Row:
    """Submit, approve or send back the row as it stood at `version`.

    Raises Refused for an approval by one of its authors since the last one, and for who may not move it in its branch;
    NotFound, StaleVersion, and Conflict when the row is not in the state that the move starts from.
    """
    before, after = MOVES[move]
    row = find_row(model=model, actor=actor, code=code, lock=True)
    require_own_branch(row, actor, permission=_permission(row, move))
    if row.version != version:
        raise StaleVersion(row, [])
    if row.state != before:
        raise Conflict(_("This has been moved to another state meanwhile."), code="wrong_state")
    if move == Move.APPROVE:
        if actor.pk in _authors(row):
            raise Refused(_("It must be approved by somebody who has not written it."), code="own_work")
        row.approved_by = actor
    row.state = after
    row.save(update_fields=["state", "approved_by"])
    audit.record(actor=actor, action=row.change_action(), target=row, changes={"state": [before, after]})
    return row


def possible_moves(row: Approvable, actor: User) -> list[Move]:
    """What `actor` may do with the row in its present state."""
    moves = [move for move, (before, _after) in MOVES.items() if before == row.state]
    own = actor.pk in _authors(row)
    return [
        move
        for move in moves
        if may_decide(actor=actor, permission=_permission(row, move), branch=row.branch)
        and not (own and move == Move.APPROVE)
    ]


def _permission(row: Approvable, move: Move) -> str:
    return row.edit_permission if move == Move.SUBMIT else row.approve_permission


def _authors(row: Approvable) -> set[int | None]:
    """Who made or changed the row since it was last approved."""
    found = set()
    for entry in history_of(row):
        changes = entry.detail.get("changes", {})
        if changes.get("state", [None, None])[1] == State.APPROVED:
            break
        if not changes or changes.keys() & set(row.editable):
            found.add(entry.actor_id)
    return found
