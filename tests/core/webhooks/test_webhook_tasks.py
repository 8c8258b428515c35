from datetime import timedelta

import pytest

from retention.core import clock
from retention.core.webhooks import tasks
from retention.core.webhooks.services import relay
from retention.core.webhooks.services.relay import deliver_due
from tests.core.webhooks.hooks import make_hook, tell
from tests.factories import NOW


@pytest.fixture
def hints(monkeypatch):
    found = []
    monkeypatch.setattr(tasks.deliver_webhooks, "apply_async", lambda **options: found.append(options))
    return found


def test_what_there_was_no_time_for_is_left_to_another_run(receiver, hook, hints, monkeypatch):
    monkeypatch.setattr(relay, "MESSAGES_PER_BATCH", 2)
    tell("A", 1, 2, 3)
    run = relay.deliver_due
    monkeypatch.setattr(tasks, "deliver_due", lambda now: run(now=now, limit=2))
    with clock.freeze(NOW):
        tasks.deliver_webhooks()
        assert (len(receiver.received), len(hints)) == (2, 1)
        tasks.deliver_webhooks()
    assert (len(receiver.received), len(hints)) == (3, 1)


def test_what_waits_behind_a_refused_event_does_not_keep_workers_busy(receiver, hook, hints):
    receiver.answers = lambda message: 500
    tell("A", 1, 2)
    with clock.freeze(NOW):
        tasks.deliver_webhooks()
    with clock.freeze(NOW + timedelta(seconds=1)):
        tasks.deliver_webhooks()
    assert (len(receiver.bodies), hints) == (1, [])


def test_a_run_kept_by_a_slow_receiver_still_serves_the_others(receiver, hook):
    slow = type(receiver)(delay=2.5)
    make_hook(url=slow.url, events=["consent.changed"])
    tell("A", 1, event="consent.changed")
    # Due one second into the run: the webhook has been found empty by then.
    hook.webhook.deliveries.all().delete()
    tell("B", 1)
    hook.webhook.deliveries.update(next_attempt_at=NOW + timedelta(seconds=1))
    deliver_due(now=NOW)
    slow.down()
    assert len(slow.received) == len(receiver.received) == 1
