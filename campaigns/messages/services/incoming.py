"""Receipts and replies that come over the gateways' own connections."""

from collections.abc import Callable, Collection
from datetime import datetime

import structlog

from campaigns.messages.gateways import gateway
from campaigns.messages.gateways.base import Incoming
from campaigns.messages.services.receipts import record_receipts
from campaigns.messages.services.replies import record_replies

log = structlog.get_logger("campaigns.messages")


def take_incoming(*, tick: Callable[[], datetime], gateways: Collection[str]) -> None:
    """Ask each gateway; one that fails does not keep the others waiting. tick: the business clock."""

    def take(incoming: Incoming) -> None:
        record_receipts(rows=incoming.receipts, now=tick())
        if incoming.replies:
            record_replies(rows=incoming.replies, now=tick())

    for name in gateways:
        try:
            gateway(name).poll(take)
        except Exception:
            log.exception("gateway could not be polled", gateway=name)
