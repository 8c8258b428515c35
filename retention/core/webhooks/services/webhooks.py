"""Writes of webhooks and their deliveries, for the client's API and the administrators' pages."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from retention.core.accounts.models import User
from retention.core.api.models import ApiClient
from retention.core.audit import services as audit
from retention.core.errors import Conflict, Invalid
from retention.core.jobs.services import wake_worker
from retention.core.secrets import new_secret, seal
from retention.core.webhooks import validators
from retention.core.webhooks.events import EVENTS
from retention.core.webhooks.models import Delivery, Webhook
from retention.core.webhooks.services.deliveries import GIVE_UP_AFTER
from retention.core.webhooks.services.publishing import DELIVER_TASK
from retention.core.webhooks.services.sending import Answer, post
from retention.core.webhooks.services.signing import SECRET_OVERLAP, Message, secrets_of

MAX_WEBHOOKS_PER_CLIENT = 20
TEST_EVENT = "test"
Ids = Sequence[int] | QuerySet[Delivery, Any]


@dataclass(frozen=True)
class Issued:
    """A webhook with its secret, which is shown only once."""

    webhook: Webhook
    secret: str


@transaction.atomic
def create_webhook(*, client: ApiClient, url: object, events: object, now: datetime) -> Issued:
    """Invalid for a bad address or unknown events; Conflict at the maximum number of webhooks per client."""
    wanted = _events(events)
    if not isinstance(url, str):
        raise Invalid("The address must be a text.", details=[_detail("url", "A text is needed.")])
    validators.check_target(url)
    ApiClient.objects.select_for_update().get(pk=client.pk)
    if client.webhooks.count() >= MAX_WEBHOOKS_PER_CLIENT:
        raise Conflict(f"A client may have {MAX_WEBHOOKS_PER_CLIENT} webhooks.", code="too_many_webhooks")
    secret = new_secret()
    webhook = Webhook.objects.create(client=client, url=url, events=wanted, sealed_secret=seal(secret), created_at=now)
    _audit(webhook, None, did="create", host=webhook.host, events=wanted)
    return Issued(webhook, secret)


@transaction.atomic
def delete_webhook(*, webhook: Webhook, actor: User | None = None) -> None:
    """Delete the webhook with its waiting deliveries."""
    _audit(webhook, actor, did="delete", host=webhook.host)
    webhook.delete()


@transaction.atomic
def rotate_secret(*, webhook: Webhook, now: datetime) -> Issued:
    """A new secret. The old one signs as well for 24 h; a still older one is dropped."""
    secret = new_secret()
    row = Webhook.objects.select_for_update().get(pk=webhook.pk)
    row.previous_sealed_secret, row.sealed_secret = row.sealed_secret, seal(secret)
    row.previous_until = now + SECRET_OVERLAP
    row.save(update_fields=["sealed_secret", "previous_sealed_secret", "previous_until"])
    _audit(row, None, did="rotate")
    return Issued(row, secret)


def send_test(*, webhook: Webhook, now: datetime) -> Answer:
    """Send one signed message of the event "test", without retries; nothing is stored."""
    message = Message(event_id=str(uuid.uuid4()), event=TEST_EVENT, subject=TEST_EVENT, at=now, data={})
    return post(url=webhook.url, secrets=secrets_of(webhook, now=now), message=message, now=now)


@transaction.atomic
def set_active(*, webhook: Webhook, active: bool, actor: User) -> None:
    """Pause or resume sending; resuming ignores the relay's current pause. Events are collected either way."""
    changes: dict[str, object] = {"active": active}
    if active:
        changes |= {"retry_at": None, "failures": 0, "failing_since": None}
    Webhook.objects.filter(pk=webhook.pk).update(**changes)
    _audit(webhook, actor, did="resume" if active else "pause")
    wake_worker(DELIVER_TASK)


@transaction.atomic
def resend(*, webhook: Webhook, now: datetime, ids: Ids | None = None, actor: User | None = None) -> int:
    """Send parked deliveries again (all of them without `ids`), for another 72 h. Returns how many there were."""
    parked = _parked(webhook, ids)
    moved = parked.update(state=Delivery.State.PENDING, next_attempt_at=now, give_up_at=now + GIVE_UP_AFTER, refusals=0)
    if moved:
        _audit(webhook, actor, action="webhook.resend", did="resend", count=moved)
        wake_worker(DELIVER_TASK)
    return moved


@transaction.atomic
def discard(*, webhook: Webhook, actor: User, ids: Ids | None = None) -> int:
    """Discard parked deliveries (all of them without `ids`); the deliveries behind them continue."""
    moved = _parked(webhook, ids).update(state=Delivery.State.DISCARDED)
    if moved:
        _audit(webhook, actor, action="webhook.resend", did="discard", count=moved)
        wake_worker(DELIVER_TASK)
    return moved


def require_parked(delivery: Delivery) -> None:
    """Conflict unless the delivery may be sent again or discarded."""
    if delivery.state != Delivery.State.PARKED:
        raise Conflict("Only parked deliveries can be sent again.", code="not_parked")


def _parked(webhook: Webhook, ids: Ids | None) -> QuerySet[Delivery]:
    parked = Delivery.objects.filter(webhook=webhook, state=Delivery.State.PARKED)
    return parked if ids is None else parked.filter(pk__in=ids)


def _events(given: object) -> list[str]:
    names = sorted(EVENTS)
    known = ", ".join(names)
    if not isinstance(given, list) or not given:
        raise Invalid("Name the events.", details=[_detail("events", f"A list of {known} is needed.")])
    if any(name not in names for name in given):
        raise Invalid("Unknown events.", details=[_detail("events", f"Each must be one of {known}.")])
    return sorted(set(given))


def _detail(field: str, message: str) -> dict[str, str]:
    return {"field": field, "code": "invalid", "message": message}


def _audit(webhook: Webhook, actor: User | None, *, action: str = "webhook.change", **detail: object) -> None:
    audit.record(actor=actor, action=action, target=f"webhook:{webhook.pk}", client=webhook.client.name, **detail)
