import json
from datetime import datetime, timedelta

from docs.examples.billing_client import is_ours
from retention.core.webhooks.services.relay import deliver_due
from retention.core.webhooks.services.webhooks import rotate_secret, send_test
from tests.core.webhooks.hooks import make_hook, tell
from tests.factories import NOW
from tests.receiver import is_signed


def test_the_receiver_gets_the_event_signed_and_named(receiver, hook):
    tell("S1", 7)
    assert deliver_due(now=NOW)["delivered"] == 1
    body, headers = receiver.bodies[0], receiver.headers[0]
    event = hook.webhook.deliveries.get().event
    said = json.loads(body)
    assert datetime.fromisoformat(said.pop("at")) == NOW
    assert said == {"id": str(event.pk), "event": "order.closed", "subject": "S1", "data": {"n": 7}}
    assert headers["x-retention-delivery"] == str(event.pk)
    assert headers["x-retention-signature"].startswith(f"t={int(NOW.timestamp())},v1=")
    assert is_signed(headers, body, hook.secret)
    assert not is_signed(headers, body, "another secret")
    assert not is_signed(headers, body + b" ", hook.secret)
    assert not is_signed(headers, body, hook.secret, target="/hook?other")


def test_path_and_query_of_the_receiver_are_signed(receiver, db):
    hook = make_hook(url=f"{receiver.url}?tenant=a.b")
    send_test(webhook=hook.webhook, now=NOW)
    header, body = receiver.headers[0], receiver.bodies[0]
    assert is_signed(header, body, hook.secret, target="/hook?tenant=a.b")
    now = NOW.timestamp()
    assert is_ours(header["x-retention-signature"], "/hook?tenant=a.b", body, hook.secret, now=now)
    assert not is_ours(header["x-retention-signature"], "/hook?tenant=a.c", body, hook.secret, now=now)


def test_both_secrets_sign_for_a_day_after_a_change(receiver, hook):
    new = rotate_secret(webhook=hook.webhook, now=NOW).secret
    tell("S1", 1, 2)
    deliver_due(now=NOW + timedelta(hours=23, minutes=59))
    assert receiver.headers[0]["x-retention-signature"].count("v1=") == 2
    assert [is_signed(receiver.headers[0], receiver.bodies[0], one) for one in (hook.secret, new)] == [True, True]
    tell("S1", 3, now=NOW + timedelta(hours=24))
    deliver_due(now=NOW + timedelta(hours=24))
    assert [is_signed(receiver.headers[-1], receiver.bodies[-1], one) for one in (hook.secret, new)] == [False, True]


def test_a_second_change_drops_the_oldest_secret(receiver, hook):
    second = rotate_secret(webhook=hook.webhook, now=NOW).secret
    third = rotate_secret(webhook=hook.webhook, now=NOW).secret
    tell("S1", 1)
    deliver_due(now=NOW)
    signed = [is_signed(receiver.headers[0], receiver.bodies[0], one) for one in (hook.secret, second, third)]
    assert signed == [False, True, True]


def test_secrets_are_not_kept_in_the_open(hook):
    assert hook.secret not in str(vars(hook.webhook))


def test_a_test_message_is_sent_at_once_and_leaves_nothing(receiver, hook):
    answer = send_test(webhook=hook.webhook, now=NOW)
    assert (answer.ok, answer.status, answer.error) == (True, 200, "")
    assert receiver.received[0]["event"] == "test"
    assert is_signed(receiver.headers[0], receiver.bodies[0], hook.secret)
    assert hook.webhook.deliveries.count() == 0


def test_a_test_message_says_what_went_wrong(receiver, hook):
    receiver.answers = lambda message: 500
    answer = send_test(webhook=hook.webhook, now=NOW)
    assert (answer.ok, answer.status, answer.error) == (False, 500, "HTTP 500")
    silent = send_test(webhook=make_hook(url="http://127.0.0.1:1/").webhook, now=NOW)
    assert (silent.ok, silent.status) == (False, None)
    assert "refused" in silent.error


def test_a_redirect_is_a_failure_and_not_followed(receiver, hook):
    receiver.answers = lambda message: 302
    answer = send_test(webhook=hook.webhook, now=NOW)
    assert (answer.ok, answer.status) == (False, 302)
    assert len(receiver.bodies) == 1
