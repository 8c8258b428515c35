"""The pages of messages, as each role."""

import csv
import io

import pytest
from django.urls import reverse

from campaigns.messages.gateways.base import ReplyRow
from campaigns.messages.models import Message, MessageTemplate
from campaigns.messages.services.replies import record_replies
from campaigns.messages.services.sending import send_batch
from retention.core.audit.models import AuditEntry
from tests.campaigns.messages.rows import make_reader, make_template, queue, queued
from tests.factories import NOW, grant, make_list_entry, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]
HISTORY, TEMPLATES, QUEUE = "/messages/", "/messages/templates/", "/messages/queue/"


def form(**given):
    values = {
        "code": "thanks", "name": "Thanks", "name_zh": "致谢", "channel": "sms", "purpose": "care", "branch": "",
        "body": "Dear {salutation}, thank you.", "body_zh": "", "valid_hours": "48",
    }  # fmt: skip
    return values | given


def reader(branches, **given):
    line = make_reader(**given)
    type(line).objects.filter(pk=line.pk).update(branch=branches.city)
    line.refresh_from_db()
    return line


def references(answer):
    return [row.record.reference for row in answer.context["table"].paginated_rows]


def test_the_history_shows_state_reason_origin_and_a_masked_number(manager, branches):
    line = reader(branches, phone_number="13812345678")
    listed = reader(branches)
    make_list_entry(customer=listed.account.customer, kind="do_not_disturb")
    (sent, refused) = queue(line, listed, key="C7:1")
    elsewhere = queued()
    answer = manager.get(HISTORY)
    assert set(references(answer)) == {sent.reference, refused.reference}
    assert elsewhere.reference not in references(answer)
    text = answer.content.decode()
    assert "138****5678" in text
    assert "13812345678" not in text
    assert "Do not disturb" in text
    assert references(manager.get(f"{HISTORY}?state=refused")) == [refused.reference]
    assert references(manager.get(f"{HISTORY}?reason=do_not_disturb&channel=sms")) == [refused.reference]
    assert references(manager.get(f"{HISTORY}?until=2026-11-19")) == []
    assert references(manager.get(f"{HISTORY}?kind=1")) == []


def test_the_export_masks_too(manager, branches):
    queue(reader(branches, phone_number="13812345678"))
    answer = manager.get(f"{HISTORY}?export=csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert any("138****5678" in row for row in csv.reader(io.StringIO(text)))
    assert "13812345678" not in text


def test_the_history_costs_the_same_for_any_number(manager, branches, django_assert_max_num_queries):
    queue(*[reader(branches) for _ in range(15)])
    with django_assert_max_num_queries(14):
        manager.get(HISTORY)


def test_a_message_has_its_own_page(manager, branches, provider):
    queue(reader(branches))
    send_batch(channel="sms", now=NOW)
    message = Message.objects.get()
    text = manager.get(f"{HISTORY}{message.reference}/").content.decode()
    assert "尊敬的李先生" in text
    assert message.provider_ref in text
    assert AuditEntry.objects.filter(action="customer.view").count() == 1
    record_replies(rows=[ReplyRow("r9", "sms", message.to, "谢谢你们", NOW)], now=NOW)
    assert "谢谢你们" in manager.get(f"{HISTORY}{message.reference}/").content.decode()


def test_a_supervisor_sees_messages_to_customers_of_the_group_only(client, sam, branches, team):
    line = reader(branches)
    grant(customer=line.account.customer, team=team)
    queue(line, reader(branches))
    client.force_login(sam)
    assert len(references(client.get(HISTORY))) == 1
    assert client.get(f"{TEMPLATES}new/").status_code == 403


def test_an_agent_sees_them_on_the_customers_page_only(client, ana, branches):
    line = reader(branches)
    grant(customer=line.account.customer, user=ana)
    queue(line)
    client.force_login(ana)
    assert client.get(HISTORY).status_code == 403
    text = client.get(f"/customers/{line.subscriber_no}/").content.decode()
    assert "尊敬的李先生，谢谢您。" in text
    assert HISTORY not in text  # not in the navigation


def test_a_template_goes_from_draft_to_on_with_a_second_person(client, mia, branches):
    other = make_user(role="manager", branch=branches.province)
    client.force_login(mia)
    assert client.post(f"{TEMPLATES}new/", form()).status_code == 302
    template = MessageTemplate.objects.get()
    assert (template.state, template.enabled) == ("draft", False)
    client.post(f"{TEMPLATES}thanks/approval/", {"move": "submit", "version": template.version})
    assert client.post(
        f"{TEMPLATES}thanks/approval/", {"move": "approve", "version": template.version}
    ).status_code in {302, 403}
    template.refresh_from_db()
    assert template.state == "submitted"  # not by its author
    client.force_login(other)
    client.post(f"{TEMPLATES}thanks/approval/", {"move": "approve", "version": template.version})
    client.post(f"{TEMPLATES}thanks/switch/", {"to": "on"})
    template.refresh_from_db()
    assert (template.state, template.enabled, template.approved_by) == ("approved", True, other)
    changed = form(body="Dear {name}", version=str(template.version))
    assert client.post(f"{TEMPLATES}thanks/edit/", changed).status_code == 302
    template.refresh_from_db()
    assert (template.state, template.enabled, template.version) == ("draft", False, 2)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"body": ""}, "body"),
        ({"body": "Hi {nobody}"}, "body"),
        ({"body": "Hi {name"}, "body"),
        ({"body_zh": "我" * 671}, "body_zh"),
        ({"channel": "email"}, "subject"),
        ({"valid_hours": "0"}, "valid_hours"),
        ({"code": "length"}, "code"),
    ],
)
def test_a_wrong_template_says_where(manager, wrong, field):
    answer = manager.post(f"{TEMPLATES}new/", form(**wrong))
    assert answer.status_code == 422
    assert answer.context["form"].errors[field]
    assert not MessageTemplate.objects.exists()


def test_a_preview_is_of_a_customer_one_may_see(manager, branches):
    template = make_template(body_zh="尊敬的{salutation}，您有{points}分")
    line, hidden = reader(branches, phone_number="13812345678"), make_reader()
    text = manager.get(f"{TEMPLATES}{template.code}/?line={line.subscriber_no}").content.decode()
    assert "尊敬的李先生，您有3200分" in text
    assert "138****5678" in text
    assert "13812345678" not in text.replace(f"?line={line.subscriber_no}", "")
    missing = manager.get(f"{TEMPLATES}{template.code}/?line={hidden.subscriber_no}").content.decode()
    assert "No customer that you may see" in missing


def test_a_preview_says_what_stands_in_the_way(manager, branches):
    template = make_template(body_zh="账单{bill}元")
    line = reader(branches)
    make_list_entry(customer=line.account.customer, kind="blacklist")
    text = manager.get(f"{TEMPLATES}{template.code}/?line={line.subscriber_no}").content.decode()
    assert "A variable has no value" in text
    assert "On the blacklist" in text


def test_a_test_goes_to_staff_only_through_the_same_queue(manager, settings, provider):
    settings.MESSAGE_TEST_NUMBERS = ["138 0000 0001"]
    template = make_template(state="draft", enabled=False, approved_by=None)
    MessageTemplate.objects.filter(pk=template.pk).update(approved_by=None)
    page = manager.get(f"{TEMPLATES}{template.code}/").content.decode()
    assert "138****0001" in page
    manager.post(f"{TEMPLATES}{template.code}/test/", {"to": "13999999999"})
    assert not Message.objects.exists()
    manager.post(f"{TEMPLATES}{template.code}/test/", {"to": "13800000001"})
    made = Message.objects.filter(is_test=True)
    assert [one.text for one in made.order_by("pk")] == ["尊敬的李先生，谢谢您。", "Dear Mr Li, thank you."]
    assert send_batch(channel="sms", now=NOW).sent == 2
    assert AuditEntry.objects.filter(action="message.test").count() == 1


def test_the_length_is_shown_while_writing(manager):
    sent = {"channel": "sms", "purpose": "marketing", "body": "", "body_zh": "我" * 65}
    text = manager.post(reverse("messages:messagetemplate-length"), sent).content.decode()
    assert "1 message: 70 characters, UCS-2, 0 left" in text
    text = manager.post(reverse("messages:messagetemplate-length"), sent | {"body_zh": "我" * 66}).content.decode()
    assert "2 messages: 71 characters, UCS-2, 63 left" in text


def test_the_queue_says_what_waits_for_its_hours(client, lin, branches, provider):
    queue(reader(branches), reader(branches))
    Message.objects.filter(pk=Message.objects.earliest("pk").pk).update(due_at=NOW.replace(hour=20))
    client.force_login(lin)
    answer = client.get(QUEUE)
    row = answer.context["table"].rows[0].record
    assert (row.due, row.later, row.sending, row.unknown) == (1, 1, 0, 0)
    send_batch(channel="sms", now=NOW)
    assert client.get(QUEUE).context["table"].rows[0].record.a_minute == 0.1


@pytest.mark.parametrize("page", [HISTORY, TEMPLATES, QUEUE, f"{TEMPLATES}new/", f"{TEMPLATES}T-ZH/"])
def test_every_page_speaks_chinese(client, mia, page):
    make_template(code="T-ZH")
    queued()
    client.cookies["django_language"] = "zh-hans"
    client.force_login(mia)
    answer = client.get(page)
    assert answer.status_code == 200
    assert "消息" in answer.content.decode()
