"""Delivery rows after an answer (state, next attempt, whether the receiver is up), and purging old ones."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef

from retention.core.webhooks.models import Delivery, OutboxEvent, Webhook
from retention.core.webhooks.services import scheduling
from retention.core.webhooks.services.sending import Lane, Outcome

State = Delivery.State
# So many refusals in a row, of whatever events, and the receiver is taken for down.
MAX_REFUSALS_IN_A_ROW = 8
# After an outage, events refused no oftener than this are due at once: it was not about them.
MAX_FORGIVEN_REFUSALS = 3
_RECEIVER_FIELDS = ("last_success_at", "last_failure_at", "last_error", "failures", "failing_since", "retry_at")


def record_answers(lane: Lane, outcomes: Sequence[Outcome], *, now: datetime) -> None:
    """Write down a lane's answers, in the order in which they came; stop the lane when its receiver is down."""
    taken: dict[int | None, list[int]] = defaultdict(list)
    answered = [outcome for outcome in outcomes if outcome.message is not None and outcome.answer is not None]
    for outcome in answered:
        if outcome.answer.ok:
            taken[outcome.answer.status].append(outcome.message.delivery)
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
    """A webhook that nothing can be sent to at all, e.g. because its secret cannot be read: looked at again later."""
    webhook.last_failure_at, webhook.last_error = now, error[:300]
    webhook.failing_since, webhook.retry_at = webhook.failing_since or now, now + scheduling.pause_after_refusal(4)
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
        changes |= {"refusals": refusals, "next_attempt_at": now + scheduling.pause_after_refusal(refusals)}
    Delivery.objects.filter(pk=message.delivery, state=State.PENDING).update(attempts=F("attempts") + 1, **changes)
    webhook.last_failure_at, webhook.last_error = now, answer.error
    if webhook.retry_at is not None and now < webhook.retry_at:
        return  # it was under way when the receiver went down
    webhook.failures += 1
    webhook.failing_since = webhook.failing_since or now
    if lane.probing or answer.is_down or webhook.failures >= MAX_REFUSALS_IN_A_ROW:
        lasting = now - webhook.failing_since
        webhook.retry_at = now + scheduling.pause_while_down(lasting=lasting, failures=webhook.failures)
        lane.halted.set()


def _save(webhook: Webhook) -> None:
    """Only what the relay owns: a person may be pausing or deleting the webhook at this moment."""
    Webhook.objects.filter(pk=webhook.pk).update(**{name: getattr(webhook, name) for name in _RECEIVER_FIELDS})


DELIVERED_RETENTION = timedelta(days=30)
EVENTS_PER_PURGE = 10_000


def purge_delivered(*, now: datetime) -> int:
    """Delete events older than 30 days that nobody waits for any more, with their deliveries. Returns how many.

    Parked ones stay until a person has decided about them.
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
