"""A manager writes to customers: wizard, approval by another person, messages sent, and one who opts out."""

from datetime import timedelta
from decimal import Decimal

import pytest

from campaigns.campaigns.models import Campaign
from campaigns.campaigns.states import State
from campaigns.campaigns.tasks import queue_campaign_messages
from campaigns.messages.models import Message
from campaigns.messages.services.sending import send_batch
from campaigns.outreach.models import ContactPolicy
from customers.lists.models import ListEntry, OwnList
from customers.profile.models import SubscriberProfile
from retention.core import clock
from retention.core.accounts.roles import Role
from tests.api import make_client
from tests.campaigns.messages.rows import make_reader, make_template
from tests.campaigns.offers.rows import make_offer
from tests.e2e.steps import open_as
from tests.factories import make_list_entry, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LINES = 20


@pytest.fixture
def readers(branches, settings):
    """On a list of the operator's own; SMS go out at any hour, and nowhere."""
    settings.MESSAGE_GATEWAYS = dict.fromkeys(("sms", "email", "app"), "inbox")
    ContactPolicy.objects.update(sms_from="00:00", sms_until="23:59:59.999999")
    listed = OwnList.objects.create(code="spring", name="Spring list", effect="mark", enabled=True)
    lines = [make_reader(branch=branches.outlet) for _line in range(LINES)]
    SubscriberProfile.objects.update(as_of=clock.today(), arpu=Decimal("90"))
    for line in lines:
        make_list_entry(customer=line.account.customer, kind="own", own_list=listed)
    return lines


def save(page, following: str) -> None:
    """Save the step of the wizard that is open."""
    page.click("main form .rp-form-actions button.btn-primary")
    page.wait_for_url(f"**step={following}")


def move(page, name: str, state: str, *, is_asked: bool = False) -> None:
    with page.expect_navigation():
        page.click(f"button[name=move][value={name}]")
        if is_asked:
            page.click("#ask-first button[value=yes]")
    page.locator(".rp-page-sub").get_by_text(state, exact=True).wait_for()


def test_from_the_wizard_to_sent_messages_and_an_opt_out(browse, branches, readers):
    make_template(code="spring", name="Spring offer", body="For you: {offer}.", body_zh="为您准备了{offer}。")
    for code, name in (("tea", "Tea"), ("data", "Ten gigabytes")):
        make_offer(code=code, name=name, name_zh=name)
    page, other = browse(), browse()
    open_as(page, make_user(username="mia", role=Role.MANAGER, branch=branches.province))
    open_as(other, make_user(username="ada", role=Role.ADMINISTRATOR))

    page.goto("/campaigns/new/")
    today = clock.today()
    page.fill("#id_code", "spring")
    page.fill("#id_name", "Spring messages")
    page.fill("#id_starts_on", today.isoformat())
    page.fill("#id_ends_on", (today + timedelta(days=20)).isoformat())
    save(page, "audience")
    page.select_option("#id_source", label="Spring list")
    save(page, "control")
    page.fill("#id_control_percent", "50")
    save(page, "offers")
    page.get_by_role("checkbox", name="Tea", exact=True).check()
    page.get_by_role("checkbox", name="Draw one of the offers for each customer").check()
    page.click("main form .rp-form-actions button.btn-primary")
    page.get_by_text("Offers are drawn from two or more.").first.wait_for()
    page.problems.clear()  # the browser notes the answer 422
    page.get_by_role("checkbox", name="Ten gigabytes", exact=True).check()
    save(page, "channel")
    page.select_option("#id_channel", label="SMS")
    page.select_option("#id_purpose", label="Care")
    page.select_option("#id_template", label="Spring offer (SMS)")
    save(page, "review")
    page.get_by_role("link", name="To the campaign").click()

    page.wait_for_url("**/campaigns/spring/")
    move(page, "test", "Tested")
    page.click("summary:has-text('Submit for approval')")
    page.fill("#id_submit-number", str(LINES))
    move(page, "submit", "Submitted")
    other.goto("/campaigns/spring/")
    move(other, "approve", "Approved")
    page.reload()
    move(page, "freeze", "Audience frozen", is_asked=True)
    move(page, "launch", "Running", is_asked=True)

    campaign = Campaign.objects.get(code="spring")
    assert (campaign.state, campaign.members_count) == (State.RUNNING, LINES)
    treated = campaign.members.treated().count()
    assert 0 < treated < LINES
    queue_campaign_messages()
    assert send_batch(channel="sms", now=clock.now()).sent == treated
    drawn = dict(campaign.members.treated().values_list("order_no", "offer_code"))
    for message in Message.objects.all():
        assert {"tea": "Tea", "data": "Ten gigabytes"}[drawn[message.reference]] in message.text

    page.goto("/messages/")
    page.get_by_text(f"{treated} rows").wait_for()
    assert page.get_by_text("Sent", exact=True).count() >= treated
    first = Message.objects.earliest("pk")
    answer = make_client("messages:write").post(
        "messages/replies", {"reply_no": "MO-1", "sender": first.to, "text": "TD"}
    )
    assert answer.status_code == 200
    page.goto(f"/messages/{first.reference}/")
    page.get_by_text("TD", exact=True).wait_for()
    page.goto(f"/customers/{first.subscriber.subscriber_no}/")
    page.get_by_text("Do not disturb").first.wait_for()
    assert ListEntry.objects.filter(kind="do_not_disturb", channel="sms").get().customer_id == first.customer_id
    assert page.problems == other.problems == []
