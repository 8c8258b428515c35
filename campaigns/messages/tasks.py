"""Sending messages and looking after them. Rows in Postgres decide what is done; two at once share the work."""

from celery import shared_task
from django.conf import settings

from campaigns.messages.services.doubts import expire_messages, settle_doubts
from campaigns.messages.services.incoming import take_incoming
from campaigns.messages.services.purging import purge_messages as purge
from campaigns.messages.services.sending import send_for
from retention.core import clock

TURN_SECONDS = 8  # a worker has batches and events to do as well


@shared_task
def send_messages() -> None:
    """Poked by a commit that queues messages, and every ten seconds: what waited for its hours, what is tried again.
    While messages flow, another turn is queued for the rest."""
    take_incoming(tick=clock.now, gateways=set(settings.MESSAGE_GATEWAYS.values()))
    expire_messages(now=clock.now())
    settle_doubts(now=clock.now())
    if send_for(seconds=TURN_SECONDS, tick=clock.now).claimed:
        send_messages.apply_async(expires=30)


@shared_task
def purge_messages() -> None:
    purge(now=clock.now())
