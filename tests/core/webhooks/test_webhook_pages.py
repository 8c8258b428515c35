from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from retention.core import clock
from retention.core.audit.models import AuditEntry
from retention.core.webhooks.models import Webhook
from retention.core.webhooks.services.relay import deliver_due
from tests.core.webhooks.hooks import make_api_client, make_hook, states, tell
from tests.factories import NOW

LATER = NOW + timedelta(hours=73)


@pytest.fixture
def admin(client, ada):
    client.force_login(ada)
    with clock.freeze(LATER):
        yield client


@pytest.fixture
def parked(hook, receiver):
    """A webhook with two parked deliveries of one line and one of another."""
    receiver.answers = lambda message: 500
    tell("S1", 1, 2)
    tell("S2", 3)
    deliver_due(now=NOW)
    deliver_due(now=LATER)
    return hook.webhook


def test_the_list_shows_each_webhook_with_its_state_and_what_waits(admin, parked):
    make_hook(client=make_api_client(name="Old billing", revoked_at=NOW), url="https://old.example/hook?token=abc")
    make_hook(client=make_api_client(name="Paused one"), active=False)
    tell("S3", 4, now=LATER - timedelta(minutes=5))
    text = admin.get("/webhooks/").text
    for part in (
        parked.client.name,
        "HTTP 500",
        "Client revoked",
        "old.example",
        "Paused",
        "5 min 0 s",
        "order closed",
    ):
        assert part in text
    assert "token=abc" not in text


def test_no_webhook_yet_says_who_makes_them(admin):
    assert "webhooks:write" in admin.get("/webhooks/").text


def test_the_list_asks_as_often_for_thirty_as_for_three(admin):
    admin.get("/webhooks/")  # the first page of a session notes when it was used
    asked = []
    for count in (3, 27):
        for _ in range(count):
            make_hook()
        with CaptureQueriesContext(connection) as queries:
            assert admin.get("/webhooks/").status_code == 200
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_the_page_lists_deliveries_by_state(admin, parked):
    tell("S9", 5, now=LATER)
    answer = admin.get(f"/webhooks/{parked.pk}/")
    assert [tab["count"] for tab in answer.context["tabs"]] == [4, 1, 0, 3, 0]
    shown = admin.get(f"/webhooks/{parked.pk}/?state=parked").context["table"].paginated_rows
    assert [row.record.subject for row in shown] == ["S2", "S1", "S1"]
    assert len(admin.get(f"/webhooks/{parked.pk}/?state=nope").context["table"].paginated_rows) == 4


def test_ticked_deliveries_are_discarded_and_all_are_sent_again(admin, parked, receiver):
    receiver.answers = lambda message: 200
    first = parked.deliveries.first()
    admin.post(f"/webhooks/{parked.pk}/settle/", {"action": "discard", "row": [first.pk, "x"]})
    assert states(parked) == ["discarded", "parked", "parked"]
    answer = admin.post(f"/webhooks/{parked.pk}/settle/", {"action": "resend", "all": "1"}, follow=True)
    assert "2 are sent again." in answer.text
    deliver_due(now=LATER)
    assert receiver.by_subject() == {"S1": [2], "S2": [3]}
    did = AuditEntry.objects.filter(action="webhook.resend").order_by("pk").values_list("actor_name", "detail__did")
    assert list(did) == [("ada", "discard"), ("ada", "resend")]


def test_all_that_match_a_filter_are_sent_again_and_no_others(admin, parked, receiver):
    receiver.answers = lambda message: 200
    path = f"/webhooks/{parked.pk}/"
    found = admin.get(f"{path}?state=parked&subject=S1&sort=subject")
    assert [row.record.subject for row in found.context["table"].paginated_rows] == ["S1", "S1"]
    assert '<input type="hidden" name="state" value="parked"' in found.text
    sent = {"action": "resend", "all": "1", "query": "state=parked&subject=S1"}
    assert "2 are sent again." in admin.post(f"{path}settle/", sent, follow=True).text
    assert states(parked) == ["pending", "pending", "parked"]


def test_deliveries_are_exported_as_they_are_filtered(admin, parked):
    answer = admin.get(f"/webhooks/{parked.pk}/?state=parked&subject=S2&export=csv")
    head, row = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert head.startswith("Event,Subscriber,Happened,State")
    assert row.split(",")[1] == "S2"
    entry = AuditEntry.objects.get(action="export")
    assert (entry.target, entry.detail["rows"]) == ("webhook-deliveries", 1)
    assert entry.detail["filters"]["pk"] == str(parked.pk)


@pytest.mark.parametrize("sent", [{}, {"action": "burn", "all": "1"}, {"action": "resend"}])
def test_nothing_happens_without_a_known_action_and_rows(admin, parked, sent):
    assert admin.post(f"/webhooks/{parked.pk}/settle/", sent).status_code == 302
    assert states(parked) == ["parked"] * 3


def test_parked_deliveries_of_another_webhook_are_out_of_reach(admin, parked):
    other = make_hook()
    row = parked.deliveries.first().pk
    admin.post(f"/webhooks/{other.webhook.pk}/settle/", {"action": "discard", "row": [row]})
    assert states(parked) == ["parked"] * 3


def test_sending_is_paused_and_goes_on_at_once(admin, hook, receiver):
    tell("S1", 1, now=LATER)
    pk = hook.webhook.pk
    Webhook.objects.filter(pk=pk).update(retry_at=LATER + timedelta(hours=1), failing_since=NOW, failures=9)
    assert "Does not answer" in admin.get(f"/webhooks/{pk}/").text
    assert "Sending is paused" in admin.post(f"/webhooks/{pk}/switch/", {"active": "off"}, follow=True).text
    deliver_due(now=LATER)
    assert receiver.bodies == []
    assert "Sending is resumed." in admin.post(f"/webhooks/{pk}/switch/", {"active": "on"}, follow=True).text
    deliver_due(now=LATER)
    assert len(receiver.received) == 1
