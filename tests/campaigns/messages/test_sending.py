"""From the queue to the provider: never twice, never against a wish, never out of hours."""

from datetime import timedelta

import pytest

from campaigns.messages.gateways.base import Known, Outcome
from campaigns.messages.models import Message, Pace
from campaigns.messages.services.doubts import expire_messages, settle_doubts
from campaigns.messages.services.sending import MAX_ATTEMPTS, send_batch, send_for
from campaigns.messages.states import State
from campaigns.outreach.models import ContactPolicy
from customers.contacts.models import ContactRecord
from tests.campaigns.messages.rows import later, make_reader, make_template, queue, queued
from tests.factories import NOW, make_list_entry

pytestmark = pytest.mark.django_db


def state_of(message):
    message.refresh_from_db()
    return message.state


def contact_of(message):
    record = ContactRecord.objects.get(order_no=message.reference)
    return record.state, record.outcome


def test_what_is_due_is_sent_and_its_contact_counts(provider):
    message = queued()
    report = send_batch(channel="sms", now=NOW)
    assert (report.claimed, report.sent) == (1, 1)
    assert provider.taken == [message.reference]
    assert state_of(message) == State.SENT
    assert (message.provider_ref, message.sent_at, message.parts, message.attempts) == (
        f"P{message.reference}", NOW, 1, 1,
    )  # fmt: skip
    assert contact_of(message) == ("used", "sent")
    assert send_batch(channel="sms", now=later(minutes=1)).claimed == 0
    assert send_batch(channel="email", now=later(minutes=1)).claimed == 0


def test_an_opt_out_after_queueing_stops_it(provider):
    message = queued()
    make_list_entry(customer=message.customer, kind="do_not_disturb", channel="sms")
    report = send_batch(channel="sms", now=NOW)
    assert (report.cancelled, provider.taken) == (1, [])
    assert state_of(message) == State.CANCELLED
    assert message.reason == "do_not_disturb"
    assert contact_of(message) == ("released", "")


def test_a_message_that_slips_into_quiet_hours_waits_for_the_morning(provider):
    message = queued()
    ContactPolicy.objects.create(sms_until=(NOW + timedelta(seconds=30)).time())
    assert send_batch(channel="sms", now=later(seconds=25)).claimed == 0  # a call might end too late
    assert send_batch(channel="sms", now=later(seconds=31)).claimed == 0
    assert send_batch(channel="sms", now=later(hours=13)).claimed == 0
    assert state_of(message) == State.QUEUED
    assert send_batch(channel="sms", now=later(hours=22)).sent == 1  # at eight


def test_the_pace_is_kept_over_all_senders(provider, settings):
    settings.MESSAGE_RATES = {"sms": 2, "email": 1}
    queue(*[make_reader() for _ in range(5)])
    assert send_batch(channel="sms", now=NOW).sent == 2
    report = send_batch(channel="sms", now=later(seconds=0.25))
    assert (report.claimed, report.wait) == (0, 0.75)
    assert send_batch(channel="sms", now=later(seconds=1)).sent == 2
    assert Pace.objects.get(channel="sms").next_at == later(seconds=2)


def test_urgent_messages_go_first(provider, settings):
    settings.MESSAGE_RATES = {"sms": 1, "email": 1}
    first, urgent = queued(), queued()
    Message.objects.filter(pk=urgent.pk).update(priority=1)
    send_batch(channel="sms", now=NOW)
    assert provider.taken == [urgent.reference]
    assert state_of(first) == State.QUEUED


def test_a_busy_provider_is_tried_again_later_and_given_up_in_the_end(provider):
    message = queued(template=make_template(valid_hours=1000))
    provider.answers = {message.reference: Outcome.BUSY}
    assert send_batch(channel="sms", now=NOW).again == 1
    assert state_of(message) == State.QUEUED
    assert message.due_at == later(seconds=5)
    assert contact_of(message) == ("reserved", "")
    for day in range(1, MAX_ATTEMPTS):
        send_batch(channel="sms", now=later(days=day))
    assert state_of(message) == State.FAILED
    assert contact_of(message) == ("released", "")  # nobody was contacted
    assert message.detail == "said"


def test_a_refused_number_is_no_contact(provider):
    message = queued()
    provider.answers = {message.reference: Outcome.REJECTED}
    assert send_batch(channel="sms", now=NOW).failed == 1
    assert (state_of(message), contact_of(message)) == (State.FAILED, ("released", ""))


def test_a_broken_gateway_leaves_all_in_doubt(provider):
    message = queued()

    def broken(batch):
        raise RuntimeError("boom")

    provider.before = broken
    assert send_batch(channel="sms", now=NOW).unknown == 1
    assert state_of(message) == State.UNKNOWN
    assert contact_of(message) == ("reserved", "")


@pytest.mark.parametrize(
    ("known", "state", "contact"),
    [
        (Known(State.SENT, "P9"), "sent", ("used", "sent")),
        (Known(State.DELIVERED, "P9"), "delivered", ("used", "sent")),
        (Known(State.FAILED, "P9"), "failed", ("used", "failed")),
        (None, "queued", ("reserved", "")),
    ],
)
def test_in_doubt_the_provider_is_asked(provider, known, state, contact):
    message = queued()
    provider.answers = {message.reference: Outcome.DOUBTFUL}
    send_batch(channel="sms", now=NOW)
    provider.known = {message.reference: known}
    assert settle_doubts(now=later(seconds=14)) == {}  # it may still be under way
    assert settle_doubts(now=later(seconds=15)) == {state: 1}
    assert (state_of(message), contact_of(message)) == (state, contact)


def test_what_the_provider_never_saw_is_sent_once_more(provider):
    message = queued()
    provider.answers = {message.reference: Outcome.DOUBTFUL}
    send_batch(channel="sms", now=NOW)
    settle_doubts(now=later(seconds=20))
    provider.answers = {}
    assert send_batch(channel="sms", now=later(seconds=20)).sent == 1
    assert provider.taken == [message.reference]


def test_a_provider_that_cannot_be_asked_leaves_it_unknown_for_good(provider):
    provider.can_ask = False
    message = queued()
    provider.answers = {message.reference: Outcome.DOUBTFUL}
    send_batch(channel="sms", now=NOW)
    assert settle_doubts(now=later(days=2)) == {}
    assert send_for(seconds=1, tick=lambda: later(days=2)).claimed == 0
    assert (state_of(message), contact_of(message)) == (State.UNKNOWN, ("used", "sent"))


def test_a_provider_that_cannot_tell_is_asked_for_a_day(provider):
    message = queued()
    provider.answers = {message.reference: Outcome.DOUBTFUL}
    send_batch(channel="sms", now=NOW)
    provider.known = None
    assert settle_doubts(now=later(minutes=1)) == {"unknown": 1}
    assert settle_doubts(now=later(minutes=1)) == {}
    assert settle_doubts(now=later(hours=25)) == {"unknown": 1}
    assert settle_doubts(now=later(days=9)) == {}
    assert (state_of(message), contact_of(message)) == (State.UNKNOWN, ("used", "sent"))


def test_a_sender_that_was_killed_after_its_claim_is_noticed(provider):
    message = queued()
    Message.objects.filter(pk=message.pk).update(
        state=State.SENDING, claimed_at=NOW, due_at=later(seconds=120), gateway="fake", attempts=1
    )
    assert send_batch(channel="sms", now=later(seconds=60)).claimed == 0
    assert settle_doubts(now=later(seconds=119)) == {}
    assert settle_doubts(now=later(seconds=120)) == {"queued": 1}


def test_what_could_not_be_sent_in_time_is_not_sent_at_all(provider):
    message = queued(template=make_template(valid_hours=1))
    assert expire_messages(now=later(minutes=59)) == 0
    assert send_batch(channel="sms", now=later(minutes=61)).claimed == 0
    assert expire_messages(now=later(minutes=61)) == 1
    assert (state_of(message), contact_of(message)) == (State.EXPIRED, ("released", ""))


def test_a_dead_provider_ends_the_turn(provider):
    messages = [queued() for _ in range(3)]
    provider.answers = {one.reference: Outcome.BUSY for one in messages}
    report = send_for(seconds=30, tick=lambda: NOW)
    assert (report.claimed, report.again) == (3, 3)


def test_after_a_restore_nothing_is_sent(provider, monkeypatch):
    message = queued()
    monkeypatch.setattr("campaigns.messages.services.sending.holds_sending", lambda what: True)
    assert send_batch(channel="sms", now=NOW).claimed == 0
    assert state_of(message) == State.QUEUED


def test_sending_costs_the_same_for_any_number(provider, django_assert_max_num_queries):
    queue(*[make_reader() for _ in range(20)])
    with django_assert_max_num_queries(22):
        assert send_batch(channel="sms", now=NOW).sent == 20
