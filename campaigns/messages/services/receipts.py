"""Receipts of the provider: late, twice, never, or of a failure after it had accepted."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from django.db import transaction
from django.db.models import Q

from campaigns.messages.gateways.base import ReceiptRow
from campaigns.messages.models import Message
from campaigns.messages.services.recording import Change, write_changes
from campaigns.messages.states import State, may_follow


class ReceiptResult(StrEnum):
    APPLIED = "applied"
    UNCHANGED = "unchanged"
    UNKNOWN = "unknown_reference"


@transaction.atomic
def record_receipts(*, rows: Sequence[ReceiptRow], now: datetime) -> list[ReceiptResult]:
    """Apply receipts in their order; the answers are in it too. One that says what is known already, or what cannot be
    any more, changes nothing: the first end of a message stands. Waits for a sender that has the message in hand."""
    messages = _lock(rows)
    latest: dict[int, Change] = {}
    results = []
    for row in rows:
        message = messages.get(row.reference) if row.reference else messages.get(row.provider_ref)
        if message is None:
            results.append(ReceiptResult.UNKNOWN)
            continue
        before = latest[message.pk].state if message.pk in latest else State(message.state)
        if not may_follow(before, row.state):
            results.append(ReceiptResult.UNCHANGED)
            continue
        sent_at = message.claimed_at or now
        latest[message.pk] = Change(
            message, row.state, sent_at=sent_at, provider_ref=row.provider_ref, detail=row.detail
        )  # fmt: skip
        results.append(ReceiptResult.APPLIED)
    write_changes(list(latest.values()), now=now)
    return results


def _lock(rows: Sequence[ReceiptRow]) -> Mapping[str, Message]:
    """{our number, and the provider's: the message}, locked in the order of their keys so that two deliveries of the
    same receipts do not wait for each other. A provider's number that names several messages names none."""
    ours = [row.reference for row in rows if row.reference]
    theirs = [row.provider_ref for row in rows if row.provider_ref and not row.reference]
    named = Message.objects.filter(Q(reference__in=ours) | Q(provider_ref__in=theirs))
    found: dict[str, Message] = {}
    twice: set[str] = set()
    for message in named.select_for_update(no_key=True).order_by("pk"):
        found[message.reference] = message
        if message.provider_ref in found:
            twice.add(message.provider_ref)
        elif message.provider_ref:
            found[message.provider_ref] = message
    return {name: message for name, message in found.items() if name not in twice}
