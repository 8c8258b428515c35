"""SMPP 3.4 to a message centre (SMSC): a transmitter with a window of calls, and a receiver for receipts and replies.

The centre cannot be asked for our number, and for its own only after it has answered: a message whose answer is lost
stays unknown. A receipt is acknowledged once it is written down. Environment: MESSAGE_SMPP_HOST, MESSAGE_SMPP_PORT,
MESSAGE_SMPP_USER, MESSAGE_SMPP_PASSWORD, MESSAGE_SMPP_SOURCE (the number messages come from), MESSAGE_SMPP_TIMEOUT.
"""

import hashlib
import itertools
import re
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from smpplib import consts
from smpplib.client import Client
from smpplib.exceptions import ConnectionError as SmppConnectionError
from smpplib.exceptions import PDUError

from campaigns.messages.gateways.base import Gateway, Incoming, Outcome, Outgoing, ReceiptRow, ReplyRow, Result
from campaigns.messages.rules import decode_gsm, encode_gsm, is_gsm, split
from campaigns.messages.states import State
from customers.lists.models import ListEntry
from retention import env
from retention.core import clock

WINDOW = 10
COME_AGAIN = {consts.SMPP_ESME_RTHROTTLED, consts.SMPP_ESME_RMSGQFUL}
TEMPORARY_ERROR = consts.SMPP_ESME_RX_T_APPN
IS_RECEIPT, HAS_HEADER = 0x04, 0x40
UCS_2 = 0x08
# message_state of a receipt, and the words of its text (SMPP 3.4, 5.2.28 and appendix B).
STATES = {
    2: State.DELIVERED, 3: State.EXPIRED, 4: State.FAILED, 5: State.FAILED, 6: State.SENT, 8: State.FAILED,
    "DELIVRD": State.DELIVERED, "EXPIRED": State.EXPIRED, "DELETED": State.FAILED, "UNDELIV": State.FAILED,
    "ACCEPTD": State.SENT, "REJECTD": State.FAILED,
}  # fmt: skip
_TEXT = re.compile(r"id:(\S+).*?stat:(\w+)(?:.*?err:(\w+))?", re.S)
_BROKEN = (SmppConnectionError, PDUError, OSError)


@dataclass
class _Call:
    """A message of several parts: what the centre has said of each. left: parts without an answer."""

    left: int = 0
    ids: list[str] = field(default_factory=list)
    errors: list[int] = field(default_factory=list)

    def result(self) -> Result:
        if self.left:
            return Result(Outcome.DOUBTFUL, detail="no answer")
        if not self.errors:
            return Result(Outcome.ACCEPTED, provider_ref=self.ids[-1][:80])
        detail = ", ".join(f"0x{one:02X} {consts.DESCRIPTIONS.get(one, '')}".strip() for one in self.errors)[:200]
        if self.ids:  # some parts are on their way
            return Result(Outcome.DOUBTFUL, provider_ref=self.ids[-1][:80], detail=detail)
        return Result(Outcome.BUSY if set(self.errors) <= COME_AGAIN else Outcome.REJECTED, detail=detail)


class SmppGateway(Gateway):
    name = "smpp"

    def __init__(self, host: str = "", port: int = 0, *, timeout: float = 0) -> None:
        self.host = host or env.text("MESSAGE_SMPP_HOST")
        if not self.host:
            raise ImproperlyConfigured("The gateway smpp needs MESSAGE_SMPP_HOST.")
        self.port = port or env.number("MESSAGE_SMPP_PORT", 2775)
        self.user, self.password = env.text("MESSAGE_SMPP_USER"), env.text("MESSAGE_SMPP_PASSWORD")
        self.source = env.text("MESSAGE_SMPP_SOURCE", "10000")
        self.timeout = timeout or env.number("MESSAGE_SMPP_TIMEOUT", 10)
        self._transmitter: Client | None = None
        self._receiver: Client | None = None
        self._calls: dict[int, _Call] = {}
        self._concatenation = itertools.count(int(time.time()) & 0xFF)

    def send(self, batch: Sequence[Outgoing], *, seconds: float) -> Mapping[str, Result]:
        until = time.monotonic() + seconds
        try:
            client = self._bound()
        except _BROKEN as error:
            return {one.reference: Result(Outcome.BUSY, detail=str(error)[:200] or "not bound") for one in batch}
        begun: dict[str, _Call] = {}
        self._calls = {}
        try:
            for one in batch:
                if time.monotonic() >= until:
                    break
                begun[one.reference] = call = _Call()
                self._submit(client, one, call)
            while self._calls and time.monotonic() < until + self.timeout:
                client.read_once(auto_send_enquire_link=False)
        except _BROKEN:
            self._drop()
        return {reference: call.result() for reference, call in begun.items()}

    def _submit(self, client: Client, one: Outgoing, call: _Call) -> None:
        gsm, parts = is_gsm(one.text), split(one.text)
        call.left = len(parts)
        number = next(self._concatenation) & 0xFF
        for place, part in enumerate(parts, start=1):
            while len(self._calls) >= WINDOW:
                client.read_once(auto_send_enquire_link=False)
            header = bytes([5, 0, 3, number, len(parts), place]) if len(parts) > 1 else b""
            sent = client.send_message(
                source_addr_ton=consts.SMPP_TON_UNK, source_addr_npi=consts.SMPP_NPI_ISDN, source_addr=self.source,
                dest_addr_ton=consts.SMPP_TON_UNK, dest_addr_npi=consts.SMPP_NPI_ISDN, destination_addr=one.to,
                short_message=header + (encode_gsm(part) if gsm else part.encode("utf-16-be")),
                data_coding=0 if gsm else UCS_2, esm_class=HAS_HEADER if header else 0,
                registered_delivery=1 if place == len(parts) else 0,
            )  # fmt: skip
            self._calls[sent.sequence] = call

    def _answered(self, pdu: Any) -> None:
        call = self._calls.pop(pdu.sequence, None)
        if call is None:
            return  # of an earlier batch, which is in doubt already
        call.left -= 1
        if pdu.status:
            call.errors.append(int(pdu.status))
        else:
            call.ids.append(_text(pdu.message_id))

    def _bound(self) -> Client:
        if self._transmitter is None:
            client = self._connect()
            client.set_message_sent_handler(self._answered)
            client.set_error_pdu_handler(lambda pdu: None)  # the status is read with the answer
            client.bind_transmitter(system_id=self.user, password=self.password)
            self._transmitter = client
        return self._transmitter

    def _connect(self) -> Client:
        client = Client(self.host, self.port, timeout=self.timeout, allow_unknown_opt_params=True)
        client.connect()
        return client

    def poll(self, take: Callable[[Incoming], None]) -> None:
        try:
            if self._receiver is None:
                client = self._connect()
                client.bind_receiver(system_id=self.user, password=self.password)
                self._receiver = client
            self._receiver.set_message_received_handler(lambda pdu: _receive(pdu, take))
            self._receiver.poll()
        except _BROKEN:
            if self._receiver is not None:
                _end(self._receiver)
            self._receiver = None

    def _drop(self) -> None:
        if self._transmitter is not None:
            _end(self._transmitter)
        self._transmitter = None

    def close(self) -> None:
        for client in (self._transmitter, self._receiver):
            if client is not None:
                with suppress(*_BROKEN):
                    client.unbind()
                _end(client)
        self._transmitter = self._receiver = None


def _receive(pdu: Any, take: Callable[[Incoming], None]) -> int:
    """The status of the acknowledgement: the centre sends again what could not be written down."""
    try:
        if int(pdu.esm_class or 0) & IS_RECEIPT:
            receipt = _receipt(pdu)
            take(Incoming(receipts=[receipt] if receipt else []))
        else:
            take(Incoming(replies=[_reply(pdu)]))
    except Exception:  # noqa: BLE001  whatever went wrong, it must come again
        return int(TEMPORARY_ERROR)
    return int(consts.SMPP_ESME_ROK)


def _receipt(pdu: Any) -> ReceiptRow | None:
    said = _TEXT.search(_body(pdu))
    number = _text(pdu.receipted_message_id) or (said[1] if said else "")
    state = STATES.get(pdu.message_state) or (STATES.get(said[2].upper()) if said else None)
    if not number or state is None:
        return None  # still under way, or not readable: the message stays as it is
    return ReceiptRow(state, provider_ref=number, detail=f"err:{said[3]}" if said and said[3] else "")


def _reply(pdu: Any) -> ReplyRow:
    """SMPP numbers no reply: one of the same text from the same number within the hour counts as the same."""
    sender, text, now = _text(pdu.source_addr), _body(pdu), clock.now()
    number = hashlib.sha256(f"{sender}|{text}|{now:%Y-%m-%d %H}".encode()).hexdigest()[:40]
    return ReplyRow(f"smpp-{number}", ListEntry.Channel.SMS, sender, text, now)


def _body(pdu: Any) -> str:
    octets = pdu.short_message or pdu.message_payload or b""
    octets = octets.encode("latin-1") if isinstance(octets, str) else octets
    if int(pdu.esm_class or 0) & HAS_HEADER and octets:
        octets = octets[octets[0] + 1 :]
    if pdu.data_coding == UCS_2:
        return octets.decode("utf-16-be", errors="replace")
    return octets.decode("latin-1") if pdu.data_coding == 3 else decode_gsm(octets)  # noqa: PLR2004  Latin 1


def _text(value: Any) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value or "")


def _end(client: Client) -> None:
    with suppress(*_BROKEN):
        client.disconnect()
