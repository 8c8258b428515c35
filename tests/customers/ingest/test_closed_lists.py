"""Words that the contact gate or a label reads are checked, and so are statuses with their dates."""

from datetime import date

import pytest

from campaigns.outreach.models import ContactPurpose
from customers.facts.models import Consent, Subscriber
from customers.ingest.chunks import chunk_of
from customers.ingest.resources import RESOURCES
from customers.ingest.services.loading import load
from customers.lists.models import ListEntry
from tests.customers.ingest.rows import NOW, send, subscriber

pytestmark = pytest.mark.django_db
CONSENT = {
    "subscriber_no": "S1", "purpose": "marketing", "channel": "call", "granted": "false",
    "at": "2026-10-01T10:00:00+08:00", "source": "app",
}  # fmt: skip
LEFT = {"status": "terminated", "terminated_on": "2026-10-31", "termination_reason": "voluntary"}


@pytest.mark.parametrize("word", ["phone", "SMS", "电话", "Call", "ｃａｌｌ", "calls", "*"])
def test_a_channel_that_the_gate_does_not_know_is_refused_by_name(operator: None, word: str) -> None:
    result = send("consents", [CONSENT | {"channel": word}])
    assert [(error["field"], error["code"]) for error in result.errors] == [("channel", "not_a_choice")]
    assert result.errors[0]["message"].endswith("which is none of call, sms, email, app, any.")
    assert not Consent.objects.exists()


@pytest.mark.parametrize("word", ["Marketing", "营销", "promotion", "all"])
def test_a_purpose_that_the_gate_does_not_know_is_refused_by_name(operator: None, word: str) -> None:
    result = send("consents", [CONSENT | {"purpose": word}])
    assert result.errors[0]["message"].endswith("none of retention, renewal, care, service, marketing, any.")


def test_every_word_of_the_contract_is_taken(operator: None) -> None:
    purposes = ["retention", "renewal", "care", "service", "marketing", "any"]
    rows = [CONSENT | {"purpose": p, "channel": c} for p in purposes for c in ("call", "sms", "email", "app", "any")]
    assert send("consents", rows).applied == 30


def test_the_gate_asks_in_words_that_a_consent_may_have() -> None:
    assert set(ContactPurpose.values) == set(Consent.Purpose.values) - {"any"}
    assert set(ListEntry.Channel.values) <= set(Consent.Channel.values)


@pytest.mark.parametrize(
    ("given", "field", "code"),
    [
        ({"status": "terminated"}, "terminated_on", "missing_for"),
        ({"status": "terminated", "terminated_on": " "}, "terminated_on", "missing_for"),
        ({"status": "active", "terminated_on": "2026-10-31"}, "terminated_on", "not_allowed_for"),
        ({"status": "stopped", "terminated_on": "2026-10-31"}, "terminated_on", "not_allowed_for"),
        ({"status": "active", "termination_reason": "voluntary"}, "termination_reason", "not_allowed_for"),
    ],
)
@pytest.mark.parametrize("number", [1, 9])
def test_a_status_and_its_date_go_together(operator: None, given: dict, field: str, code: str, number: int) -> None:
    """Of a stored line and of a new one."""
    result = load(
        RESOURCES["subscribers"], [chunk_of([subscriber(number, account_no="A1") | given])], source="t", now=NOW
    )
    assert [(error["field"], error["code"]) for error in result.errors] == [(field, code)]
    assert not Subscriber.objects.exclude(status="active").exists()
    assert Subscriber.objects.count() == 3


def test_the_sentence_names_the_status(operator: None) -> None:
    first, second = send(
        "subscribers", [subscriber(1, status="terminated"), subscriber(2, terminated_on="2026-10-31")]
    ).errors
    assert first["message"] == "Row 1: terminated_on is missing, which status 'terminated' needs."
    assert second["message"] == "Row 2: terminated_on is '2026-10-31', which status 'active' does not allow."


def test_a_line_that_left_keeps_its_date_and_one_that_comes_back_loses_it(operator: None) -> None:
    def send_json(**given: str) -> Subscriber:
        result = load(RESOURCES["subscribers"], [chunk_of([subscriber() | given])], source="t", now=NOW)
        assert (result.applied, result.rejected) == (1, 0), result.errors
        return Subscriber.objects.get(subscriber_no="S1")

    send_json(**LEFT)
    moved = send_json(status="terminated", channel="app")
    assert (moved.terminated_on, moved.termination_reason) == (date(2026, 10, 31), "voluntary")
    back = send_json()
    assert (back.status, back.terminated_on, back.termination_reason) == ("active", None, "")


@pytest.mark.parametrize("kind", ["Port_Out_Inquiry", "PORT-OUT-INQUIRY", "port out inquiry", "ｓｔｏｐ"])
def test_another_spelling_of_an_event_that_scenarios_listen_to_is_refused(operator: None, kind: str) -> None:
    event = {"event_no": "E1", "subscriber_no": "S1", "at": "2026-10-01T10:00:00+08:00", "kind": kind}
    result = send("status-events", [event, event | {"event_no": "E2", "kind": "sim_swap"}])
    assert [(error["row"], error["code"]) for error in result.errors] == [(1, "other_spelling")]
    assert result.applied == 1
