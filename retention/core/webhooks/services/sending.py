"""HTTP requests to receivers, bounded in time and size, in threads, without database access.

A `Lane` is one webhook within one run of the relay: a few subjects at once, the events of a subject in order."""

import http.client
import re
import socket
import ssl
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from queue import SimpleQueue
from threading import Event, Timer

from retention.core.errors import DomainError
from retention.core.webhooks import validators
from retention.core.webhooks.models import Webhook
from retention.core.webhooks.services.signing import METHOD, SIGNATURE_HEADER, Message, secrets_of, signature
from retention.core.webhooks.validators import Target

CONNECT_TIMEOUT, READ_TIMEOUT, REQUEST_TIMEOUT = 5.0, 10.0, 15.0
MAX_ANSWER_BYTES = 2048
MAX_ERROR_CHARACTERS = 200
ADDRESSES_TRIED = 2
# Statuses that mean the receiver is down, as no answer does; any other failure concerns the event.
DOWN_STATUSES = {408, 429, 502, 503, 504}


@dataclass(frozen=True)
class Answer:
    """status: None without an answer. error: empty when the event was accepted."""

    status: int | None
    error: str = ""

    @property
    def ok(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_down(self) -> bool:
        return self.status is None or self.status in DOWN_STATUSES


def post(*, url: str, secrets: Sequence[str], message: Message, now: datetime) -> Answer:
    """Send `message`, signed at `now`. Failures of the receiver or the network are returned, never raised."""
    body = message.body()
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "retention-webhook/1",
        "Connection": "close",
        "X-Retention-Event": message.event,
        "X-Retention-Delivery": message.event_id,
    }
    try:
        target = validators.parse_target(url)
        headers[SIGNATURE_HEADER] = signature(secrets=secrets, target=target.path, body=body, now=now)
        return _exchange(_Connection(target), body, headers)
    except DomainError as error:
        return Answer(None, str(error.message)[:MAX_ERROR_CHARACTERS])
    except (OSError, http.client.HTTPException) as error:
        return Answer(None, _printable(getattr(error, "strerror", None) or f"{type(error).__name__}: {error}"))


def _exchange(connection: "_Connection", body: bytes, headers: dict[str, str]) -> Answer:
    """The total time is limited, also for a receiver that sends its answer byte by byte."""
    watch = Timer(REQUEST_TIMEOUT, connection.cut)
    watch.daemon = True
    watch.start()
    try:
        connection.request(METHOD, connection.target.path, body, headers)
        answer = connection.getresponse()
        content = answer.read(MAX_ANSWER_BYTES).decode(errors="replace")
    finally:
        watch.cancel()
        connection.close()
    if 200 <= answer.status < 300:
        return Answer(answer.status)
    return Answer(answer.status, _printable(f"HTTP {answer.status} {content}"))


class _Connection(http.client.HTTPConnection):
    """Connects to the address that was resolved and checked, never to a second resolution. Follows no redirects."""

    def __init__(self, target: Target) -> None:
        self.default_port = 443 if target.tls else 80
        super().__init__(target.host, target.port)
        self.target = target
        self.wire: socket.socket | None = None

    def connect(self) -> None:
        self.sock = self._reach(validators.resolve_addresses(self.target)[:ADDRESSES_TRIED])
        if self.target.tls:
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=self.target.host)
        self.sock.settimeout(READ_TIMEOUT)
        self.wire = self.sock

    def _reach(self, numbers: list[str]) -> socket.socket:
        for number in numbers[:-1]:
            try:
                return socket.create_connection((number, self.target.port), CONNECT_TIMEOUT)
            except OSError:
                continue
        return socket.create_connection((numbers[-1], self.target.port), CONNECT_TIMEOUT)

    def cut(self) -> None:
        """Aborts the other thread's wait, below the TLS layer, which is not safe for two threads."""
        if self.wire is not None:
            with suppress(OSError):
                socket.socket.shutdown(self.wire, socket.SHUT_RDWR)


def _printable(text: str) -> str:
    """Without control characters, so that it can be shown and stored."""
    return re.sub(r"[^\x20-\x7e\u00a1-\uffff]+", " ", text).strip()[:MAX_ERROR_CHARACTERS]


THREADS_PER_WEBHOOK = 8


@dataclass(frozen=True)
class Outcome:
    """The result of a message; without a message, the end of one of the lane's chains."""

    lane: "Lane"
    message: Message | None = None
    answer: Answer | None = None


class Lane:
    """Sends in threads and puts every answer into `outcomes`; the reader of the queue writes the rows.

    probing: the receiver was down, so only one message is sent.
    """

    def __init__(self, webhook: Webhook, *, outcomes: "SimpleQueue[Outcome]", tick: Callable[[], datetime]) -> None:
        self.webhook = webhook
        self.secrets = secrets_of(webhook, now=tick())
        self.outcomes, self.tick = outcomes, tick
        self.halted = Event()
        self.chains = 0
        self.sent = 0
        self._threads = ThreadPoolExecutor(THREADS_PER_WEBHOOK, thread_name_prefix=f"webhook-{webhook.pk}")

    @property
    def probing(self) -> bool:
        return self.webhook.retry_at is not None

    def start(self, messages: Sequence[Message]) -> None:
        """Start sending a batch. Messages of one subject are sent in the order given, up to the first failure."""
        self.halted.clear()
        by_subject: dict[str, list[Message]] = {}
        for message in messages:
            by_subject.setdefault(message.subject, []).append(message)
        self.chains += len(by_subject)
        for chain in by_subject.values():
            self._threads.submit(self._send, chain)

    def close(self) -> None:
        """Wait for the requests in flight; start no others."""
        self.halted.set()
        self._threads.shutdown(wait=True)

    def _send(self, chain: Sequence[Message]) -> None:
        try:
            for message in chain:
                if self.halted.is_set():
                    break
                answer = post(url=self.webhook.url, secrets=self.secrets, message=message, now=self.tick())
                self.outcomes.put(Outcome(self, message, answer))
                if answer.is_down:
                    self.halted.set()  # set here already, so that the other threads stop at once
                if not answer.ok:
                    break
        finally:
            self.outcomes.put(Outcome(self))
