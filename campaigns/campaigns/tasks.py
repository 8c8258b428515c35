from celery import shared_task

from campaigns.campaigns.services.execution import advance_campaigns
from campaigns.campaigns.services.messaging import message_from_campaigns
from retention.core import clock
from retention.core.restores.services import holds_sending


@shared_task
def queue_campaign_messages() -> None:
    """Waves of campaigns that are due, and the messages of the members whose wave is open."""
    if not holds_sending("the messages of campaigns"):
        now = clock.now()
        advance_campaigns(now=now)
        message_from_campaigns(now=now)
