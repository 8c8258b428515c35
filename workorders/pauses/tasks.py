from celery import shared_task

from retention.core import clock
from workorders.pauses.services import end_pauses_of_absent


@shared_task
def end_stale_pauses() -> None:
    """Nobody is at a pause who has gone home."""
    end_pauses_of_absent(now=clock.now())
