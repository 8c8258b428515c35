"""The provider reports over the API: good rows land, the others are named, and saying it again changes nothing."""

import pytest

from campaigns.messages.models import Message, Reply
from campaigns.messages.services.sending import send_batch
from customers.lists.models import ListEntry
from tests.api import make_client
from tests.campaigns.messages.rows import queued
from tests.factories import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]


@pytest.fixture
def caller():
    return make_client("messages:write")


@pytest.fixture
def message(provider):
    message = queued()
    send_batch(channel="sms", now=NOW)
    return message


def test_receipts_land_and_bad_rows_are_named(caller, message):
    rows = [
        {"reference": message.reference, "state": "delivered"},
        {"reference": message.reference, "state": "delivered"},
        {"provider_ref": "P-NONE", "state": "failed"},
        {"state": "failed"},
        {"reference": message.reference, "state": "lost"},
        {"reference": message.reference, "state": "failed", "when": "now"},
    ]
    answer = caller.post("messages/receipts", rows)
    assert answer.status_code == 200, answer.content
    told = answer.json()
    assert {name: told[name] for name in ("received", "applied", "unchanged", "rejected")} == {
        "received": 6, "applied": 1, "unchanged": 1, "rejected": 4,
    }  # fmt: skip
    assert [(one["row"], one["field"], one["code"]) for one in told["errors"]] == [
        (3, "provider_ref", "unknown_reference"), (4, "reference", "required"), (5, "state", "invalid_choice"),
        (6, "when", "unknown_field"),
    ]  # fmt: skip
    message.refresh_from_db()
    assert message.state == "delivered"


def test_one_receipt_alone(caller, message):
    answer = caller.post("messages/receipts", {"provider_ref": f"P{message.reference}", "state": "expired"})
    assert answer.json() == {"received": 1, "applied": 1, "unchanged": 0, "rejected": 0, "errors": []}
    message.refresh_from_db()
    assert message.state == "expired"


def test_a_reply_opts_out_within_the_call(caller, message):
    row = {"reply_no": "MO1", "sender": f"0086{message.to}", "text": "ｔ", "at": "2026-11-20T10:00:00+08:00"}
    assert caller.post("messages/replies", row).json()["applied"] == 1
    assert ListEntry.objects.get().channel == "sms"
    assert caller.post("messages/replies", [row]).json()["unchanged"] == 1
    assert Reply.objects.get().opted_out


def test_a_sender_that_is_no_number_is_refused(caller):
    answer = caller.post("messages/replies", {"reply_no": "MO1", "sender": "abc", "text": "T"})
    assert answer.status_code == 422
    assert answer.json()["error"]["details"][0] == {
        "row": 1, "field": "sender", "code": "invalid", "message": "This is no phone number.",
    }  # fmt: skip


@pytest.mark.parametrize(("body", "status"), [([], 400), ("x", 400), ([1], 400), ([{}] * 1001, 413), (b"{", 400)])
def test_what_is_no_list_of_rows(caller, body, status):
    assert caller.post("messages/receipts", body).status_code == status


def test_it_needs_its_scope_and_a_client_of_the_whole_base(message):
    assert make_client("decisions:write").post("messages/receipts", {}).status_code == 403
    assert Message.objects.get().state == "sent"


def test_the_schema_describes_it(caller):
    paths = caller.get("schema/?format=json").json()["paths"]
    assert {"/api/v1/messages/receipts", "/api/v1/messages/replies"} <= set(paths)
