"""A small message centre that speaks SMPP 3.4 as far as the gateway does, and misbehaves when told to.

Written from the specification (SMPP 3.4, sections 4.1, 4.4 and 4.6), not with the client library it tests.
"""

import socket
import struct
import threading
from contextlib import suppress
from dataclasses import dataclass, field

BIND_RECEIVER, BIND_TRANSMITTER, SUBMIT, DELIVER, UNBIND, ENQUIRE = 0x01, 0x02, 0x04, 0x05, 0x06, 0x15
RESPONSE = 0x80000000
THROTTLED, INVALID_DESTINATION = 0x58, 0x0B


@dataclass(frozen=True)
class Submitted:
    to: str
    source: str
    esm_class: int
    data_coding: int
    registered: int
    octets: bytes


def _c_octets(body: bytes, at: int) -> tuple[str, int]:
    end = body.index(b"\0", at)
    return body[at:end].decode(), end + 1


def read_submit(body: bytes) -> Submitted:
    _service, at = _c_octets(body, 0)
    source, at = _c_octets(body, at + 2)
    to, at = _c_octets(body, at + 2)
    esm_class, at = body[at], at + 3
    _schedule, at = _c_octets(body, at)
    _validity, at = _c_octets(body, at)
    registered, _replace, coding, _default, length = body[at : at + 5]
    return Submitted(to, source, esm_class, coding, registered, body[at + 5 : at + 5 + length])


@dataclass
class Smsc:
    """statuses: {number: statuses of its next parts}, 0 otherwise. silent: numbers that get no answer."""

    statuses: dict[str, list[int]] = field(default_factory=dict)
    silent: set[str] = field(default_factory=set)
    submitted: list[Submitted] = field(default_factory=list)
    acknowledged: list[int] = field(default_factory=list)
    refuses_binds: bool = False

    def __post_init__(self) -> None:
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        self.receivers: list[socket.socket] = []
        self.to_deliver: list[bytes] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self.server.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                wire, _address = self.server.accept()
                threading.Thread(target=self._talk, args=(wire,), daemon=True).start()

    def _talk(self, wire: socket.socket) -> None:
        with suppress(OSError, struct.error), wire:
            while head := wire.recv(16, socket.MSG_WAITALL):
                length, command, status, sequence = struct.unpack(">LLLL", head)
                body = wire.recv(length - 16, socket.MSG_WAITALL) if length > len(head) else b""
                self._answer(wire, command, status, sequence, body)

    def _answer(self, wire: socket.socket, command: int, status: int, sequence: int, body: bytes) -> None:
        if command in {BIND_RECEIVER, BIND_TRANSMITTER}:
            refused = 0x0D if self.refuses_binds else 0
            _send(wire, command | RESPONSE, refused, sequence, b"" if refused else b"smsc\0")
            if command == BIND_RECEIVER:
                for octets in self.to_deliver:
                    wire.sendall(octets)
        elif command == SUBMIT:
            one = read_submit(body)
            self.submitted.append(one)
            if one.to not in self.silent:
                statuses = self.statuses.get(one.to, [])
                status = statuses.pop(0) if statuses else 0
                number = f"id-{len(self.submitted)}\0".encode()
                _send(wire, SUBMIT | RESPONSE, status, sequence, b"" if status else number)
        elif command == DELIVER | RESPONSE:
            self.acknowledged.append(status)
        elif command in {UNBIND, ENQUIRE}:
            _send(wire, command | RESPONSE, 0, sequence, b"")

    def deliver(self, *, sender: str, octets: bytes, esm_class: int = 0, coding: int = 0, extra: bytes = b"") -> None:
        """Hand it on when the gateway binds as a receiver."""
        body = b"\0" + b"\1\1" + sender.encode() + b"\0" + b"\1\1" + b"10000\0" + bytes([esm_class, 0, 0]) + b"\0\0"
        body += bytes([0, 0, coding, 0, len(octets)]) + octets + extra
        number = 1000 + len(self.to_deliver)
        self.to_deliver.append(struct.pack(">LLLL", 16 + len(body), DELIVER, 0, number) + body)


def receipt_id(number: str) -> bytes:
    """receipted_message_id, an optional parameter."""
    value = number.encode() + b"\0"
    return struct.pack(">HH", 0x001E, len(value)) + value


def message_state(state: int) -> bytes:
    return struct.pack(">HHB", 0x0427, 1, state)


def _send(wire: socket.socket, command: int, status: int, sequence: int, body: bytes) -> None:
    wire.sendall(struct.pack(">LLLL", 16 + len(body), command, status, sequence) + body)
