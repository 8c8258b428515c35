"""Delivery rows: what is due and in which order, the pause before the next attempt, the state after an answer, purging.

There are two pauses: one for a refused event, one for a receiver that is down. A receiver that is down is probed with
one event at a time; the others wait without an attempt. At first it is probed at least every quarter of a minute, so
that after a short outage everything is delivered within a minute.
"""

import random
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from retention.core.webhooks.events import format_data
from retention.core.webhooks.models import Delivery, OutboxEvent, Webhook
from retention.core.webhooks.services.sending import Lane, Outcome
from retention.core.webhooks.services.signing import Message

GIVE_UP_AFTER = timedelta(hours=72)
REFUSAL_PAUSES = (5, 30, 120, 600, 3600)
DOWN_AT_FIRST = (5, 10, 15)
# (outage shorter than this, pause), seconds.
DOWN_LATER = ((3600, 120), (24 * 3600, 600))
DOWN_AT_LAST = 3600
SHORT_OUTAGE_SECONDS = 600
JITTER = 0.1


def pause_after_refusal(refusals: int) -> timedelta:
    """The pause of an event that was refused `refusals` times (from 1) by a receiver that is up."""
    return _with_jitter(REFUSAL_PAUSES[min(refusals, len(REFUSAL_PAUSES)) - 1])


def pause_while_down(*, lasting: timedelta, failures: int) -> timedelta:
    """The pause of a receiver that has failed `failures` times in a row (from 1) for the time `lasting`."""
    seconds = lasting.total_seconds()
    if seconds < SHORT_OUTAGE_SECONDS:
        return _with_jitter(DOWN_AT_FIRST[min(failures, len(DOWN_AT_FIRST)) - 1])
    return _with_jitter(next((pause for shorter, pause in DOWN_LATER if seconds < shorter), DOWN_AT_LAST))


def _with_jitter(seconds: float) -> timedelta:
    """Reduced by up to JITTER at random, so that receivers that failed together are not probed together."""
    return timedelta(seconds=seconds * random.uniform(1 - JITTER, 1))


log = structlog.get_logger("retention.outbox")


def webhooks_due(now: datetime) -> QuerySet[Webhook]:
    """The webhooks with something to send at `now`."""
    waiting = Delivery.objects.filter(webhook=OuterRef("pk"), state=Delivery.State.PENDING)
    due = Exists(waiting.filter(next_attempt_at__lte=now))
    up, asked_again = Q(retry_at=None) & due, Q(retry_at__lte=now) & Exists(waiting)
    return Webhook.objects.sending().filter(up | asked_again).order_by("pk")


def next_messages(webhook: Webhook, now: datetime, size: int) -> list[Message]:
    """The next messages: one for a receiver that was down, else the oldest that are ready."""
    if not Webhook.objects.sending().filter(pk=webhook.pk).exists():
        return []
    if webhook.retry_at is None:
        rows = webhook.deliveries.ready(now)[:size]
    elif webhook.retry_at <= now:
        rows = webhook.deliveries.heads()[:1]
    else:
        return []
    return [_message(row) for row in rows.select_related("event")]


def _message(row: Delivery) -> Message:
    event = row.event
    return Message(
        event_id=str(event.pk), event=event.name, subject=row.subject, at=event.created_at,
        data=format_data(event.name, event.payload), delivery=row.pk, refusals=row.refusals,
        give_up_at=row.give_up_at,
    )  # fmt: skip


def park_expired(now: datetime) -> int:
    expired = Delivery.objects.filter(state=Delivery.State.PENDING, give_up_at__lte=now)
    parked = expired.update(state=Delivery.State.PARKED)
    if parked:
        log.warning("deliveries parked", count=parked)
    return parked


State = Delivery.State
# After so many refusals in a row, of any events, the receiver counts as down.
MAX_REFUSALS_IN_A_ROW = 8
# After an outage, events refused at most this often are due at once: the outage caused the refusals.
MAX_FORGIVEN_REFUSALS = 3
_RECEIVER_FIELDS = ("last_success_at", "last_failure_at", "last_error", "failures", "failing_since", "retry_at")


def record_answers(lane: Lane, outcomes: Sequence[Outcome], *, now: datetime) -> None:
    """Store a lane's answers in the order of arrival; stop the lane when its receiver is down."""
    taken: dict[int | None, list[int]] = defaultdict(list)
    answered = [
        (one, one.message, one.answer) for one in outcomes if one.message is not None and one.answer is not None
    ]
    for outcome, message, answer in answered:
        if answer.ok:
            taken[answer.status].append(message.delivery)
            _mark_up(lane.webhook, now)
        else:
            _record_refusal(lane, outcome, now)
    for status, ids in taken.items():
        Delivery.objects.filter(pk__in=ids).open().update(
            state=State.DELIVERED, attempts=F("attempts") + 1, delivered_at=now, last_status=status, last_error=""
        )
    if answered:
        _save(lane.webhook)


def record_broken(webhook: Webhook, *, error: str, now: datetime) -> None:
    """Record that nothing can be sent to the webhook, e.g. because its secret is unreadable; it is retried later."""
    webhook.last_failure_at, webhook.last_error = now, error[:300]
    webhook.failing_since, webhook.retry_at = webhook.failing_since or now, now + pause_after_refusal(4)
    _save(webhook)


def _mark_up(webhook: Webhook, now: datetime) -> None:
    if webhook.retry_at is not None:
        webhook.deliveries.filter(
            state=State.PENDING, next_attempt_at__gt=now, refusals__lte=MAX_FORGIVEN_REFUSALS
        ).update(next_attempt_at=now)
    webhook.last_success_at = now
    webhook.failures, webhook.failing_since, webhook.retry_at = 0, None, None


def _record_refusal(lane: Lane, outcome: Outcome, now: datetime) -> None:
    webhook, message, answer = lane.webhook, outcome.message, outcome.answer
    assert message is not None and answer is not None
    changes: dict[str, object] = {"last_status": answer.status, "last_error": answer.error}
    if message.give_up_at is not None and now >= message.give_up_at:
        changes["state"] = State.PARKED
    elif not lane.probing:
        refusals = message.refusals + 1
        changes |= {"refusals": refusals, "next_attempt_at": now + pause_after_refusal(refusals)}
    Delivery.objects.filter(pk=message.delivery, state=State.PENDING).update(attempts=F("attempts") + 1, **changes)
    webhook.last_failure_at, webhook.last_error = now, answer.error
    if webhook.retry_at is not None and now < webhook.retry_at:
        return  # it was in flight when the receiver went down
    webhook.failures += 1
    webhook.failing_since = webhook.failing_since or now
    if lane.probing or answer.is_down or webhook.failures >= MAX_REFUSALS_IN_A_ROW:
        lasting = now - webhook.failing_since
        webhook.retry_at = now + pause_while_down(lasting=lasting, failures=webhook.failures)
        lane.halted.set()


def _save(webhook: Webhook) -> None:
    """Updates only the relay's columns: the webhook may be paused or deleted at the same time."""
    Webhook.objects.filter(pk=webhook.pk).update(**{name: getattr(webhook, name) for name in _RECEIVER_FIELDS})


DELIVERED_RETENTION = timedelta(days=30)
EVENTS_PER_PURGE = 10_000


def purge_delivered(*, now: datetime) -> int:
    """Delete events older than 30 days without open deliveries, with their deliveries. Returns how many.

    Parked ones stay until they are sent again or discarded.
    """
    waited_for = Delivery.objects.filter(event=OuterRef("pk")).open()
    old = OutboxEvent.objects.filter(~Exists(waited_for), created_at__lt=now - DELIVERED_RETENTION).order_by(
        "created_at"
    )
    gone = 0
    while ids := list(old.values_list("pk", flat=True)[:EVENTS_PER_PURGE]):
        with transaction.atomic():
            Delivery.objects.filter(event__in=ids).delete()
            OutboxEvent.objects.filter(pk__in=ids).delete()
        gone += len(ids)
    return gone
