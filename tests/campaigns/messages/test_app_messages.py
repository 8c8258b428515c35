"""The channel of the operator's app: sent like any other, fetched over the API, read by receipt, opted out of."""

import pytest

from campaigns.messages.gateways import gateway
from campaigns.messages.models import Message, Pace
from campaigns.messages.services.doubts import expire_messages, settle_doubts
from campaigns.messages.services.sending import send_batch
from campaigns.messages.services.testing import send_test
from campaigns.messages.states import State
from customers.contacts.models import ContactRecord
from customers.lists.models import ListEntry
from retention.core.errors import Invalid
from tests.api import make_client
from tests.campaigns.messages.rows import later, make_reader, make_template, queue
from tests.factories import NOW, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]


@pytest.fixture
def app():
    return make_client("messages:read", "messages:write")


@pytest.fixture
def template():
    subjects = {"subject": "Thank you", "subject_zh": "感谢"}
    return make_template(channel="app", purpose="service", **subjects)


def sent(line, template, key="X1:a"):
    (one,) = queue(line, template=template, key=key)
    Pace.objects.all().delete()
    assert send_batch(channel="app", now=NOW).sent == 1
    return Message.objects.get(reference=one.reference)


def inbox(app, line, query=""):
    answer = app.get(f"messages/app?subscriber_no={line.subscriber_no}{query}")
    assert answer.status_code == 200, answer.content
    return answer.json()


def references(page):
    return [one["reference"] for one in page["results"]]


def test_it_is_there_for_the_app_once_it_is_sent_and_read_by_a_receipt(app, template):
    line = make_reader()
    (waiting,) = queue(line, template=template)
    assert inbox(app, line) == {"results": [], "next": None}
    send_batch(channel="app", now=NOW)
    (shown,) = inbox(app, line)["results"]
    message = Message.objects.get(reference=waiting.reference)
    assert (message.gateway, message.to, message.state) == ("inbox", line.subscriber_no, State.SENT)
    assert shown == {
        "reference": message.reference, "subscriber_no": line.subscriber_no, "purpose": "service", "subject": "感谢",
        "text": "尊敬的李先生，谢谢您。", "sent_at": "2026-11-20T10:00:00+08:00",
        "expires_at": "2026-11-23T10:00:00+08:00", "read": False,
    }  # fmt: skip
    receipt = {"reference": message.reference, "state": "read"}
    assert app.post("messages/receipts", receipt).json()["applied"] == 1
    assert app.post("messages/receipts", receipt).json()["unchanged"] == 1
    assert [one["read"] for one in inbox(app, line)["results"]] == [True]
    assert inbox(app, line, "&unread=true")["results"] == []
    assert ContactRecord.objects.get(order_no=message.reference).outcome == "sent"


def test_pages_by_cursor_and_only_of_the_line(app, template):
    line, other = make_reader(), make_reader()
    made = [sent(line, template, key=f"X{n}:a").reference for n in range(3)]
    sent(other, template)
    first = inbox(app, line, "&limit=2")
    assert references(first) == made[:0:-1]
    second = inbox(app, line, f"&limit=2&cursor={first['next']}")
    assert (references(second), second["next"]) == (made[:1], None)


def test_it_keeps_the_quiet_hours_and_the_gate(template):
    line = make_reader()
    queue(line, template=template, now=later(hours=13))
    assert send_batch(channel="app", now=later(hours=13)).claimed == 0
    line.consents.create(purpose="any", channel="app", granted=False, at=NOW, source="app")
    assert send_batch(channel="app", now=later(days=1)).cancelled == 1
    assert queue(line, template=template, key="X2:a")[0].reason == "consent_refused"


def test_who_opts_out_in_the_app_is_shown_nothing_unread_any_more_and_sent_nothing(app, template):
    line = make_reader()
    message = sent(line, template)
    queue(line, template=template, key="X2:a")
    row = {"reply_no": "A1", "channel": "app", "sender": line.subscriber_no, "text": "退订"}
    assert app.post("messages/replies", row).json()["applied"] == 1
    entry = ListEntry.objects.get()
    assert (entry.customer, entry.channel, entry.kind) == (line.account.customer, "app", "do_not_disturb")
    assert inbox(app, line)["results"] == []
    assert send_batch(channel="app", now=later(minutes=1)).claimed == 0
    assert set(Message.objects.exclude(pk=message.pk).values_list("state", "reason")) == {("cancelled", "opted_out")}
    assert queue(line, template=make_template(), key="X3:a")[0].state == "queued"  # SMS are another channel


def test_a_line_without_any_message_may_opt_out(app):
    line = make_reader()
    app.post("messages/replies", {"reply_no": "A1", "channel": "app", "sender": line.subscriber_no, "text": "TD"})
    assert ListEntry.objects.get().customer == line.account.customer


def test_what_nobody_reads_in_time_expires_and_counts_as_a_failed_contact(app, template):
    line = make_reader()
    unread, read = sent(line, template), sent(line, template, key="X2:a")
    app.post("messages/receipts", {"reference": read.reference, "state": "read"})
    assert expire_messages(now=later(hours=71)) == 0
    assert expire_messages(now=later(hours=72)) == 1
    unread.refresh_from_db()
    assert (unread.state, unread.settled_at) == (State.EXPIRED, later(hours=72))
    assert ContactRecord.objects.get(order_no=unread.reference).outcome == "failed"
    assert ContactRecord.objects.get(order_no=read.reference).outcome == "sent"


def test_one_that_a_lost_sender_had_waits_again_since_nobody_has_seen_it(template):
    queue(make_reader(), template=template)
    Message.objects.update(state=State.SENDING, gateway="inbox", claimed_at=NOW, due_at=NOW)
    assert settle_doubts(now=later(minutes=3)) == {"queued": 1}
    assert gateway("inbox").can_ask


def test_a_line_out_of_use_has_no_app(template):
    gone = make_reader(status="terminated", terminated_on=NOW.date(), termination_reason="voluntary")
    assert queue(gone, template=template)[0].reason == "no_address"


def test_an_app_message_needs_a_headline():
    with pytest.raises(Invalid) as refused:
        make_template(channel="app").normalize()
    assert refused.value.details[0]["field"] == "subject"


def test_marketing_says_where_it_is_switched_off(template):
    line = make_reader()
    line.consents.create(purpose="marketing", channel="app", granted=True, at=NOW, source="app")
    (one,) = queue(line, template=make_template(channel="app", purpose="marketing", subject_zh="优惠", subject="Offer"))
    assert Message.objects.get(reference=one.reference).text.endswith("可在APP的消息设置中关闭。")


def test_a_test_is_shown_in_the_app_of_staff_only(app, template, settings):
    own = make_reader()
    settings.MESSAGE_TEST_LINES = (own.subscriber_no,)
    mia = make_user(role="manager")
    with pytest.raises(Invalid):
        send_test(template=template, actor=mia, to=make_reader().subscriber_no, now=NOW)
    send_test(template=template, actor=mia, to=own.subscriber_no, now=NOW)
    send_batch(channel="app", now=NOW)
    assert len(inbox(app, own)["results"]) == 2


@pytest.mark.parametrize(
    ("query", "status"),
    [("", 422), ("?subscriber_no=", 422), ("?subscriber_no=NONE", 404), ("?subscriber_no=x&unread=maybe", 422)],
)
def test_what_cannot_be_asked(app, query, status):
    assert app.get(f"messages/app{query}").status_code == status


def test_it_needs_its_own_scope(template):
    line = make_reader()
    assert make_client("messages:write").get(f"messages/app?subscriber_no={line.subscriber_no}").status_code == 403
