from celery import shared_task

from analytics.monitoring.services import proposals
from retention.core import clock


@shared_task
def retrain_accepted() -> None:
    """Train the challenger of an accepted proposal. Runs on the queue for long work."""
    proposals.retrain_accepted(as_of=clock.yesterday())
