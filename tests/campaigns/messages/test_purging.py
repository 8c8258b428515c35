"""Old messages lose their texts first, their rows later; what was counted stays, and so do opt-outs."""

from datetime import timedelta

import pytest
from django.urls import reverse

from campaigns.messages.gateways.base import ReplyRow
from campaigns.messages.models import Message, Reply
from campaigns.messages.services import purging
from campaigns.messages.services.purging import PurgeReport, purge_messages
from campaigns.messages.services.replies import record_replies
from campaigns.messages.services.sending import send_batch
from campaigns.messages.states import State
from customers.contacts.models import ContactRecord
from customers.lists.models import ListEntry
from retention.celery import app
from retention.core.accounts.roles import Role
from tests.campaigns.messages.rows import make_reader, queued
from tests.factories import NOW, make_user

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def retention(settings):
    settings.MESSAGE_TEXT_DAYS, settings.MESSAGE_DAYS = 180, 730


@pytest.fixture
def sent(provider):
    line = make_reader()
    message = queued(line, kind="scenario")
    send_batch(channel="sms", now=NOW)
    record_replies(rows=[ReplyRow("r1", "sms", message.to, "TD", NOW)], now=NOW)
    return Message.objects.get()


def test_texts_and_replies_go_first_and_the_opt_out_stays(sent):
    assert purge_messages(now=NOW + 180 * DAY) == PurgeReport()
    assert purge_messages(now=NOW + 181 * DAY) == PurgeReport(texts=1, replies=1)
    assert purge_messages(now=NOW + 181 * DAY) == PurgeReport()
    kept = Message.objects.get()
    assert (kept.to, kept.text, kept.provider_ref, kept.is_purged) == ("", "", "", True)
    assert (kept.state, kept.reference, kept.sent_at, kept.customer) == (
        State.SENT, sent.reference, NOW, sent.customer,
    )  # fmt: skip
    assert not Reply.objects.exists()
    assert ListEntry.objects.get().customer == sent.customer


def test_rows_go_later_and_the_ledger_keeps_the_contact(sent):
    assert purge_messages(now=NOW + 731 * DAY) == PurgeReport(texts=1, replies=1, messages=1)
    assert not Message.objects.exists()
    assert ContactRecord.objects.get().order_no == sent.reference


def test_no_text_goes_while_a_reply_may_still_opt_out(sent, settings):
    settings.MESSAGE_TEXT_DAYS = settings.MESSAGE_DAYS = 1
    assert purge_messages(now=NOW + 90 * DAY) == PurgeReport()
    assert purge_messages(now=NOW + 92 * DAY).texts == 1


def test_what_waits_or_is_being_sent_is_left_alone(provider):
    queued(make_reader())
    assert purge_messages(now=NOW + 5000 * DAY) == PurgeReport()


def test_a_killed_purge_goes_on_where_it_was(provider, monkeypatch):
    for _line in range(5):
        queued(make_reader(), kind="scenario")
    send_batch(channel="sms", now=NOW)
    monkeypatch.setattr(purging, "AT_ONCE", 2)
    chunks = []

    def killed(before):
        chunks.append(before)
        if len(chunks) > 2:
            raise KeyboardInterrupt
        return original(before)

    original = purging._empty_texts
    monkeypatch.setattr(purging, "_empty_texts", killed)
    with pytest.raises(KeyboardInterrupt):
        purge_messages(now=NOW + 200 * DAY)
    assert Message.objects.filter(text="").count() == 4
    monkeypatch.setattr(purging, "_empty_texts", original)
    assert purge_messages(now=NOW + 200 * DAY).texts == 1


def test_the_page_of_one_says_that_its_text_was_removed(sent, client):
    other = queued(make_reader())
    purge_messages(now=NOW + 200 * DAY)
    assert list(Reply.objects.after(Message.objects.get(pk=sent.pk))) == []
    client.force_login(make_user(role=Role.ADMINISTRATOR))
    words = "Text and address were removed"
    assert words in client.get(reverse("messages:message", args=[sent.reference])).content.decode()
    assert words not in client.get(reverse("messages:message", args=[other.reference])).content.decode()


def test_beat_purges_every_day():
    entry = app.conf.beat_schedule["purge-messages"]
    assert entry["task"] == "campaigns.messages.tasks.purge_messages"
    assert entry["task"] in app.tasks or app.loader.import_default_modules() is not None
