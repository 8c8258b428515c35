"""Two workers open the orders of one campaign at once, and one is killed in the middle of a chunk."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from campaigns.campaigns.models import CampaignMember
from campaigns.campaigns.services import execution, settling
from campaigns.campaigns.states import MemberState, State
from customers.contacts.models import ContactRecord
from tests.campaigns.campaigns.rows import make_campaign, make_member
from tests.campaigns.rows import make_line
from tests.factories import NOW, TODAY, make_user
from workorders.order_types.services import install_order_types
from workorders.orders.models import WorkOrder
from workorders.orders.services import campaign_opening
from workorders.orders.services.campaign_opening import open_from_campaigns

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def campaign(monkeypatch):
    monkeypatch.setattr(settling, "MEMBERS_PER_CHUNK", 3)
    install_order_types()
    manager = make_user(role="administrator")
    campaign = make_campaign(state=State.FROZEN, frozen_on=TODAY, waves=1, daily_cap=10)
    for _ in range(12):
        make_member(campaign=campaign, line=make_line())
    return execution.launch(actor=manager, code=campaign.code, version=1, now=NOW)


def test_two_workers_open_each_order_once_and_keep_the_cap(campaign):
    start = Barrier(2)

    def work(_number: int) -> int:
        start.wait()
        try:
            return open_from_campaigns(now=NOW).opened
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        opened = list(pool.map(work, range(2)))
    assert sum(opened) == 10
    assert WorkOrder.objects.count() == WorkOrder.objects.values("customer").distinct().count() == 10
    assert CampaignMember.objects.filter(state=MemberState.DUE).count() == 2


def test_a_run_that_is_killed_in_a_chunk_is_taken_up_by_the_next_one(campaign, monkeypatch):
    settle, calls = campaign_opening.settle_members, []

    def killed_in_the_second(**given):
        calls.append(given)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return settle(**given)

    monkeypatch.setattr(campaign_opening, "settle_members", killed_in_the_second)
    with pytest.raises(KeyboardInterrupt):
        open_from_campaigns(now=NOW)
    assert WorkOrder.objects.count() == ContactRecord.objects.filter(state="reserved").count() == 3
    monkeypatch.setattr(campaign_opening, "settle_members", settle)
    assert open_from_campaigns(now=NOW).opened == 7
    members = CampaignMember.objects.filter(state=MemberState.OPENED)
    assert set(members.values_list("order_no", flat=True)) == set(WorkOrder.objects.values_list("order_no", flat=True))
