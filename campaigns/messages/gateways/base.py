"""What a sender and a way out say to each other. No database here: a gateway gets texts and gives back outcomes."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from campaigns.messages.states import State


@dataclass(frozen=True)
class Outgoing:
    """reference: ours; the provider is given it, and asked for it when in doubt. subject: of an e-mail."""

    reference: str
    channel: str
    to: str
    text: str
    subject: str = ""


class Outcome(StrEnum):
    ACCEPTED = "accepted"
    REJECTED = "rejected"  # this message, for good
    BUSY = "busy"  # not taken, come again
    NOT_TRIED = "not_tried"  # the time was over before its turn
    DOUBTFUL = "doubtful"  # no answer: it may have been taken


@dataclass(frozen=True)
class Result:
    """provider_ref: the provider's number. detail: what it said."""

    outcome: Outcome
    provider_ref: str = ""
    detail: str = ""


@dataclass(frozen=True)
class Known:
    """What the provider says of a message that it has taken; state: sent, delivered, failed or expired."""

    state: State
    provider_ref: str = ""
    detail: str = ""


@dataclass(frozen=True)
class ReceiptRow:
    """A receipt as a provider sends it: one of reference and provider_ref names the message."""

    state: State
    reference: str = ""
    provider_ref: str = ""
    detail: str = ""


@dataclass(frozen=True)
class ReplyRow:
    """What a customer wrote back; reply_no: the provider's number of it."""

    reply_no: str
    channel: str
    sender: str
    text: str
    at: datetime


@dataclass(frozen=True)
class Incoming:
    receipts: Sequence[ReceiptRow] = field(default_factory=tuple)
    replies: Sequence[ReplyRow] = field(default_factory=tuple)


class Gateway(ABC):
    """name: as in MESSAGE_GATEWAYS. can_ask: whether the provider can be asked for one of our references; where it
    cannot, a message in doubt stays unknown for good. settle_seconds: after so long "never seen" can be relied on: what
    is still under way then was cut off before."""

    name: str
    can_ask = False
    settle_seconds = 60.0

    @abstractmethod
    def send(self, batch: Sequence[Outgoing], *, seconds: float) -> Mapping[str, Result]:
        """{reference: outcome}; what is missing was not tried. Begins no message after `seconds`. May be called from
        one thread at a time. An exception leaves the whole batch in doubt."""

    def ask(self, references: Mapping[str, str]) -> Mapping[str, Known | None]:
        """references: {ours: the provider's, "" without}. None: never seen; what is missing cannot be told now."""
        return {}

    def poll(self, take: Callable[[Incoming], None]) -> None:  # noqa: B027  most have nothing to hand on
        """Hand on receipts and replies that wait at the provider; they are acknowledged once `take` has returned."""

    def close(self) -> None:  # noqa: B027  most have none
        """End connections."""
