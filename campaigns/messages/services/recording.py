"""Writing what became of messages, with their contacts in the ledger: one statement for any number.

The caller has locked the messages.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from campaigns.messages.models import Message
from campaigns.messages.states import FOLLOWING, MADE_STATES, State
from campaigns.outreach import release_many, use_many
from campaigns.outreach.models import ContactOutcome


@dataclass(frozen=True)
class Change:
    """state: the new one. due_at: None for none. sent_at, parts: None keeps what stands, as "" does of provider_ref and
    detail. is_made: whether the contact counts where the state alone does not say so: a provider that refused
    it at once never made it, one that is still asked holds its reservation."""

    message: Message
    state: State
    reason: str = ""
    due_at: datetime | None = None
    sent_at: datetime | None = None
    provider_ref: str = ""
    detail: str = ""
    parts: int | None = None
    is_made: bool = True


_WRITE = f"""
UPDATE {Message._meta.db_table} m SET
    state = x.state, reason = x.reason, due_at = x.due_at, sent_at = coalesce(m.sent_at, x.sent_at),
    provider_ref = coalesce(nullif(x.provider_ref, ''), m.provider_ref),
    detail = coalesce(nullif(x.detail, ''), m.detail), parts = coalesce(x.parts, m.parts),
    settled_at = CASE WHEN x.state = ANY(%(final)s) THEN %(now)s ELSE NULL END
FROM unnest(%(ids)s::bigint[], %(states)s::text[], %(reasons)s::text[], %(dues)s::timestamptz[],
            %(sents)s::timestamptz[], %(refs)s::text[], %(details)s::text[], %(parts)s::int[])
    x(id, state, reason, due_at, sent_at, provider_ref, detail, parts)
WHERE m.id = x.id
"""
FINAL = [str(state.value) for state, following in FOLLOWING.items() if not following]


def write_changes(changes: Sequence[Change], *, now: datetime) -> None:
    """Write the changes and settle their contacts: made, not made, or still reserved. ValueError for a move that the
    table of states does not know."""
    if not changes:
        return
    for change in changes:
        if change.state not in FOLLOWING[State(change.message.state)]:
            raise ValueError(f"{change.message.reference}: {change.message.state} to {change.state}")
    given: dict[str, Any] = {
        "now": now,
        "final": FINAL,
        "ids": [one.message.pk for one in changes],
        "states": [one.state.value for one in changes],
        "reasons": [one.reason for one in changes],
        "dues": [one.due_at for one in changes],
        "sents": [one.sent_at for one in changes],
        "refs": [one.provider_ref[:80] for one in changes],
        "details": [one.detail[:200] for one in changes],
        "parts": [one.parts for one in changes],
    }
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, given)
    _settle_contacts(changes, now)


def _settle_contacts(changes: Sequence[Change], now: datetime) -> None:
    made = {
        one.message.reference: _contact_outcome(one.state)
        for one in changes
        if one.is_made and one.state in MADE_STATES and not _never_left(one)
    }
    use_many(outcomes=made, now=now)
    gone = [
        one.message.reference
        for one in changes
        if one.state == State.CANCELLED or _never_left(one) or (one.state == State.FAILED and not one.is_made)
    ]
    release_many(order_nos=gone, now=now)


def _never_left(one: Change) -> bool:
    """It expired here, not at the provider."""
    return one.state == State.EXPIRED and one.message.state == State.QUEUED


def _contact_outcome(state: State) -> ContactOutcome:
    return ContactOutcome.FAILED if state in {State.FAILED, State.EXPIRED} else ContactOutcome.SENT
