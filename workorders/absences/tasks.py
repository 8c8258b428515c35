from celery import shared_task

from retention.core import clock
from workorders.absences.services.covering import cover_absences


@shared_task
def cover_absent_agents() -> None:
    """Orders of absent agents go to their cover, and come back after."""
    cover_absences(now=clock.now())
