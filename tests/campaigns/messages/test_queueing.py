"""What is queued: the right text, once, and only for whom the gate allows."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from campaigns.messages.models import Message
from campaigns.messages.services.withdrawal import withdraw_messages
from campaigns.messages.states import State
from customers.contacts.models import ContactRecord
from customers.facts.models import Consent
from retention.core.errors import Conflict
from tests.campaigns.messages.rows import make_reader, make_template, queue
from tests.factories import NOW, make_bill, make_branch, make_list_entry, make_plan

pytestmark = pytest.mark.django_db


def text_of(line, **template):
    values = template.pop("values", {})
    (one,) = queue(line, template=make_template(**{"body": "", **template}), values=values)
    return Message.objects.get(reference=one.reference)


def consent(line, purpose="marketing"):
    Consent.objects.create(subscriber=line, purpose=purpose, channel="sms", granted=True, at=NOW, source="hall")


def test_every_variable_gets_its_value_in_both_languages():
    plan = make_plan(name="畅享99", monthly_fee=Decimal("99.00"))
    line = make_reader(phone_number="10000005678", plan=plan, branch=make_branch(name="城北"))
    make_bill(subscriber=line, month=date(2026, 10, 1), total=Decimal("1128.50"), due_on=date(2026, 11, 5))
    body = (
        "{name}|{surname}|{salutation}|{phone}|{plan}|{fee}|{branch}|{bill}|{bill_month}|{due_date}|{points}"
        "|{contract_end}|{offer}|{until}"
    )
    values = {"offer": "10 GB", "offer_zh": "10GB流量", "until": "2026-11-30"}
    shared = "畅享99|99|城北|1128.50"
    message = text_of(line, body_zh=body, values=values)
    assert message.text == (
        f"李明|李|李先生|5678|{shared}|2026年10月|2026年11月5日|3200|2026年12月31日|10GB流量|2026年11月30日"
    )
    assert (message.to, message.parts, message.state) == ("10000005678", 0, State.QUEUED)
    message = text_of(line, body=body, body_zh="", values=values)
    assert message.text == (f"李明|李|Mr 李|5678|{shared}|Oct 2026|5 Nov 2026|3200|31 Dec 2026|10 GB|30 Nov 2026")


@pytest.mark.parametrize(
    ("person", "said"),
    [
        ({"name": "欧阳锋", "gender": "male"}, "欧阳先生"),
        ({"name": "欧阳", "gender": "male"}, "欧先生"),
        ({"name": "王芳", "gender": "female"}, "王女士"),
        ({"name": "王芳", "gender": ""}, "王先生/女士"),
        ({"name": "北方机械有限公司", "kind": "enterprise"}, "北方机械有限公司"),
        ({"name": "John Smith", "gender": "male"}, "Smith先生"),
    ],
)
def test_the_form_of_address(person, said):
    assert text_of(make_reader(customer=person), body_zh="{salutation}").text == said


@pytest.mark.parametrize(
    ("language", "body", "body_zh", "said"),
    [
        ("zh-hans", "Hi", "您好", "您好"), ("", "Hi", "您好", "您好"), ("en", "Hi", "您好", "Hi"),
        ("en", "", "您好", "您好"), ("zh-hans", "Hi", "", "Hi"),
    ],
)  # fmt: skip
def test_the_language_is_the_customers_as_far_as_it_is_written(language, body, body_zh, said):
    line = make_reader(customer={"language": language})
    assert text_of(line, body=body, body_zh=body_zh).text == said


def test_a_value_never_names_another_variable():
    line = make_reader(customer={"name": "{points}"})
    assert text_of(line, body_zh="{name}，您有{points}分").text == "points，您有3200分"


def test_a_variable_without_a_value_stops_the_message_not_the_others():
    without, with_bill = make_reader(), make_reader()
    make_bill(subscriber=with_bill, month=date(2026, 10, 1), total=Decimal("80"), due_on=None)
    make_bill(subscriber=without, month=date(2026, 5, 1), total=Decimal("80"))  # half a year old: not told
    template = make_template(body="", body_zh="上月账单{bill}元")
    refused, taken = queue(without, with_bill, template=template)
    assert (refused.state, refused.reason) == (State.REFUSED, "missing_value")
    assert taken.state == State.QUEUED
    assert ContactRecord.objects.get().order_no == taken.reference


def test_who_has_no_number_or_address_is_refused():
    fixed, nobody = make_reader(), make_reader(phone_number="")
    type(fixed).objects.filter(pk=fixed.pk).update(line_type="broadband")
    assert [one.reason for one in queue(fixed, nobody)] == ["no_address", "no_address"]
    mail = make_template(channel="email", subject="Hi", subject_zh="您好")
    reader = make_reader(customer={"email": "li@example.com"})
    assert [one.state for one in queue(fixed, reader, template=mail)] == [State.REFUSED, State.QUEUED]


def test_marketing_says_how_to_opt_out():
    line = make_reader()
    consent(line)
    assert text_of(line, purpose="marketing", body_zh="新套餐").text == "新套餐 回T退订"
    other = make_reader(customer={"language": "en"})
    consent(other)
    assert text_of(other, purpose="marketing", body="New plan", body_zh="").text == "New plan Reply TD to stop"


def test_the_gate_is_asked_and_the_contact_reserved():
    allowed, listed, silent = make_reader(), make_reader(), make_reader()
    make_list_entry(customer=listed.account.customer, kind="do_not_disturb", channel="sms")
    template = make_template(purpose="marketing")
    consent(allowed)
    consent(listed)
    answers = queue(allowed, listed, silent, template=template, key="C1:w1")
    assert [(one.state, one.reason) for one in answers] == [
        ("queued", ""), ("refused", "do_not_disturb"), ("refused", "consent_missing"),
    ]  # fmt: skip
    records = ContactRecord.objects.order_by("pk")
    assert [(one.state, one.reason, one.source) for one in records] == [
        ("reserved", "", "campaign:C1"), ("refused", "do_not_disturb", "campaign:C1"),
        ("refused", "consent_missing", "campaign:C1"),
    ]  # fmt: skip


def test_an_intent_is_queued_once():
    line, template = make_reader(), make_template()
    first, again = queue(line, template=template), queue(line, template=template)
    twice = queue(line, line, template=template)
    assert (first[0].is_new, again[0].is_new) == (True, False)
    assert {one.reference for one in first + again + twice} == {first[0].reference}
    assert Message.objects.count() == ContactRecord.objects.count() == 1
    assert queue(line, template=template, key="X1:b")[0].reason == "already_reserved"  # one contact at a time


def test_two_lines_of_a_customer_are_one_intent():
    line = make_reader()
    other = make_reader()
    type(other).objects.filter(pk=other.pk).update(account=line.account)
    first, second = queue(line, other)
    assert first.reference == second.reference
    assert (first.is_new, second.is_new) == (True, True)
    assert ContactRecord.objects.count() == 1


def test_out_of_hours_it_waits_until_they_begin():
    night = datetime(2026, 11, 20, 22, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
    (one,) = queue(make_reader(), now=night)
    message = Message.objects.get(reference=one.reference)
    assert message.due_at == datetime(2026, 11, 21, 8, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert message.expires_at == night + timedelta(hours=72)


def test_a_template_that_is_off_sends_nothing():
    template = make_template(enabled=False)
    with pytest.raises(Conflict) as problem:
        queue(make_reader(), template=template)
    assert problem.value.code == "template_off"


def test_an_unknown_line_is_answered(django_assert_max_num_queries):
    line, template = make_reader(), make_template()
    line.pk = 10**9
    (answer,) = queue(line, template=template)
    assert (answer.reference, answer.state) == ("", State.REFUSED)


def test_queueing_costs_the_same_for_any_number(django_assert_max_num_queries):
    template, lines = make_template(), [make_reader() for _ in range(12)]
    with django_assert_max_num_queries(12):
        answers = queue(*lines, template=template)
    assert {one.state for one in answers} == {State.QUEUED}


def test_what_waits_is_taken_back_with_its_origin():
    first, other = make_reader(), make_reader()
    (gone,), (stays,) = queue(first, key="C1:w1"), queue(other, key="C1:w2")
    assert withdraw_messages(origin_kind="campaign", origin_key="C1:w1", now=NOW) == 1
    assert withdraw_messages(origin_kind="campaign", origin_key="C1:w1", now=NOW) == 0
    message = Message.objects.get(reference=gone.reference)
    assert (message.state, message.reason) == (State.CANCELLED, "withdrawn")
    assert ContactRecord.objects.get(order_no=gone.reference).state == "released"
    assert Message.objects.get(reference=stays.reference).state == State.QUEUED
