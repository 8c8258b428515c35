"""What is due for delivery, in which order, and the pause before the next attempt.

Two pauses: one for an event that is refused, one for a receiver that is down. A receiver that is down is asked with
one event at a time; the others wait without being tried. It is asked at least every quarter of a minute at first, so
that after a short outage everything is delivered within the minute."""

import random
from datetime import datetime, timedelta

import structlog
from django.db.models import Exists, OuterRef, Q, QuerySet

from retention.core.webhooks.models import Delivery, Webhook
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
    """Before an event is sent again that was refused `refusals` times (from 1) by a receiver that is up."""
    return _with_jitter(REFUSAL_PAUSES[min(refusals, len(REFUSAL_PAUSES)) - 1])


def pause_while_down(*, lasting: timedelta, failures: int) -> timedelta:
    """Before a receiver is asked again that has failed `failures` times in a row (from 1), `lasting` so long."""
    seconds = lasting.total_seconds()
    if seconds < SHORT_OUTAGE_SECONDS:
        return _with_jitter(DOWN_AT_FIRST[min(failures, len(DOWN_AT_FIRST)) - 1])
    return _with_jitter(next((pause for shorter, pause in DOWN_LATER if seconds < shorter), DOWN_AT_LAST))


def _with_jitter(seconds: float) -> timedelta:
    """A little less, at random: receivers that fell together are not asked together, and no bound is passed."""
    return timedelta(seconds=seconds * random.uniform(1 - JITTER, 1))


log = structlog.get_logger("retention.outbox")


def webhooks_due(now: datetime) -> QuerySet[Webhook]:
    """The webhooks that something should be sent to at this moment."""
    waiting = Delivery.objects.filter(webhook=OuterRef("pk"), state=Delivery.State.PENDING)
    due = Exists(waiting.filter(next_attempt_at__lte=now))
    up, asked_again = Q(retry_at=None) & due, Q(retry_at__lte=now) & Exists(waiting)
    return Webhook.objects.sending().filter(up | asked_again).order_by("pk")


def next_messages(webhook: Webhook, now: datetime, size: int) -> list[Message]:
    """What to send next: of a receiver that was down one event, else the oldest that are ready."""
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
        event_id=str(event.pk), event=event.name, subject=row.subject, at=event.created_at, data=event.payload,
        delivery=row.pk, refusals=row.refusals, give_up_at=row.give_up_at,
    )  # fmt: skip


def park_expired(now: datetime) -> int:
    expired = Delivery.objects.filter(state=Delivery.State.PENDING, give_up_at__lte=now)
    parked = expired.update(state=Delivery.State.PARKED)
    if parked:
        log.warning("deliveries parked", count=parked)
    return parked
