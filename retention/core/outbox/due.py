"""What is to be sent now: to which webhooks, and which events, in which order."""

from datetime import datetime

import structlog
from django.db.models import Exists, OuterRef, Q, QuerySet

from retention.core.models import Delivery, Webhook
from retention.core.outbox.signing import Message

log = structlog.get_logger("retention.outbox")


def with_work(now: datetime) -> QuerySet[Webhook]:
    """The webhooks that something should be sent to at this moment."""
    waiting = Delivery.objects.filter(webhook=OuterRef("pk"), state=Delivery.State.PENDING)
    due = Exists(waiting.filter(next_attempt_at__lte=now))
    up, asked_again = Q(retry_at=None) & due, Q(retry_at__lte=now) & Exists(waiting)
    return Webhook.objects.sending().filter(up | asked_again).order_by("pk")


def batch_for(webhook: Webhook, now: datetime, size: int) -> list[Message]:
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
