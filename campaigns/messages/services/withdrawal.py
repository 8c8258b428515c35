"""Taking back what waits: a campaign that is stopped, an offer that has ended."""

from datetime import datetime

from django.db import transaction

from campaigns.messages.models import Message, Obstacle
from campaigns.messages.services.recording import Change, write_changes
from campaigns.messages.states import State

AT_ONCE = 5000


def withdraw_messages(*, origin_kind: str, origin_key: str, now: datetime) -> int:
    """Cancel the messages of an origin that wait; their contacts are free again. What is in a sender's hands goes out.
    Returns how many were cancelled."""
    total = 0
    while cancelled := _withdraw_some(origin_kind, origin_key, now):
        total += cancelled
    return total


@transaction.atomic
def _withdraw_some(origin_kind: str, origin_key: str, now: datetime) -> int:
    waiting = Message.objects.filter(origin_kind=origin_kind, origin_key=origin_key, state=State.QUEUED)
    rows = list(waiting.select_for_update(no_key=True).order_by("pk")[:AT_ONCE])
    write_changes([Change(one, State.CANCELLED, reason=Obstacle.WITHDRAWN) for one in rows], now=now)
    return len(rows)
