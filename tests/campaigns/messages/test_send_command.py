"""The worker's task and the command: everything that is due, in one go."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

from campaigns.management.commands import send_messages
from campaigns.messages import tasks
from campaigns.messages.gateways.base import Incoming, Outcome, ReceiptRow, ReplyRow
from campaigns.messages.models import Message
from campaigns.messages.services.sending import send_batch
from campaigns.messages.states import State
from customers.lists.models import ListEntry
from retention.celery import app
from tests.campaigns.messages.rows import make_reader, make_template, queue, queued
from tests.factories import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock", "short_turns")]


@pytest.fixture
def short_turns(monkeypatch):
    """The pace of a channel is kept by a clock that stands: a turn would wait for it to its end."""
    for module in (tasks, send_messages):
        monkeypatch.setattr(module, "TURN_SECONDS", 0.2)
    monkeypatch.setattr(send_messages, "PAUSE_SECONDS", 0.1)


def test_the_command_sends_what_is_due_and_says_so(provider):
    sent, busy = queued(), queued()
    provider.answers = {busy.reference: Outcome.BUSY}
    out = StringIO()
    call_command("send_messages", json=True, stdout=out)
    assert json.loads(out.getvalue()) == {
        "claimed": 2, "sent": 1, "failed": 0, "unknown": 0, "cancelled": 0, "again": 1,
    }  # fmt: skip
    assert provider.taken == [sent.reference]


def test_the_task_takes_receipts_and_replies_expires_and_sends(provider, monkeypatch):
    monkeypatch.setattr(tasks.send_messages, "apply_async", lambda **options: turns.append(options))
    turns: list[dict] = []
    first, late = queued(), queued(template=make_template(valid_hours=1), now=NOW.replace(hour=8))
    send_batch(channel="email", now=NOW)
    provider.poll = lambda take: take(
        Incoming(
            receipts=[ReceiptRow(State.DELIVERED, reference="M-NONE")],
            replies=[ReplyRow("r1", "sms", make_reader().phone_number, "TD", NOW)],
        )
    )
    tasks.send_messages()
    assert set(Message.objects.values_list("reference", "state")) == {
        (first.reference, "sent"), (late.reference, "expired"),
    }  # fmt: skip
    assert ListEntry.objects.count() == 1
    assert turns == [{"expires": 30}]  # a turn for what may be left
    tasks.send_messages()
    assert len(turns) == 1


def test_a_gateway_that_cannot_be_polled_keeps_nobody_waiting(provider):
    message = queued()

    def broken(take):
        raise OSError("no line")

    provider.poll = broken
    call_command("send_messages", stdout=StringIO())
    message.refresh_from_db()
    assert message.state == State.SENT


def test_beat_sends_every_ten_seconds():
    entry = app.conf.beat_schedule["send-messages"]
    assert (entry["task"], entry["schedule"]) == (tasks.send_messages.name, 10.0)


def test_the_ledger_names_the_message_on_the_page_of_contacts(client, mia, branches):
    line = make_reader()
    type(line).objects.filter(pk=line.pk).update(branch=branches.city)
    (one,) = queue(line, key="C3:1")
    client.force_login(mia)
    text = client.get(f"/contacts/{line.subscriber_no}/").content.decode()
    assert f"message {one.reference}" in text
