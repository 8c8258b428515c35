"""Forgetting what was delivered long ago."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef

from retention.core.models import Delivery, OutboxEvent

KEPT = timedelta(days=30)
CHUNK = 10_000


def purge(*, now: datetime) -> int:
    """Delete events older than 30 days that nobody waits for any more, with their deliveries. Returns how many.

    Parked ones stay until a person has decided about them.
    """
    waited_for = Delivery.objects.filter(event=OuterRef("pk")).open()
    old = OutboxEvent.objects.filter(~Exists(waited_for), created_at__lt=now - KEPT).order_by("created_at")
    gone = 0
    while ids := list(old.values_list("pk", flat=True)[:CHUNK]):
        with transaction.atomic():
            Delivery.objects.filter(event__in=ids).delete()
            OutboxEvent.objects.filter(pk__in=ids).delete()
        gone += len(ids)
    return gone
