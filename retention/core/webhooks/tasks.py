"""Tasks of the core. Each only pokes: rows and locks in Postgres decide what is really done."""

from celery import shared_task

from retention.core import clock
from retention.core.webhooks.services.deliveries import purge_delivered
from retention.core.webhooks.services.relay import deliver_due


@shared_task
def deliver_webhooks() -> None:
    """Send what is due to the webhooks, and leave what there was no time for to another run."""
    if deliver_due(now=clock.now())["left"]:
        deliver_webhooks.apply_async(expires=30)


@shared_task
def purge_outbox() -> None:
    purge_delivered(now=clock.now())
