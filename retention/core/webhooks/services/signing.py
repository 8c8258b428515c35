"""The message a receiver gets: the body, and the signature header that proves its origin and age."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from retention.core import clock
from retention.core.secrets import sign, sign_v1, unseal
from retention.core.webhooks.models import Webhook

SIGNATURE_HEADER = "X-Retention-Signature"
METHOD = "POST"
SECRET_OVERLAP = timedelta(hours=24)


@dataclass(frozen=True)
class Message:
    """One event as it is sent. delivery: id of the delivery row, 0 for a test."""

    event_id: str
    event: str
    subject: str
    at: datetime
    data: Mapping
    delivery: int = 0
    refusals: int = 0
    give_up_at: datetime | None = None

    def body(self) -> bytes:
        """The JSON body, the same at every attempt."""
        envelope = {
            "id": self.event_id,
            "event": self.event,
            "at": clock.format_instant(self.at),
            "subject": self.subject,
        }
        return json.dumps(envelope | {"data": self.data}, ensure_ascii=False, separators=(",", ":")).encode()


def secrets_of(webhook: Webhook, *, now: datetime) -> list[str]:
    """The secrets in force, newest first: two during a rotation. Unavailable when a seal is broken."""
    secrets = [unseal(webhook.sealed_secret)]
    if webhook.previous_sealed_secret and webhook.previous_until and now < webhook.previous_until:
        secrets.append(unseal(webhook.previous_sealed_secret))
    return secrets


def signature(*, secrets: Iterable[str], target: str, body: bytes, now: datetime) -> str:
    """`t=UNIX,v1=HEX,v2=HEX`: v1 is the HMAC-SHA256 of `t.body`, v2 of `t.POST.target.body`; a pair for each secret in
    force. target: path and query of the receiver's address."""
    moment = str(int(now.timestamp()))
    signed = [
        (f"v1={sign_v1(secret, moment, body)}", f"v2={sign(secret, moment, METHOD, target, body)}")
        for secret in secrets
    ]
    return ",".join([f"t={moment}", *(part for pair in signed for part in pair)])
