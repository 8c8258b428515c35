"""What every move of a decision does: the state table is asked, what was reserved is released, the trail is written."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from campaigns.offers.models import Decision
from campaigns.offers.services.reservations import release
from campaigns.offers.states import HOLDING_STATES, MOVES
from retention.core.accounts.models import User
from retention.core.audit import services as audit
from retention.core.errors import Conflict


def move(decisions: Sequence[Decision], name: str, *, actor: User | None, **values: Any) -> None:
    """Move decisions that the caller has locked, and set further fields of each. Conflict when one may not make the
    move; a move out of the states that hold stock and budget releases both, for all at once."""
    for decision in decisions:
        if decision.state not in MOVES[name].sources:
            message = _("The offer is: %(state)s. This cannot be done any more.")
            raise Conflict(message % {"state": decision.get_state_display()}, code="illegal_move")
        decision.state = MOVES[name].to
        for key, value in values.items():
            setattr(decision, key, value)
        decision.save(update_fields=["state", *values])
        record(decision, name, actor)
    if decisions and MOVES[name].to not in HOLDING_STATES:
        release([decision.pk for decision in decisions])


def record(decision: Decision, name: str, actor: User | None) -> None:
    audit.record(
        actor=actor, action="decision.move", target=f"decision:{decision.public_id}", move=name,
        order=decision.order_no, offer=decision.offer.code, to=decision.state,
    )  # fmt: skip
