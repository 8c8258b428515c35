"""Campaigns that write instead of calling: from an open wave to the queue, within caps, and taken back by a stop."""

from datetime import timedelta

import pytest
from django.utils import timezone

from campaigns.campaigns.models import Campaign
from campaigns.campaigns.queries.monitoring import monitor
from campaigns.campaigns.services import execution
from campaigns.campaigns.services.approval import try_campaign
from campaigns.campaigns.services.messaging import message_from_campaigns
from campaigns.campaigns.states import Arm, MemberState, State
from campaigns.messages.gateways.base import ReceiptRow
from campaigns.messages.models import Message, Obstacle
from campaigns.messages.services.purging import purge_messages
from campaigns.messages.services.receipts import record_receipts
from campaigns.messages.services.sending import send_batch
from campaigns.messages.states import State as MessageState
from customers.contacts.models import ContactRecord
from retention.core.errors import Invalid
from tests.campaigns.campaigns.rows import make_campaign, make_member
from tests.campaigns.messages.rows import make_reader, make_template
from tests.campaigns.offers.rows import make_offer
from tests.factories import NOW, TODAY, make_list_entry, make_user
from workorders.orders.services.campaign_opening import open_from_campaigns

pytestmark = pytest.mark.django_db
BODY = {"body": "{offer} for you until {until}.", "body_zh": "为您准备了{offer}，{until}前有效。"}


def launched(mia, lines, *, arms=(), **given) -> Campaign:
    given = {"channel": "sms", "purpose": "care", "order_type": "", "template": "thanks"} | given
    campaign = make_campaign(state=State.FROZEN, frozen_on=TODAY, **given)
    for place, line in enumerate(lines):
        arm = arms[place] if arms else Arm.TREATED
        make_member(campaign=campaign, line=line.profile, arm=arm, expected_gain=100 - place)
    campaign.members_count, campaign.waves = len(lines), 1
    campaign.treated_count = campaign.members.treated().count()
    campaign.save()
    execution.launch(actor=mia, code=campaign.code, version=1, now=NOW)
    execution.advance_campaigns(now=NOW)
    return campaign


def states(campaign) -> list[str]:
    return list(campaign.members.order_by("-expected_gain").values_list("state", flat=True))


@pytest.fixture
def template():
    return make_template(code="thanks")


def test_members_of_an_open_wave_get_one_message_with_the_offer_and_the_control_none(mia, template):
    type(template).objects.update(**BODY)
    make_offer(code="gift", name="10 GB", name_zh="10G流量")
    lines = [make_reader(), make_reader(), make_reader()]
    campaign = launched(mia, lines, arms=[Arm.TREATED, Arm.CONTROL, Arm.TREATED], offer_codes=["gift"])
    assert message_from_campaigns(now=NOW).opened == 2
    assert message_from_campaigns(now=NOW + timedelta(hours=1)).opened == 0
    assert states(campaign) == [MemberState.OPENED, MemberState.LEFT_ALONE, MemberState.OPENED]
    message = Message.objects.get(subscriber=lines[0])
    assert "10G流量" in message.text
    assert campaign.members.get(subscriber=lines[0]).order_no == message.reference
    assert not Message.objects.filter(subscriber=lines[1]).exists()
    assert ContactRecord.objects.filter(source=f"campaign:{campaign.code}").count() == 2
    assert open_from_campaigns(now=NOW).opened == 0


def test_each_message_names_the_offer_that_was_drawn_for_its_customer(mia, template):
    type(template).objects.update(**BODY)
    make_offer(code="gift", name="10 GB", name_zh="10G流量")
    make_offer(code="tea", name="Tea", name_zh="茶叶")
    lines = [make_reader(), make_reader()]
    campaign = launched(mia, lines, offer_codes=["gift", "tea"], draw_offers=True)
    for line, code in zip(lines, ("tea", "gift"), strict=True):
        campaign.members.filter(subscriber=line).update(offer_code=code)
    message_from_campaigns(now=NOW)
    assert "茶叶" in Message.objects.get(subscriber=lines[0]).text
    assert "10G流量" in Message.objects.get(subscriber=lines[1]).text


def test_the_figures_stay_when_old_messages_are_purged(mia, settings, template):
    settings.MESSAGE_GATEWAYS = dict.fromkeys(("sms", "email", "app"), "console")
    lines, boss = [make_reader(), make_reader()], make_user(role="administrator")
    campaign = launched(mia, lines)
    message_from_campaigns(now=NOW)
    send_batch(channel="sms", now=NOW)
    record_receipts(rows=[ReceiptRow(MessageState.DELIVERED, Message.objects.latest("pk").reference)], now=NOW)
    before = monitor(campaign, user=boss).whole.progress
    assert (before.contacted, before.reached) == (2, 1)
    report = purge_messages(now=NOW + timedelta(days=5000))
    assert (report.texts, report.messages) == (2, 0)
    assert monitor(campaign, user=boss).whole.progress == before
    assert set(Message.objects.values_list("text", "to")) == {("", "")}


def test_the_daily_cap_counts_messages(mia, template):
    campaign = launched(mia, [make_reader() for _line in range(3)], daily_cap=2)
    assert [message_from_campaigns(now=NOW).opened, message_from_campaigns(now=NOW).opened] == [2, 0]
    assert states(campaign)[-1] == MemberState.DUE
    assert message_from_campaigns(now=NOW + timedelta(days=1)).opened == 1


def test_refusals_of_the_gate_and_missing_numbers_are_kept_with_their_reason(mia, template):
    barred, without = make_reader(), make_reader()
    make_list_entry(customer=barred.account.customer, kind="blacklist")
    type(without).objects.filter(pk=without.pk).update(phone_number="")
    type(without.account.customer).objects.filter(pk=without.account.customer_id).update(contact_phone="")
    campaign = launched(mia, [barred, without])
    assert message_from_campaigns(now=NOW).refused == 2
    reasons = campaign.members.order_by("-expected_gain").values_list("reason", flat=True)
    assert list(reasons) == ["blacklisted", Obstacle.NO_ADDRESS]


def test_members_wait_while_the_template_is_off(mia, template):
    campaign = launched(mia, [make_reader()])
    type(template).objects.update(enabled=False)
    assert message_from_campaigns(now=NOW).opened == 0
    assert states(campaign) == [MemberState.DUE]


def test_a_stop_takes_back_what_waits(mia, template):
    campaign = launched(mia, [make_reader(), make_reader()])
    message_from_campaigns(now=NOW)
    sent = Message.objects.order_by("pk").first()
    Message.objects.filter(pk=sent.pk).update(state=MessageState.DELIVERED)
    execution.stop(actor=mia, code=campaign.code, reason="Enough", now=NOW)
    assert sorted(states(campaign)) == [MemberState.OPENED, MemberState.WITHDRAWN]
    assert Message.objects.exclude(pk=sent.pk).get().state == MessageState.CANCELLED


def test_the_monitor_counts_what_the_provider_has_and_what_was_delivered(mia, template):
    campaign = launched(mia, [make_reader() for _line in range(3)])
    message_from_campaigns(now=NOW)
    first, second, _third = Message.objects.order_by("pk")
    Message.objects.filter(pk=first.pk).update(state=MessageState.DELIVERED)
    Message.objects.filter(pk=second.pk).update(state=MessageState.SENT)
    progress = monitor(campaign, user=make_user(role="administrator")).whole.progress
    assert (progress.contacted, progress.reached) == (2, 1)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"template": "none"}, "required"),
        ({"channel": "email"}, "other_channel"),
        ({"purpose": "renewal"}, "other_channel"),
    ],
)
def test_the_test_refuses_a_template_that_does_not_fit(mia, template, given, code):
    make_reader()
    values = {"channel": "sms", "purpose": "care", "order_type": "", "template": "thanks"} | given
    campaign = make_campaign(starts_on=timezone.localtime(NOW).date(), **values)
    with pytest.raises(Invalid) as wrong:
        try_campaign(actor=mia, code=campaign.code, version=1, now=NOW)
    assert [one["code"] for one in wrong.value.details] == [code]
