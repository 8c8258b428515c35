"""Moving a campaign from state to state: locked, checked against the table of moves, audited."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.campaigns.models import Campaign
from campaigns.campaigns.models.campaigns import wrong
from campaigns.campaigns.states import MOVES, Move, State, moves_from
from campaigns.declarations import CAMPAIGN_LOCK
from retention.core.accounts.models import User
from retention.core.audit import services as audit
from retention.core.db import transaction_locks
from retention.core.errors import Conflict
from retention.core.managed.permissions import may_decide
from retention.core.managed.queries import find_row
from retention.core.managed.services import StaleVersion, as_json, authors_of, require_own_branch

# What a test keeps for the machine; the trail of people has the move.
_UNTOLD = ("test", "digest", "tested_version")
BY_APPROVERS = (Move.APPROVE, Move.SEND_BACK)


def lock_for(move: Move, *, actor: User, code: str, version: int | None = None) -> Campaign:
    """The campaign, locked, from whose state the move may start. Nothing of it is opened meanwhile.

    version: that the person was shown, None where the move does not go by it. Raises NotFound, Refused (another's
    branch or no permission), StaleVersion, and Conflict where another move came first.
    """
    campaign = find_row(model=Campaign, actor=actor, code=code, lock=True)
    transaction_locks.lock(CAMPAIGN_LOCK, campaign.pk)
    permission = Campaign.approve_permission if move in BY_APPROVERS else Campaign.edit_permission
    require_own_branch(campaign, actor, permission=permission)
    if version is not None and campaign.version != version:
        raise StaleVersion(campaign, [])
    if campaign.state not in MOVES[move].sources:
        text = _("The campaign is “%(state)s” now: “%(move)s” is not possible.")
        raise Conflict(text % {"state": campaign.get_state_display(), "move": move.label}, code="wrong_state")
    return campaign


def finish_move(campaign: Campaign, move: Move, *, actor: User | None, **changes: Any) -> Campaign:
    """Save the locked campaign in the move's state with these fields, and write the trail. actor: None, the clock."""
    told = [name for name in ("state", *changes) if name not in _UNTOLD]
    before = {name: as_json(getattr(campaign, name)) for name in told}
    campaign.state = MOVES[move].to
    campaign.enabled = campaign.state == State.RUNNING
    for name, value in changes.items():
        setattr(campaign, name, value)
    campaign.save()
    after = {name: as_json(getattr(campaign, name)) for name in before}
    changed = {name: [old, after[name]] for name, old in before.items() if old != after[name]}
    audit.record(actor=actor, action=Campaign.change_action(), target=campaign, changes=changed, move=move.value)
    return campaign


def possible_moves(campaign: Campaign, actor: User) -> list[Move]:
    """Moves that `actor` may make now, in the order of the table; never the approval of own work."""
    own = actor.pk in {campaign.submitted_by_id, *authors_of(campaign)}
    return [
        move
        for move in moves_from(campaign.state)
        if not (move == Move.APPROVE and own)
        and may_decide(
            actor=actor, branch=campaign.branch,
            permission=Campaign.approve_permission if move in BY_APPROVERS else Campaign.edit_permission,
        )
    ]  # fmt: skip


@transaction.atomic
def archive(*, actor: User, code: str, lessons: str) -> Campaign:
    """Put an evaluated campaign away with what was learnt, which the search finds. Invalid without a word about it."""
    campaign = lock_for(Move.ARCHIVE, actor=actor, code=code)
    if not lessons.strip():
        raise wrong("lessons", "required", _("Say what was learnt: the next campaign begins with it."))
    return finish_move(campaign, Move.ARCHIVE, actor=actor, lessons=lessons.strip())
