"""Webhooks and events for tests; NOW is when they are made."""

from datetime import timedelta

from retention.core.api.models import ApiClient
from retention.core.webhooks.events import EVENTS
from retention.core.webhooks.models import Delivery, Webhook
from retention.core.webhooks.services.publishing import publish
from retention.core.webhooks.services.relay import deliver_due
from retention.core.webhooks.services.webhooks import Issued, create_webhook
from tests.factories import NOW, number
from workorders.declarations import ORDER_CLOSED

State = Delivery.State


def make_api_client(**given) -> ApiClient:
    return ApiClient.objects.create(**{"name": number("client "), "created_at": NOW, "scopes": []} | given)


def make_hook(*, url="https://hooks.example/in", events=tuple(EVENTS), client=None, **given) -> Issued:
    made = create_webhook(client=client or make_api_client(), url=url, events=list(events), now=NOW)
    if given:
        Webhook.objects.filter(pk=made.webhook.pk).update(**given)
        made.webhook.refresh_from_db()
    return made


def tell(subject, *numbers, branch_id=None, event=ORDER_CLOSED, now=NOW) -> None:
    """Publish one event for each number, carrying it as data n."""
    for n in numbers:
        publish(event=event, subject=subject, payload={"n": n}, branch_id=branch_id, now=now)


def states(webhook) -> list[str]:
    return list(webhook.deliveries.order_by("pk").values_list("state", flat=True))


def relay_until(now, *, seconds, step=1) -> None:
    """Let the relay run once every `step` seconds of the clock."""
    for passed in range(0, seconds + 1, step):
        deliver_due(now=now + timedelta(seconds=passed))
