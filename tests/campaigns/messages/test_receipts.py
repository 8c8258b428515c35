"""Receipts come late, twice, never, or say that it failed after all; replies opt out at once."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from campaigns.messages.gateways.base import Outcome, ReceiptRow, ReplyRow
from campaigns.messages.models import Message, Reply
from campaigns.messages.services.doubts import settle_doubts
from campaigns.messages.services.receipts import record_receipts
from campaigns.messages.services.replies import record_replies
from campaigns.messages.services.sending import send_batch
from campaigns.messages.states import State
from customers.contacts.models import ContactRecord
from customers.lists.models import ListEntry
from tests.campaigns.messages.rows import later, make_reader, make_template, queue, queued
from tests.factories import NOW, TODAY

pytestmark = pytest.mark.django_db


def sent(provider):
    message = queued()
    send_batch(channel="sms", now=NOW)
    message.refresh_from_db()
    return message


def receive(message, *states, by_theirs=False):
    rows = [
        ReceiptRow(State(state), provider_ref=message.provider_ref)
        if by_theirs
        else ReceiptRow(State(state), reference=message.reference, detail="err:1")
        for state in states
    ]
    results = [str(one) for one in record_receipts(rows=rows, now=later(minutes=1))]
    message.refresh_from_db()
    return results


def reply(message, text, number="r1", sender=""):
    row = ReplyRow(number, "sms", sender or message.to, text, NOW)
    return record_replies(rows=[row], now=later(minutes=1))


@pytest.mark.parametrize("by_theirs", [True, False])
def test_a_receipt_twice_changes_nothing(provider, by_theirs):
    message = sent(provider)
    assert receive(message, "delivered", by_theirs=by_theirs) == ["applied"]
    assert receive(message, "delivered", "failed", by_theirs=by_theirs) == ["unchanged", "unchanged"]
    assert (message.state, message.settled_at) == (State.DELIVERED, later(minutes=1))


def test_a_failure_after_acceptance_counts_as_a_failed_contact(provider):
    message = sent(provider)
    assert receive(message, "sent", "failed") == ["unchanged", "applied"]
    assert (message.state, message.detail) == (State.FAILED, "err:1")
    record = ContactRecord.objects.get(order_no=message.reference)
    assert (record.state, record.outcome, record.at) == ("used", "failed", NOW)


def test_a_receipt_settles_a_doubt_and_stops_a_second_try(provider):
    message = queued()
    provider.answers = {message.reference: Outcome.DOUBTFUL}
    send_batch(channel="sms", now=NOW)
    settle_doubts(now=later(seconds=20))  # the provider says it has never seen it, which is wrong
    message.refresh_from_db()
    assert message.state == State.QUEUED
    assert receive(message, "delivered") == ["applied"]
    assert send_batch(channel="sms", now=later(minutes=2)).claimed == 0
    assert ContactRecord.objects.get(order_no=message.reference).state == "used"


def test_receipts_of_one_call_follow_each_other(provider):
    message = sent(provider)
    assert receive(message, "delivered", "failed") == ["applied", "unchanged"]


def test_an_unknown_number_is_told_as_such(provider):
    rows = [ReceiptRow(State.DELIVERED, reference="M1"), ReceiptRow(State.DELIVERED, provider_ref="P1")]
    assert [str(one) for one in record_receipts(rows=rows, now=NOW)] == ["unknown_reference"] * 2


def test_a_number_of_the_provider_that_two_messages_share_names_neither(provider):
    messages = [sent(provider), sent(provider)]
    Message.objects.update(provider_ref="SAME")
    for message in messages:
        message.refresh_from_db()
        assert receive(message, "delivered", by_theirs=True) == ["unknown_reference"]


def test_a_receipt_for_what_was_never_sent_changes_nothing(provider):
    message = queued(make_reader(phone_number=""))
    assert message.state == State.REFUSED
    assert receive(message, "delivered") == ["unchanged"]


def test_an_opt_out_is_listed_and_cancels_what_waits(provider):
    message, other = sent(provider), queued()
    (waiting,) = queue(message.subscriber, key="X2:a", template=make_template(purpose="service"))
    assert waiting.state == "queued"
    assert reply(message, "ｔｄ。", sender=f"+86 {message.to}") == [True]
    entry = ListEntry.objects.get()
    assert (entry.customer, entry.kind, entry.channel, entry.source, entry.starts_on, entry.ends_on) == (
        message.customer, "do_not_disturb", "sms", "customer", TODAY, None,
    )  # fmt: skip
    cancelled = Message.objects.get(reference=waiting.reference)
    assert (cancelled.state, cancelled.reason) == (State.CANCELLED, "opted_out")
    assert ContactRecord.objects.get(order_no=waiting.reference).state == "released"
    other.refresh_from_db()
    assert other.state == State.QUEUED
    message.customer.profiles.get(do_not_disturb=True)
    assert queue(message.subscriber, key="X3:a")[0].reason == "do_not_disturb"


def test_who_has_the_number_is_meant_whoever_was_written_to(provider):
    message = sent(provider)
    twin = make_reader(phone_number=message.to)
    reply(message, "退订")
    assert set(ListEntry.objects.values_list("customer", flat=True)) == {
        message.customer_id, twin.account.customer_id,
    }  # fmt: skip


def test_the_same_reply_twice_is_one(provider):
    message = sent(provider)
    assert reply(message, "T") == [True]
    assert reply(message, "T") == [False]
    assert (Reply.objects.count(), ListEntry.objects.count()) == (1, 1)


def test_any_other_reply_is_only_kept(provider):
    message = sent(provider)
    assert reply(message, "谢谢") == [True]
    kept = Reply.objects.get()
    assert (kept.opted_out, kept.sender, kept.text) == (False, message.to, "谢谢")
    assert not ListEntry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_opt_out_waits_for_the_call_in_flight_and_nothing_follows(provider):
    """The order in time: a call is under way, the customer opts out, the answer comes; afterwards nothing is sent."""
    message = queued()
    (later_one,) = queue(make_reader(phone_number=message.to), key="Y:a", template=make_template(purpose="service"))
    marks = []

    def slow(batch):
        time.sleep(0.6)
        marks.append("called")

    provider.before = slow

    def opt_out():
        try:
            reply(message, "TD")
            marks.append("opted out")
        finally:
            connection.close()

    def send():
        try:
            send_batch(channel="sms", now=NOW)
        finally:
            connection.close()

    Message.objects.filter(reference=later_one.reference).update(due_at=NOW + timedelta(hours=1))
    with ThreadPoolExecutor(2) as pool:
        sending = pool.submit(send)
        time.sleep(0.2)
        opting = pool.submit(opt_out)
        sending.result()
        opting.result()
    assert marks == ["called", "opted out"]
    provider.before = lambda batch: None
    send_batch(channel="sms", now=later(hours=2))
    assert provider.taken == [message.reference]
