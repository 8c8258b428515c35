"""Celery entry points of offers."""

from celery import shared_task

from campaigns.offers.services.proposals import expire_proposals
from retention.core import clock


@shared_task
def end_reservations() -> int:
    """Release what unanswered proposals hold whose time is over."""
    return expire_proposals(now=clock.now())
