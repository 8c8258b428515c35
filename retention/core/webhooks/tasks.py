"""Celery tasks of webhooks. Rows and locks in PostgreSQL decide what is done."""

from celery import shared_task

from retention.core import clock
from retention.core.webhooks.services.deliveries import purge_delivered
from retention.core.webhooks.services.relay import deliver_due


@shared_task
def deliver_webhooks() -> None:
    """Send due deliveries; another run is queued for the rest."""
    if deliver_due(now=clock.now())["left"]:
        deliver_webhooks.apply_async(expires=30)


@shared_task
def purge_outbox() -> None:
    purge_delivered(now=clock.now())
