import random
import threading
import time
from datetime import timedelta

import pytest
from django.db import connection, connections

from retention.core.webhooks.models import Delivery
from retention.core.webhooks.services.relay import WEBHOOK_LOCK, deliver_due
from retention.core.webhooks.services.webhooks import discard, resend
from tests.core.webhooks.hooks import make_hook, relay_until, states, tell
from tests.factories import NOW


def test_a_subject_stays_in_order_while_a_third_of_the_sendings_fail(receiver, hook):
    draw = random.Random(3)
    receiver.answers = lambda message: draw.choice([200, 200, 500])
    for n in range(12):
        for subject in "ABCDE":
            tell(subject, n)
    at = NOW
    while hook.webhook.deliveries.open().exists() and at < NOW + timedelta(hours=24):
        deliver_due(now=at)
        at += timedelta(minutes=1)
    assert receiver.by_subject() == {subject: list(range(12)) for subject in "ABCDE"}
    assert len(receiver.received) == 60
    assert receiver.overlaps == 0


def test_an_event_that_is_refused_holds_up_its_own_subject_only(receiver, hook):
    receiver.answers = lambda message: 422 if message["data"]["n"] == 2 else 200
    tell("A", 1, 2, 3)
    tell("B", 1, 4, 5)
    deliver_due(now=NOW)
    assert receiver.by_subject() == {"A": [1], "B": [1, 4, 5]}
    waiting = hook.webhook.deliveries.get(event__payload__n=2)
    assert (waiting.attempts, waiting.last_status, waiting.last_error) == (1, 422, "HTTP 422")
    assert timedelta(seconds=4) < waiting.next_attempt_at - NOW < timedelta(seconds=6)
    hook.webhook.refresh_from_db()
    assert hook.webhook.retry_at is None


def test_a_refused_event_is_tried_again_ever_more_slowly(receiver, hook):
    receiver.answers = lambda message: 500
    tell("A", 1)
    pauses, at = [], NOW
    for _attempt in range(7):
        deliver_due(now=at)
        delivery = hook.webhook.deliveries.get()
        pauses.append((delivery.next_attempt_at - at).total_seconds())
        assert len(receiver.bodies) == delivery.attempts
        deliver_due(now=at + timedelta(seconds=pauses[-1] - 0.5))
        assert len(receiver.bodies) == delivery.attempts
        at = delivery.next_attempt_at
    for pause, most in zip(pauses, [5, 30, 120, 600, 3600, 3600, 3600], strict=True):
        assert 0.85 * most < pause < 1.01 * most + 0.5


def test_a_dead_receiver_is_asked_with_one_event_at_a_time(receiver, hook):
    receiver.answers = lambda message: 503
    for n in range(100):
        tell(f"S{n}", n)
    deliver_due(now=NOW)
    first = len(receiver.bodies)
    assert first <= 8
    relay_until(NOW + timedelta(seconds=1), seconds=119)
    assert 6 <= len(receiver.bodies) - first <= 12
    receiver.answers = lambda message: 200
    relay_until(NOW + timedelta(seconds=121), seconds=16)
    assert sorted(receiver.by_subject().values()) == [[n] for n in range(100)]


def test_a_receiver_that_is_back_gets_what_failed_when_it_fell(receiver, hook):
    """The events that failed first had pauses of their own; these end when the receiver answers again."""
    tell("A", *range(5))
    tell("B", *range(5))
    receiver.down()
    relay_until(NOW, seconds=560, step=5)
    receiver.up()
    relay_until(NOW + timedelta(seconds=561), seconds=35, step=5)
    assert receiver.by_subject() == {"A": list(range(5)), "B": list(range(5))}


def test_an_event_is_parked_after_72_hours_and_then_waits_for_a_person(receiver, hook, ada):
    receiver.answers = lambda message: 500 if message["subject"] == "A" else 200
    tell("A", 1, 2)
    relay_until(NOW, seconds=72 * 3600 - 60, step=1800)
    assert states(hook.webhook) == ["pending", "pending"]
    assert 70 < len(receiver.bodies) < 150
    tell("A", 3, now=NOW + timedelta(hours=71))
    at = NOW + timedelta(hours=72)
    assert deliver_due(now=at)["parked"] == 2
    assert states(hook.webhook) == ["parked", "parked", "pending"]

    receiver.answers = lambda message: 200
    tell("B", 1, now=at)
    relay_until(at, seconds=7200, step=600)
    assert receiver.by_subject() == {"B": [1]}

    first = hook.webhook.deliveries.first()
    assert discard(webhook=hook.webhook, actor=ada, ids=[first.pk]) == 1
    assert resend(webhook=hook.webhook, actor=ada, now=at) == 1
    deliver_due(now=at + timedelta(seconds=1))
    assert states(hook.webhook) == ["discarded", "delivered", "delivered", "delivered"]
    assert receiver.by_subject() == {"B": [1], "A": [2, 3]}


def test_what_was_sent_again_gets_another_72_hours(receiver, hook, ada):
    tell("A", 1)
    deliver_due(now=NOW + timedelta(hours=72))
    resend(webhook=hook.webhook, actor=ada, now=NOW + timedelta(hours=80))
    deliver_due(now=NOW + timedelta(hours=81))
    assert states(hook.webhook) == ["delivered"]


def test_a_paused_webhook_is_sent_nothing(receiver, hook):
    hook.webhook.active = False
    hook.webhook.save()
    tell("A", 1)
    deliver_due(now=NOW)
    assert (receiver.bodies, states(hook.webhook)) == ([], ["pending"])


def test_the_webhooks_of_a_revoked_client_are_sent_nothing(receiver, hook):
    tell("A", 1)
    client = hook.webhook.client
    client.revoked_at = NOW
    client.save()
    deliver_due(now=NOW)
    assert receiver.bodies == []


def test_a_secret_that_cannot_be_read_stops_its_webhook_only(receiver, hook):
    other = make_hook(url=receiver.url)
    type(other.webhook).objects.filter(pk=other.webhook.pk).update(sealed_secret="broken")
    tell("A", 1)
    deliver_due(now=NOW)
    assert (states(hook.webhook), states(other.webhook)) == (["delivered"], ["pending"])
    other.webhook.refresh_from_db()
    assert "cannot be read" in other.webhook.last_error


def test_a_slow_receiver_holds_up_no_other(receiver, hook):
    slow_one = type(receiver)(delay=1.0)
    make_hook(url=slow_one.url)
    for n in range(30):
        tell(f"S{n}", n)
    started = time.monotonic()
    done = threading.Event()
    receiver.answers = lambda message: done.set() or 200 if len(receiver.received) == 29 else 200
    arrived = []
    watcher = threading.Thread(target=lambda: arrived.append(done.wait(5) and time.monotonic() - started))
    watcher.start()
    deliver_due(now=NOW)
    watcher.join()
    slow_one.down()
    assert arrived[0] < 1.0
    assert len(slow_one.received) == 30


def test_a_run_ends_when_its_time_is_over_and_the_next_goes_on(receiver, hook):
    receiver.delay = 0.05
    for n in range(80):
        tell(f"S{n}", n)
    deliver_due(now=NOW, seconds=0.1)
    assert 0 < len(receiver.received) < 80
    deliver_due(now=NOW + timedelta(seconds=1))
    assert len(receiver.received) == 80


@pytest.mark.django_db(transaction=True)
def test_two_relays_at_once_send_everything_once(receiver):
    hook = make_hook(url=receiver.url)
    receiver.delay = 0.005
    for n in range(40):
        for subject in "ABCDEF":
            tell(subject, n)
    stop = time.monotonic() + 20

    def work() -> None:
        try:
            while Delivery.objects.open().exists() and time.monotonic() < stop:
                deliver_due(now=NOW, seconds=0.3)
        finally:
            connections.close_all()

    relays = [threading.Thread(target=work) for _ in range(3)]
    for one in relays:
        one.start()
    for one in relays:
        one.join()
    assert len(receiver.received) == 240
    assert receiver.overlaps == 0
    assert receiver.busiest > 1
    assert receiver.by_subject() == {subject: list(range(40)) for subject in "ABCDEF"}
    assert set(states(hook.webhook)) == {"delivered"}


@pytest.mark.django_db(transaction=True)
def test_what_another_relay_holds_is_left_alone_until_it_dies(receiver):
    hook = make_hook(url=receiver.url)
    tell("A", 1)
    other = connections.create_connection("default")
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [WEBHOOK_LOCK, hook.webhook.pk])
    deliver_due(now=NOW)
    assert receiver.bodies == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [other.connection.info.backend_pid])
    other.close()
    deliver_due(now=NOW + timedelta(seconds=1))
    assert receiver.by_subject() == {"A": [1]}
