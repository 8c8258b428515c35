"""What is asked of the gate, and what it answers."""

from dataclasses import dataclass

from campaigns.models import RefusalReason


@dataclass(frozen=True)
class ContactRequest:
    """One contact somebody wants. channel: ListEntry.Channel. source: who asks, e.g. "scenario:S13"."""

    customer_id: int
    subscriber_id: int
    channel: str
    purpose: str
    source: str
    order_no: str = ""


@dataclass(frozen=True)
class Verdict:
    """reason: None when the contact is reserved."""

    request: ContactRequest
    reason: RefusalReason | None

    @property
    def allowed(self) -> bool:
        return self.reason is None
