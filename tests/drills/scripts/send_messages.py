"""A worker that does nothing but send messages and look after them, until it is ended."""

import time

import django

django.setup()

from campaigns.messages.services.doubts import settle_doubts  # noqa: E402
from campaigns.messages.services.incoming import take_incoming  # noqa: E402
from campaigns.messages.services.sending import send_for  # noqa: E402
from retention.core import clock  # noqa: E402

while True:
    take_incoming(tick=clock.now, gateways={"fake"})
    settle_doubts(now=clock.now())
    send_for(seconds=3, tick=clock.now)
    time.sleep(0.1)
