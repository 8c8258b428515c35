"""One request to one receiver, bounded in every direction. Knows nothing of the database: it runs in threads."""

import http.client
import re
import socket
import ssl
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from threading import Timer

from retention.core.errors import DomainError
from retention.core.outbox import targets
from retention.core.outbox.signing import HEADER, Message, signature
from retention.core.outbox.targets import Target

CONNECT, READ, WHOLE = 5.0, 10.0, 15.0
MOST_READ = 2048
MOST_SHOWN = 200
ADDRESSES_TRIED = 2
# A receiver that says one of these, or nothing, is down; any other answer is about the event.
DOWN = {408, 429, 502, 503, 504}


@dataclass(frozen=True)
class Answer:
    """status: None when there was no answer. error: empty when the event was taken."""

    status: int | None
    error: str = ""

    @property
    def ok(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_down(self) -> bool:
        return self.status is None or self.status in DOWN


def post(*, url: str, secrets: Sequence[str], message: Message, now: datetime) -> Answer:
    """Send `message`, signed at `now`. Never raises for what a receiver or the network does."""
    body = message.body()
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "retention-webhook/1",
        "Connection": "close",
        "X-Retention-Event": message.event,
        "X-Retention-Delivery": message.event_id,
        HEADER: signature(secrets=secrets, body=body, now=now),
    }
    try:
        return _exchange(_Connection(targets.parse(url)), body, headers)
    except DomainError as error:
        return Answer(None, str(error.message)[:MOST_SHOWN])
    except (OSError, http.client.HTTPException) as error:
        return Answer(None, _clean(getattr(error, "strerror", None) or f"{type(error).__name__}: {error}"))


def _exchange(connection: "_Connection", body: bytes, headers: dict[str, str]) -> Answer:
    """A receiver that drips its answer byte by byte is cut off by the clock."""
    watch = Timer(WHOLE, connection.cut)
    watch.daemon = True
    watch.start()
    try:
        connection.request("POST", connection.target.path, body, headers)
        answer = connection.getresponse()
        said = answer.read(MOST_READ).decode(errors="replace")
    finally:
        watch.cancel()
        connection.close()
    if 200 <= answer.status < 300:
        return Answer(answer.status)
    return Answer(answer.status, _clean(f"HTTP {answer.status} {said}"))


class _Connection(http.client.HTTPConnection):
    """To the address that was looked up and checked, never to a second look-up. Follows no redirects."""

    def __init__(self, target: Target) -> None:
        self.default_port = 443 if target.tls else 80
        super().__init__(target.host, target.port)
        self.target = target
        self.wire: socket.socket | None = None

    def connect(self) -> None:
        self.sock = self._reach(targets.addresses(self.target)[:ADDRESSES_TRIED])
        if self.target.tls:
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=self.target.host)
        self.sock.settimeout(READ)
        self.wire = self.sock

    def _reach(self, numbers: list[str]) -> socket.socket:
        for number in numbers[:-1]:
            try:
                return socket.create_connection((number, self.target.port), CONNECT)
            except OSError:
                continue
        return socket.create_connection((numbers[-1], self.target.port), CONNECT)

    def cut(self) -> None:
        """Ends whatever the other thread waits for. Past the TLS layer, which must not be touched from two threads."""
        if self.wire is not None:
            with suppress(OSError):
                socket.socket.shutdown(self.wire, socket.SHUT_RDWR)


def _clean(text: str) -> str:
    """As a person may read it and a column may keep it."""
    return re.sub(r"[^\x20-\x7e\u00a1-\uffff]+", " ", text).strip()[:MOST_SHOWN]
