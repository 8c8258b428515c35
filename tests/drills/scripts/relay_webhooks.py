"""A worker that does nothing but send to webhooks, until it is ended."""

import time

import django

django.setup()

from retention.core import clock  # noqa: E402
from retention.core.webhooks.services.relay import deliver_due  # noqa: E402

while True:
    deliver_due(now=clock.now())
    time.sleep(0.3)
