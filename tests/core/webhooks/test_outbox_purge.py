from datetime import timedelta

from retention.core.webhooks.models import Delivery, OutboxEvent
from retention.core.webhooks.services.deliveries import purge_delivered
from retention.core.webhooks.services.relay import deliver_due
from tests.core.webhooks.hooks import make_hook, tell
from tests.factories import NOW


def test_what_was_delivered_is_forgotten_after_30_days_and_what_is_parked_is_kept(receiver, hook):
    dead = make_hook(url="http://127.0.0.1:1/", events=["order.closed"])
    tell("A", 1)
    tell("B", 2, event="consent.changed")
    tell("C", 3, event="consent.changed", now=NOW + timedelta(days=1))
    deliver_due(now=NOW)
    deliver_due(now=NOW + timedelta(days=4))
    assert purge_delivered(now=NOW + timedelta(days=30)) == 0
    assert purge_delivered(now=NOW + timedelta(days=30, seconds=1)) == 1
    assert sorted(OutboxEvent.objects.values_list("subject", flat=True)) == ["A", "C"]
    assert dead.webhook.deliveries.get().state == Delivery.State.PARKED
