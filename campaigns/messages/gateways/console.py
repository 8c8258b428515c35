"""Writes messages to the log of the process, for a look at one's own machine. The number is masked as everywhere."""

from collections.abc import Mapping, Sequence

import structlog

from campaigns.messages.gateways.base import Gateway, Outcome, Outgoing, Result
from retention.core.masking import mask_email, mask_phone

log = structlog.get_logger("campaigns.messages.console")


class ConsoleGateway(Gateway):
    name = "console"

    def send(self, batch: Sequence[Outgoing], *, seconds: float) -> Mapping[str, Result]:
        for one in batch:
            to = mask_email(one.to) if "@" in one.to else mask_phone(one.to)
            log.info("message", number=one.reference, channel=one.channel, to=to, subject=one.subject, text=one.text)
        return {one.reference: Result(Outcome.ACCEPTED) for one in batch}
