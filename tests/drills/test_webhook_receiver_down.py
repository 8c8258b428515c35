"""A webhook's receiver is gone for a while, and relays are killed meanwhile: it hears everything, in order, signed.

DRILL_SECONDS=120 lets it be gone for the two minutes of the acceptance; without it the suite makes it short.
"""

import os
import random
import subprocess
import sys
import time
from collections import Counter

import pytest

from retention import env
from retention.core import clock
from retention.core.webhooks.models import Delivery
from retention.core.webhooks.services.publishing import publish_many
from tests.core.webhooks.hooks import make_hook
from tests.drills.rig import SCRIPTS
from tests.receiver import Receiver, is_signed

pytestmark = [pytest.mark.drill, pytest.mark.django_db(transaction=True)]
SECONDS = float(os.environ.get("DRILL_SECONDS", "8"))
SUBJECTS = [f"S{n:03d}" for n in range(60)]
# Of the acceptance: after an outage of two minutes everything is there within about one.
DRAINED_WITHIN = 60


class Relays:
    """Two sending processes; one of them dies at times and another takes its place."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment | {"DJANGO_SETTINGS_MODULE": "retention.settings", "PYTHONPATH": str(env.ROOT)}
        self.running = [self._start(), self._start()]
        self.killed = 0

    def _start(self) -> subprocess.Popen:
        command = [sys.executable, str(SCRIPTS / "relay_webhooks.py")]
        return subprocess.Popen(command, env=self.environment, cwd=env.ROOT)

    def kill_one(self) -> None:
        victim = self.running.pop(0)
        assert victim.poll() is None, "a relay ended by itself"
        victim.kill()
        victim.wait()
        self.killed += 1
        self.running.append(self._start())

    def end(self) -> None:
        for process in self.running:
            process.kill()
            process.wait()


class Publisher:
    """Tells of something every tenth of a second: n counts up for each subject."""

    def __init__(self) -> None:
        self.told: Counter = Counter()
        self.dice = random.Random(5)

    def tell(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            rows = [(subject, {"n": self._next(subject)}, None) for subject in self.dice.sample(SUBJECTS, 12)]
            publish_many(event="order.closed", rows=rows, now=clock.now())
            time.sleep(0.1)

    def _next(self, subject: str) -> int:
        self.told[subject] += 1
        return self.told[subject] - 1

    @property
    def expected(self) -> dict[str, list[int]]:
        return {subject: list(range(count)) for subject, count in self.told.items()}


@pytest.fixture
def relays(child_environment):
    made = Relays(child_environment)
    yield made
    made.end()


def wait_for(done, seconds: float) -> float:
    started = time.monotonic()
    while not done():
        assert time.monotonic() - started < seconds, f"not done after {seconds:.0f} s"
        time.sleep(0.1)
    return time.monotonic() - started


def test_a_receiver_that_was_gone_hears_everything_in_order(relays, capsys):
    unlucky, other = Receiver(), Receiver()
    hooks = {name: make_hook(url=one.url) for name, one in (("unlucky", unlucky), ("other", other))}
    publisher = Publisher()
    publisher.tell(2)
    wait_for(lambda: unlucky.received, DRAINED_WITHIN)
    publisher.tell(1)
    relays.kill_one()

    unlucky.down()
    before = len(unlucky.received)
    publisher.tell(SECONDS / 2)
    relays.kill_one()
    publisher.tell(SECONDS / 2)
    assert len(unlucky.received) == before
    waiting = hooks["unlucky"].webhook.deliveries.open().count()
    assert waiting > 100
    wait_for(lambda: hooks["other"].webhook.deliveries.open().count() < 50, DRAINED_WITHIN)

    unlucky.up()
    relays.kill_one()
    publisher.tell(1)
    seconds = wait_for(lambda: not Delivery.objects.open().exists(), DRAINED_WITHIN)
    relays.end()
    unlucky.down()
    other.down()
    doubles = {name: len(one.received) - publisher.told.total() for name, one in (("gone", unlucky), ("other", other))}
    with capsys.disabled():
        sys.stdout.write(
            f"\n  gone for {SECONDS:.0f} s, {waiting} events waiting at its return, all there {seconds:.1f} s later;"
            f" {publisher.told.total()} events, {relays.killed} relays killed, sent twice: {doubles}\n"
        )
    for name, receiver in (("unlucky", unlucky), ("other", other)):
        assert receiver.by_subject() == publisher.expected
        assert all(map(is_signed, receiver.headers, receiver.bodies, [hooks[name].secret] * len(receiver.bodies)))
        check_doubles(receiver, relays.killed)


def check_doubles(receiver: Receiver, kills: int) -> None:
    """Only what a killed relay had under way or had not yet written down comes twice, and as the same event."""
    times = Counter(message["id"] for message in receiver.received)
    assert sum(count - 1 for count in times.values()) <= kills * 50
    assert [headers["x-retention-delivery"] for headers in receiver.headers] == [
        message["id"] for message in receiver.received
    ]
