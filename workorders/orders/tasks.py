from celery import shared_task

from campaigns.campaigns.services.execution import advance_campaigns
from retention.core import clock
from retention.core.restores.services import holds_sending
from workorders.orders.services.campaign_opening import open_from_campaigns
from workorders.orders.services.claiming import release_expired_leases


@shared_task
def release_orders() -> None:
    """Orders of agents who are gone go back to their groups."""
    release_expired_leases(now=clock.now())


@shared_task
def open_campaign_orders() -> None:
    """Waves of campaigns that are due, and the orders of the members whose wave is open."""
    if not holds_sending("the orders of campaigns"):
        now = clock.now()
        advance_campaigns(now=now)
        open_from_campaigns(now=now)
