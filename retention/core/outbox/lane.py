"""One webhook within one run of the relay: a few subjects at once, the events of a subject one after another."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from queue import SimpleQueue
from threading import Event

from retention.core.models import Webhook
from retention.core.outbox.sending import Answer, post
from retention.core.outbox.signing import Message, secrets_of

WIDTH = 8


@dataclass(frozen=True)
class Outcome:
    """What became of a message; without a message: one of the lane's chains has ended."""

    lane: "Lane"
    message: Message | None = None
    answer: Answer | None = None


class Lane:
    """Sends in threads and puts every answer into `outcomes`. Whoever reads them writes the rows: no database here.

    probing: the receiver was down, so it is asked with one message only.
    """

    def __init__(self, webhook: Webhook, *, outcomes: "SimpleQueue[Outcome]", tick: Callable[[], datetime]) -> None:
        self.webhook = webhook
        self.secrets = secrets_of(webhook, now=tick())
        self.outcomes, self.tick = outcomes, tick
        self.halted = Event()
        self.chains = 0
        self.sent = 0
        self._threads = ThreadPoolExecutor(WIDTH, thread_name_prefix=f"webhook-{webhook.pk}")

    @property
    def probing(self) -> bool:
        return self.webhook.retry_at is not None

    def start(self, messages: Sequence[Message]) -> None:
        """Begin on a batch. Its messages of one subject go out in the order given, up to the first failure."""
        self.halted.clear()
        by_subject: dict[str, list[Message]] = {}
        for message in messages:
            by_subject.setdefault(message.subject, []).append(message)
        self.chains += len(by_subject)
        for chain in by_subject.values():
            self._threads.submit(self._send, chain)

    def close(self) -> None:
        """Wait for the requests under way; begin no others."""
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
                    self.halted.set()  # here already, so that the other threads do not go on meanwhile
                if not answer.ok:
                    break
        finally:
            self.outcomes.put(Outcome(self))
