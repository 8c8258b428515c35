from datetime import UTC, timedelta

import pytest

from analytics.declarations import RISK_READ
from retention.core import clock
from retention.core.audit.models import AuditEntry
from retention.core.declarations import WEBHOOKS_WRITE
from retention.core.webhooks.models import Webhook
from retention.core.webhooks.services import webhooks
from retention.core.webhooks.services.relay import deliver_due
from tests.api import make_client
from tests.core.webhooks.hooks import make_hook, tell
from tests.factories import NOW
from tests.receiver import is_signed

EVENTS = ["order.closed", "warning.raised"]


@pytest.fixture(autouse=True)
def now(db):
    with clock.freeze(NOW.astimezone(UTC)):
        yield


@pytest.fixture
def billing(db):
    return make_client(WEBHOOKS_WRITE)


@pytest.fixture
def made(billing, receiver):
    return billing.post("webhooks", {"url": receiver.url, "events": EVENTS}).json()


def test_a_webhook_is_made_and_its_secret_shown_once(billing, receiver):
    answer = billing.post("webhooks", {"url": receiver.url, "events": [*EVENTS, "order.closed"]})
    assert answer.status_code == 201
    made = answer.json()
    secret = made.pop("secret")
    assert len(secret) > 40
    assert set(made) == {"id", "url", "events", "active", "created_at"}
    assert (made["url"], made["events"], made["active"]) == (receiver.url, EVENTS, True)
    assert billing.get(f"webhooks/{made['id']}").json() == made
    assert billing.get("webhooks").json() == {"results": [made], "next": None}
    entry = AuditEntry.objects.get(action="webhook.change")
    assert secret not in str(entry.detail)
    assert entry.detail["client"] == billing.client.name


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"events": EVENTS}, "url"),
        ({"url": "ftp://x/", "events": EVENTS}, "url"),
        ({"url": ["https://x/"], "events": EVENTS}, "url"),
        ({"url": "https://hooks.example/\0", "events": EVENTS}, "url"),
        ({"url": "https://hooks.example/"}, "events"),
        ({"url": "https://hooks.example/", "events": []}, "events"),
        ({"url": "https://hooks.example/", "events": "order.closed"}, "events"),
        ({"url": "https://hooks.example/", "events": ["order.opened"]}, "events"),
        ({"url": "https://hooks.example/", "events": [{}, None]}, "events"),
    ],
)
def test_what_is_wrong_is_named(billing, body, field):
    answer = billing.post("webhooks", body)
    assert answer.status_code == 422
    assert [detail["field"] for detail in answer.json()["error"]["details"]] == [field]


def test_a_body_that_is_no_object_is_malformed(billing):
    assert billing.post("webhooks", b"[1").status_code == 400


def test_another_scope_opens_nothing(db):
    assert make_client(RISK_READ).get("webhooks").json()["error"]["code"] == "missing_scope"


def test_the_webhooks_of_others_do_not_exist(billing, made):
    stranger = make_client(WEBHOOKS_WRITE)
    tell("S1", 1)
    delivery = Webhook.objects.get().deliveries.get().pk
    one = f"webhooks/{made['id']}"
    calls = [
        stranger.get(one),
        stranger.delete(one),
        stranger.post(f"{one}/test"),
        stranger.post(f"{one}/rotate"),
        stranger.get(f"{one}/deliveries"),
        stranger.post(f"{one}/deliveries/{delivery}/resend"),
        billing.get("webhooks/99999999999999999999999"),
        billing.post(f"{one}/deliveries/0/resend"),
    ]
    assert [call.status_code for call in calls] == [404] * len(calls)
    assert {call.json()["error"]["code"] for call in calls} == {"not_found"}
    assert stranger.get("webhooks").json()["results"] == []


def test_a_delivery_of_another_webhook_does_not_exist(billing, made):
    other = make_hook()
    tell("S1", 1)
    foreign = other.webhook.deliveries.get().pk
    assert billing.post(f"webhooks/{made['id']}/deliveries/{foreign}/resend").status_code == 404


def test_a_deleted_webhook_is_gone_with_what_waited_for_it(billing, made, receiver):
    tell("S1", 1)
    assert billing.delete(f"webhooks/{made['id']}").status_code == 204
    assert billing.get(f"webhooks/{made['id']}").status_code == 404
    deliver_due(now=NOW)
    assert receiver.bodies == []


def test_a_test_is_delivered_at_once(billing, made, receiver):
    assert billing.post(f"webhooks/{made['id']}/test").json() == {"delivered": True, "status": 200, "error": ""}
    assert is_signed(receiver.headers[0], receiver.bodies[0], made["secret"])
    receiver.answers = lambda message: 500
    failed = billing.post(f"webhooks/{made['id']}/test").json()
    assert failed == {"delivered": False, "status": 500, "error": "HTTP 500"}


def test_a_new_secret_signs_beside_the_old_one(billing, made, receiver):
    new = billing.post(f"webhooks/{made['id']}/rotate").json()
    assert new["secret"] != made["secret"]
    tell("S1", 1)
    deliver_due(now=NOW)
    for secret in (new["secret"], made["secret"]):
        assert is_signed(receiver.headers[0], receiver.bodies[0], secret)


def test_parked_deliveries_are_listed_and_sent_again(billing, made, receiver):
    receiver.answers = lambda message: 500
    tell("S1", 1, 2)
    deliver_due(now=NOW)
    deliver_due(now=NOW + timedelta(hours=73))
    path = f"webhooks/{made['id']}/deliveries"
    page = billing.get(f"{path}?state=parked&limit=1").json()
    (second,) = page["results"]
    (first,) = billing.get(f"{path}?state=parked&cursor={page['next']}").json()["results"]
    assert (first["attempts"], first["last_status"], first["last_error"]) == (1, 500, "HTTP 500")
    assert (second["attempts"], second["subject"], second["event"]) == (0, "S1", "order.closed")
    assert billing.get(f"{path}?state=delivered").json()["results"] == []
    for unknown in ("lost", ""):
        assert billing.get(f"{path}?state={unknown}").status_code == 422

    again = billing.post(f"{path}/{first['id']}/resend")
    assert (again.status_code, again.json()["state"]) == (200, "pending")
    assert billing.post(f"{path}/{first['id']}/resend").json()["error"]["code"] == "not_parked"
    receiver.answers = lambda message: 200
    deliver_due(now=NOW)
    assert receiver.by_subject() == {"S1": [1]}


def test_a_client_may_not_have_any_number_of_them(billing, receiver, monkeypatch):
    monkeypatch.setattr(webhooks, "MAX_WEBHOOKS_PER_CLIENT", 2)
    body = {"url": receiver.url, "events": EVENTS}
    assert [billing.post("webhooks", body).status_code for _ in range(3)] == [201, 201, 409]
