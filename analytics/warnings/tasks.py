from celery import shared_task

from analytics.warnings.services.deliveries import send_mails
from retention.core import clock


@shared_task
def send_lists() -> None:
    """E-mail the warning lists that wait: at once when one is frozen, and every five minutes."""
    send_mails(now=clock.now())
