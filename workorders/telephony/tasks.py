from celery import shared_task

from retention.core import clock
from workorders.telephony.services.following import follow_open_calls


@shared_task
def follow_calls() -> None:
    """No call stays open for ever."""
    follow_open_calls(now=clock.now())
