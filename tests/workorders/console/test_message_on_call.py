"""A message from the call screen: chosen, read, sent once; refused in words; seen in the trail and the history."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from campaigns.messages.models import Message
from campaigns.messages.services.sending import send_batch
from campaigns.offers.states import State as Decided
from customers.contacts.models import ContactRecord
from customers.facts.models import Customer, LineType, Subscriber
from retention.core import clock
from tests.campaigns.messages.rows import make_template
from tests.campaigns.offers.rows import make_offer
from tests.factories import NOW, make_list_entry
from tests.workorders.rows import HOUR
from workorders.orders.services.outcomes import record_outcome, start
from workorders.proposals.services import accept_offer, propose_offer
from workorders.supervision.services import reassign

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def call(order, ana):
    """An order with its call begun, of a customer who reads Chinese and has a mobile."""
    Subscriber.objects.filter(pk=order.subscriber_id).update(line_type=LineType.MOBILE)
    Customer.objects.filter(pk=order.customer_id).update(name="李明", gender="male", language="zh-hans")
    return start(order_no=order.order_no, agent=ana, version=None, now=NOW)


def address(name, order):
    return reverse(f"workorders:{name}", args=[order.order_no])


def text_of(response):
    return " ".join(response.content.decode().split())


def choose(client, order, **given):
    return client.get(address("message", order), given, headers=HTMX)


def send(client, order, template, **given):
    return client.post(address("message-send", order), {"template": template.code, **given}, headers=HTMX)


def test_the_screen_opens_the_drawer_by_key_and_loads_no_template(client, call):
    make_template(name="Thanks a lot")
    text = text_of(client.get(address("order", call)))
    assert text.count('data-key="Alt+M"') == 1
    assert f'hx-get="{address("message", call)}"' in text
    assert "Thanks a lot" not in text
    assert "Thanks a lot" in text_of(choose(client, call))


def test_the_text_is_read_before_it_is_sent_in_the_customers_language_with_its_parts(client, call):
    template = make_template(name="Thanks")
    text = text_of(choose(client, call, template=template.code))
    assert "尊敬的李先生，谢谢您。" in text
    assert "1 message: 11 characters, UCS-2, 59 left" in text
    assert not Message.objects.exists()


def test_a_double_click_sends_one_and_trail_and_history_show_it(client, call, ana):
    template = make_template(name="Thanks", purpose="service")
    first, again = send(client, call, template), send(client, call, template)
    assert (first.status_code, again.status_code) == (200, 200)
    assert "“Thanks” is on its way." in text_of(first)
    message = Message.objects.get()
    assert send_batch(channel="sms", now=NOW).sent == 1
    page = client.get(address("order", call))
    (shown,) = [one for one in page.context["trail"] if one.title == "SMS: Thanks"]
    assert (shown.text, shown.badge, shown.actor) == ("尊敬的李先生，谢谢您。", "Sent", ana.display_name)
    background = client.get(address("background", call))
    assert "Our contact: SMS" in [one.title for one in background.context["touches"]]
    line = client.get(reverse("customers:detail", args=[call.subscriber.subscriber_no]))
    assert line.status_code == 200
    assert ContactRecord.objects.get(order_no=message.reference).actor == ana
    assert "Thanks" in text_of(choose(client, call))


def test_the_order_goes_on_as_if_nothing_had_been_sent(client, call, ana):
    send(client, call, make_template())
    assert client.get(address("order", call)).context["barred"] is None
    record_outcome(order_no=call.order_no, agent=ana, disposition="retained", version=None, now=NOW)
    call.refresh_from_db()
    assert call.state == "done"
    assert ContactRecord.objects.get(order_no=call.order_no).state == "used"


def test_the_time_in_the_form_is_confirmed_and_without_one_the_variable_is_named(client, call):
    template = make_template(body="", body_zh="已为您预约{appointment}回电")
    missing = "There is no value for: day and hour of the appointment {appointment}."
    assert missing in text_of(choose(client, call, template=template.code))
    for given in ({}, {"appointment_at": "soon"}, {"appointment_at": "2026-11-01T10:00"}):
        refused = send(client, call, template, **given)
        assert (refused.status_code, missing in text_of(refused)) == (422, True)
    assert not Message.objects.exists()
    typed = {"appointment_at": "2026-11-21T10:30"}
    assert "已为您预约2026年11月21日10:30回电" in text_of(choose(client, call, template=template.code, **typed))
    assert send(client, call, template, **typed).status_code == 200
    assert Message.objects.get().text == "已为您预约2026年11月21日10:30回电"


def test_the_offer_that_was_accepted_is_named(client, call, ana):
    template = make_template(body="", body_zh="您已办理{offer}")
    put = make_offer(code="more", name="More data", name_zh="加油包")
    decision = propose_offer(order_no=call.order_no, agent=ana, offer=put.code, now=NOW)
    assert "您已办理加油包" in text_of(choose(client, call, template=template.code))
    assert accept_offer(order_no=call.order_no, agent=ana, decision=decision.pk, now=NOW).state == Decided.ACCEPTED
    assert send(client, call, template).status_code == 200
    assert Message.objects.get().text == "您已办理加油包"


def test_the_gate_refuses_in_words(client, call):
    make_list_entry(customer=call.customer, channel="sms")
    template = make_template()
    why = "Do not disturb since 19 Nov 2026: asked for it."
    assert why in text_of(choose(client, call, template=template.code))
    refused = send(client, call, template)
    assert (refused.status_code, f"Not sent: {why}" in text_of(refused)) == (422, True)
    assert send_batch(channel="sms", now=NOW).sent == 0


def test_in_quiet_hours_it_is_said_when_it_goes_out(client, call, ana):
    template = make_template(name="Thanks")
    night = datetime(2026, 11, 20, 22, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
    type(call).objects.filter(pk=call.pk).update(lease_until=night + HOUR)
    with clock.freeze(night):
        assert "Quiet hours: it goes out 2026-11-21 08:00." in text_of(choose(client, call, template=template.code))
        assert "is queued and goes out 2026-11-21 08:00." in text_of(send(client, call, template))
        assert send_batch(channel="sms", now=night).sent == 0
    assert send_batch(channel="sms", now=night + timedelta(hours=10)).sent == 1


def test_before_the_call_has_begun_there_is_nothing_to_send(client, ana, order):
    for answer in (choose(client, order), send(client, order, make_template())):
        assert answer.status_code == 409
        assert "Start the call first: a message belongs to it." in text_of(answer)
    assert not Message.objects.exists()


def test_only_who_has_the_order_on_the_desk_sends(client, call, floor, boss, ana):
    template = make_template()
    client.force_login(boss)
    for answer in (choose(client, call), send(client, call, template)):
        assert answer.status_code == 409
    reassign(order_nos=[call.order_no], agent=floor[1][1], actor=boss, now=NOW)
    client.force_login(ana)
    assert {choose(client, call).status_code, send(client, call, template).status_code} == {404}
    client.force_login(floor[1][1])
    assert send(client, call, template).status_code == 409  # given to, not taken
    assert not Message.objects.exists()


def test_a_stage_that_takes_another_permission_is_refused(client, call):
    kind = call.type
    kind.stages = [one | {"who": "work.supervise"} if one["phase"] == "in_progress" else one for one in kind.stages]
    kind.save()
    assert choose(client, call).status_code == 409
    assert send(client, call, make_template()).status_code == 403


def test_a_template_that_is_not_in_use_is_not_there(client, call):
    assert send(client, call, make_template(enabled=False)).status_code == 404
    assert choose(client, call, template="none").status_code == 404


def test_without_script_it_is_a_page_of_its_own(client, call):
    template = make_template(name="Thanks")
    page = client.get(address("message", call), {"template": template.code})
    assert (page.status_code, "尊敬的李先生" in text_of(page)) == (200, True)
    answer = client.post(address("message-send", call), {"template": template.code})
    assert (answer.status_code, answer.url) == (302, address("order", call))
    assert "is on its way" in text_of(client.get(answer.url))
