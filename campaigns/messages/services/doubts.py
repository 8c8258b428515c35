"""Messages of which nobody knows: asked for at the provider, and never sent again on a guess.

And those that expired."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import Q

from campaigns.messages.gateways import gateway
from campaigns.messages.gateways.base import Gateway, Known
from campaigns.messages.models import Message
from campaigns.messages.services.recording import Change, write_changes
from campaigns.messages.states import State
from customers.lists.models import ListEntry

log = structlog.get_logger("campaigns.messages")
ASKED_AT_ONCE = 500
ASK_AGAIN, ASK_FOR = timedelta(minutes=1), timedelta(hours=24)
EXPIRED_AT_ONCE = 5000


def settle_doubts(*, now: datetime) -> dict[str, int]:
    """Look after messages whose sender was lost or whose provider did not answer; {state: messages}.

    A provider that can be asked for our number is: what it has never seen waits again, everything else becomes what it
    says. Where it cannot be asked, or could not tell for ASK_FOR, the message stays unknown: its contact counts, and a
    receipt may still settle it.
    """
    totals: dict[str, int] = {}
    while found := _settle_some(now):
        for state, count in found.items():
            totals[state] = totals.get(state, 0) + count
    if totals:
        log.info("messages in doubt", **totals)
    return totals


@transaction.atomic
def _settle_some(now: datetime) -> dict[str, int]:
    """A row that a sender has locked is being sent and not in doubt."""
    doubtful = Message.objects.filter(state__in=(State.SENDING, State.UNKNOWN), due_at__lte=now).order_by("due_at")
    rows = list(doubtful.select_for_update(skip_locked=True, no_key=True)[:ASKED_AT_ONCE])
    changes: list[Change] = []
    for name in {one.gateway for one in rows}:
        changes += _ask(gateway(name), [one for one in rows if one.gateway == name], now)
    write_changes(changes, now=now)
    counts: dict[str, int] = {}
    for one in changes:
        counts[one.state.value] = counts.get(one.state.value, 0) + 1
    return counts


def _ask(way: Gateway, rows: Sequence[Message], now: datetime) -> list[Change]:
    if not way.can_ask:
        return [Change(one, State.UNKNOWN, sent_at=one.claimed_at) for one in rows]
    try:
        told = way.ask({one.reference: one.provider_ref for one in rows})
    except Exception:
        log.exception("the provider could not be asked", gateway=way.name)
        told = {}
    return [_answer(one, told, now) for one in rows]


def _answer(one: Message, told: Mapping[str, Known | None], now: datetime) -> Change:
    if one.reference not in told:
        goes_on = one.claimed_at is not None and now - one.claimed_at < ASK_FOR
        return Change(one, State.UNKNOWN, due_at=now + ASK_AGAIN if goes_on else None, is_made=not goes_on)
    known = told[one.reference]
    if known is None:
        return Change(one, State.QUEUED, due_at=now)
    return Change(
        one, known.state, provider_ref=known.provider_ref, detail=known.detail, sent_at=one.claimed_at or now
    )  # fmt: skip


@transaction.atomic
def expire_messages(*, now: datetime) -> int:
    """Messages that could not be sent while they made sense, whose contacts are free again, and those that nobody has
    read in the app. How many there were."""
    unread = Q(channel=ListEntry.Channel.APP, state=State.SENT)
    late = Message.objects.filter(Q(state=State.QUEUED) | unread, expires_at__lte=now).order_by("expires_at")
    rows = list(late.select_for_update(skip_locked=True, no_key=True)[:EXPIRED_AT_ONCE])
    write_changes([Change(one, State.EXPIRED) for one in rows], now=now)
    return len(rows)
