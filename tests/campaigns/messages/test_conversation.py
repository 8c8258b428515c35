"""A message during a call: once, part of the call for the gate, and stopped by what every message is stopped by."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from campaigns.messages.models import Message
from campaigns.messages.services.conversation import Call, find_template, send_in_call, templates_for
from campaigns.messages.services.sending import send_batch
from campaigns.messages.states import State
from campaigns.outreach import ContactRequest, explain, may_call_now, reserve
from campaigns.outreach.models import ContactPolicy, HeldOut, RefusalReason
from campaigns.outreach.queries.effect import count_refused
from customers.contacts.models import ContactRecord
from customers.facts.models import Consent
from customers.lists.models import ListEntry
from retention.core.audit.models import AuditEntry
from retention.core.errors import Invalid, NotFound
from tests.campaigns.messages.rows import later, make_reader, make_template
from tests.factories import NOW, make_branch, make_list_entry, make_user

pytestmark = pytest.mark.django_db
ORDER = "W261120-000007"
AT_NIGHT = datetime(2026, 11, 20, 22, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def agent():
    return make_user(role="agent", branch=make_branch())


def call_with(line=None, *, attempt=1, **values):
    return Call(ORDER, attempt, line or make_reader(), values)


def send(call, agent, template=None, now=NOW):
    return send_in_call(call=call, template=template or make_template(), agent=agent, now=now)


def hold(line, order_no=ORDER, purpose="retention"):
    """The reservation of the order that is being worked."""
    request = ContactRequest(line.account.customer_id, line.pk, "call", purpose, "scenario:S13", order_no)
    assert reserve(requests=[request], now=NOW)[0].allowed


def test_the_order_that_holds_the_customer_and_full_caps_do_not_stop_it_and_it_stops_nothing(agent):
    ContactPolicy.objects.create(messages=0, contacts=1, kept=0)
    call = call_with()
    hold(call.line)
    sent = send(call, agent)
    assert (sent.refused, sent.message.state, sent.message.text) == ("", State.QUEUED, "尊敬的李先生，谢谢您。")
    record = ContactRecord.objects.get(order_no=sent.message.reference)
    assert (record.source, record.state, record.actor) == (f"order:{ORDER}", "reserved", agent)
    asked = {"customer_id": call.line.account.customer_id, "subscriber_id": call.line.pk, "purpose": "retention"}
    assert may_call_now(**asked, now=NOW, order_no=ORDER) is None
    assert send_batch(channel="sms", now=NOW).sent == 1
    assert may_call_now(**asked, now=later(minutes=5), order_no=ORDER) == RefusalReason.CONTACTS_SPENT  # it counts
    record.refresh_from_db()
    assert (record.state, record.outcome, record.actor) == ("used", "sent", agent)


def test_its_own_reservation_is_not_told_as_what_holds_the_customer(agent):
    call = call_with()
    send(call, agent)
    request = ContactRequest(call.line.account.customer_id, call.line.pk, "call", "retention", "scenario:S13")
    assert explain(requests=[request], now=NOW)[0].reason is None
    hold(call.line)
    (answer,) = explain(requests=[request], now=NOW)
    assert (answer.reason, answer.behind["order_no"]) == (RefusalReason.ALREADY_RESERVED, ORDER)


def test_a_policy_would_not_have_refused_it(agent):
    call = call_with()
    send(call, agent, make_template(purpose="retention"))
    send_batch(channel="sms", now=NOW)
    assert count_refused(ContactPolicy(messages=0, contacts=0, kept=0), now=later(hours=1)) == {"": 1}


def test_a_double_click_is_one_message_and_another_text_attempt_or_value_another(agent):
    line, template = make_reader(), make_template(body_zh="您好，预约{appointment}")
    call = call_with(line, appointment="2026-11-21T10:30")
    first, again = send(call, agent, template), send(call, agent, template, now=later(seconds=1))
    assert first.message == again.message
    assert first.message.text == "您好，预约2026年11月21日10:30"
    assert ContactRecord.objects.count() == AuditEntry.objects.filter(action="message.send").count() == 1
    others = [
        send(call_with(line, attempt=2, appointment="2026-11-21T10:30"), agent, template),
        send(call_with(line, appointment="2026-11-21T14:00"), agent, template),
        send(call, agent),
    ]
    assert len({one.message.pk for one in [first, *others]}) == 4
    unrelated = call_with(line, appointment="2026-11-21T10:30", offer="10 GB", until="2026-12-31")
    assert send(unrelated, agent, template).message == first.message  # the text does not say it


def test_what_came_to_nothing_may_be_sent_again(agent):
    line, template = make_reader(), make_template()
    entry = make_list_entry(customer=line.account.customer)
    refused = send(call_with(line), agent, template)
    assert refused.message.state == State.REFUSED
    entry.delete()
    sent = send(call_with(line), agent, template)
    assert (sent.refused, sent.message.state) == ("", State.QUEUED)


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (RefusalReason.DO_NOT_DISTURB, "Do not disturb since 19 Nov 2026: asked for it."),
        (RefusalReason.BLACKLISTED, "On the blacklist since 19 Nov 2026: asked for it."),
        (RefusalReason.CONSENT_REFUSED, "SMS, Care: refused by"),
        (RefusalReason.CONSENT_MISSING, "Marketing needs a consent"),
        (RefusalReason.HELD_OUT, "Held out for measurement"),
    ],
)
def test_the_gate_refuses_in_words_and_the_ledger_keeps_it(agent, reason, words):
    line, purpose = make_reader(), "care"
    if reason in {RefusalReason.DO_NOT_DISTURB, RefusalReason.BLACKLISTED}:
        kinds = {RefusalReason.BLACKLISTED: ListEntry.Kind.BLACKLIST}
        kind = kinds.get(reason, ListEntry.Kind.DO_NOT_DISTURB)
        make_list_entry(customer=line.account.customer, kind=kind)
    elif reason == RefusalReason.CONSENT_REFUSED:
        Consent.objects.create(
            subscriber=line, purpose="care", channel="sms", granted=False, at=NOW - timedelta(days=1), source="hall"
        )
    elif reason == RefusalReason.CONSENT_MISSING:
        purpose = "marketing"
    else:
        purpose = "retention"
        HeldOut.objects.create(customer=line.account.customer, origin="universal", since=date(2026, 11, 1))
    sent = send(call_with(line), agent, make_template(purpose=purpose))
    assert words in sent.refused
    assert (sent.message.state, sent.message.reason) == (State.REFUSED, reason)
    assert ContactRecord.objects.get().reason == reason


def test_an_opt_out_after_the_call_still_stops_it(agent):
    call = call_with()
    sent = send(call, agent)
    make_list_entry(customer=call.line.account.customer)
    assert send_batch(channel="sms", now=NOW).cancelled == 1
    sent.message.refresh_from_db()
    assert (sent.message.state, sent.message.reason) == (State.CANCELLED, "do_not_disturb")
    assert ContactRecord.objects.get(order_no=sent.message.reference).state == "released"


def test_in_quiet_hours_it_waits_for_the_morning(agent):
    sent = send(call_with(), agent, now=AT_NIGHT)
    assert (sent.refused, sent.message.state) == ("", State.QUEUED)
    assert sent.message.due_at == datetime(2026, 11, 21, 8, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert send_batch(channel="sms", now=AT_NIGHT).sent == 0
    assert send_batch(channel="sms", now=sent.message.due_at).sent == 1


def test_a_variable_without_a_value_is_named_and_nothing_is_written(agent):
    template = make_template(body="", body_zh="您好，{offer}，预约{appointment}")
    with pytest.raises(Invalid) as problem:
        send(call_with(offer="10 GB", offer_zh="10GB流量"), agent, template)
    said = "There is no value for: day and hour of the appointment {appointment}."
    assert problem.value.message == said
    assert not Message.objects.exists() and not ContactRecord.objects.exists()


def test_only_approved_texts_of_an_sms_where_the_agent_works(agent):
    here = make_template(branch=agent.branch)
    everywhere = make_template()
    hidden = [
        make_template(enabled=False),
        make_template(branch=make_branch()),
        make_template(channel="app", subject="S", subject_zh="S"),
    ]
    assert set(templates_for(agent)) == {here, everywhere}
    for one in hidden:
        with pytest.raises(NotFound):
            find_template(agent, one.code)
