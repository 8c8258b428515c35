"""Background work of clocks. Rows say what is to be done; a message only wakes a worker."""

from celery import shared_task

from retention.core import clock
from retention.core.restores.services import holds_sending
from workorders.clocks.services.recomputing import reckon_stale
from workorders.clocks.services.telling import tell


@shared_task
def reckon_stale_clocks() -> None:
    """Clocks whose calendar has changed."""
    reckon_stale(now=clock.now())


@shared_task
def tell_of_clocks() -> None:
    """Warnings, breaches and what managers are told."""
    if not holds_sending("the notices of clocks"):
        tell(now=clock.now())
