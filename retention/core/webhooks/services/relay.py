"""Sending due deliveries. Any number of relays may run: a webhook is served by one of them at a time.

The relay holds a session advisory lock on the webhook; the end of a killed one frees it, and what it had sent without
recording is sent again. Order: an event is sent when everything earlier of the same subject is delivered. A parked
event blocks only its own subject, until it is sent again or discarded by hand; the events behind it are parked in
their turn after 72 h.
"""

import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from queue import Empty, SimpleQueue

from django.db import DatabaseError, InterfaceError

from retention.core.db.locks import LOCK_SPACES, try_lock, unlock
from retention.core.errors import DomainError
from retention.core.restores.services import holds_sending
from retention.core.webhooks.models import Webhook
from retention.core.webhooks.services import deliveries
from retention.core.webhooks.services.deliveries import next_messages, park_expired, webhooks_due
from retention.core.webhooks.services.sending import Lane, Outcome

WEBHOOK_LOCK = LOCK_SPACES.declare(7304, "sending to a webhook")
MESSAGES_PER_BATCH = 400
# Answers are stored at this interval; those that a killed relay has not stored are sent twice.
GATHER_SECONDS = 0.05
RUN_SECONDS = 20.0
RECHECK_INTERVAL = timedelta(seconds=1)


def deliver_due(*, now: datetime, limit: int = 20_000, seconds: float = RUN_SECONDS) -> Counter:
    """Send what is due to every webhook not locked by another relay. Counts: delivered, failed, parked, and left.

    limit: maximum per webhook; seconds: no new batch after that. left: webhooks with more to send. While sending is
    held after a restore nothing is sent and no count is given.
    """
    if holds_sending("webhooks"):
        return Counter()
    started = time.monotonic()
    return _Run(lambda: now + timedelta(seconds=time.monotonic() - started), limit, seconds).go()


class _Run:
    """One call of deliver_due: the lanes send in threads; only this thread reads and writes rows."""

    def __init__(self, tick: Callable[[], datetime], limit: int, seconds: float) -> None:
        self.tick, self.limit = tick, limit
        self.look_again = tick()
        self.until = self.look_again + timedelta(seconds=seconds)
        self.outcomes: SimpleQueue[Outcome] = SimpleQueue()
        self.lanes: list[Lane] = []
        self.counts: Counter = Counter()

    def go(self) -> Counter:
        self.counts["parked"] = park_expired(self.tick())
        try:
            self._open_due()
            while self.lanes:
                for lane in [lane for lane in self.lanes if not lane.chains]:
                    self._feed(lane)
                if self.lanes:
                    self._settle()
                    self._open_due()
        finally:
            for lane in list(self.lanes):
                self._close(lane)
        return self.counts

    def _open_due(self) -> None:
        """Checks every second: while one receiver is slow, others may become due."""
        now = self.tick()
        if now < self.look_again or now >= self.until:
            return
        self.look_again = now + RECHECK_INTERVAL
        for webhook in webhooks_due(now).exclude(pk__in=[lane.webhook.pk for lane in self.lanes]):
            self._open(webhook)

    def _open(self, webhook: Webhook) -> None:
        if not try_lock(WEBHOOK_LOCK, webhook.pk):
            return
        try:
            webhook.refresh_from_db()
            self.lanes.append(Lane(webhook, outcomes=self.outcomes, tick=self.tick))
        except (DomainError, Webhook.DoesNotExist) as error:
            deliveries.record_broken(webhook, error=str(error), now=self.tick())
            unlock(WEBHOOK_LOCK, webhook.pk)

    def _feed(self, lane: Lane) -> None:
        """Gives the lane its next batch; closes it when there is none, or no time left."""
        now = self.tick()
        is_over = now >= self.until or lane.sent >= self.limit
        self.counts["left"] += is_over
        batch = [] if is_over else next_messages(lane.webhook, now, min(MESSAGES_PER_BATCH, self.limit - lane.sent))
        if batch:
            lane.sent += len(batch)
            lane.start(batch)
        else:
            self._close(lane)

    def _settle(self) -> None:
        """Wait for an answer and store all that have arrived."""
        if self.tick() >= self.until:
            for lane in self.lanes:
                lane.halted.set()
        arrived = self._arrived()
        for lane in self.lanes:
            own = [outcome for outcome in arrived if outcome.lane is lane]
            if own:
                self._record(lane, own)

    def _arrived(self) -> list[Outcome]:
        """The answers of one interval: a few rows written together cost hardly more than one."""
        try:
            arrived = [self.outcomes.get(timeout=RECHECK_INTERVAL.total_seconds())]
        except Empty:
            return []
        until = time.monotonic() + GATHER_SECONDS
        under_way = sum(lane.chains for lane in self.lanes) - (arrived[0].message is None)
        while under_way and (left := until - time.monotonic()) > 0:
            with suppress(Empty):
                arrived.append(self.outcomes.get(timeout=left))
                under_way -= arrived[-1].message is None
        return arrived

    def _record(self, lane: Lane, own: list[Outcome]) -> None:
        deliveries.record_answers(lane, own, now=self.tick())
        lane.chains -= sum(outcome.message is None for outcome in own)
        for outcome in own:
            if outcome.answer is not None:
                self.counts["delivered" if outcome.answer.ok else "failed"] += 1

    def _close(self, lane: Lane) -> None:
        self.lanes.remove(lane)
        lane.close()
        with suppress(DatabaseError, InterfaceError):  # a lost connection has freed the lock itself
            unlock(WEBHOOK_LOCK, lane.webhook.pk)
