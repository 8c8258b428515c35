from celery import shared_task

from retention.core import clock
from workorders.orders.services.claiming import release_expired_leases


@shared_task
def release_orders() -> None:
    """Orders of agents who are gone go back to their groups."""
    release_expired_leases(now=clock.now())
