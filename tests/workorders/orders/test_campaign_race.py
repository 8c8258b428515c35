"""Two workers open the orders of one campaign at once, and one is killed in the middle of a chunk."""

import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier, Event, get_ident

import pytest
from django.db import OperationalError, connection

from campaigns.campaigns.models import Campaign, CampaignMember
from campaigns.campaigns.services import execution, settling
from campaigns.campaigns.states import MemberState, State
from campaigns.outreach.models import RefusalReason
from customers.contacts.models import ContactRecord
from customers.facts.models import Subscriber
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


@contextmanager
def one_worker_amid_its_first_chunk(monkeypatch) -> Iterator[tuple[Event, Future]]:
    """Until the event is set, the chunk's orders are written and not committed."""
    amid, go_on = Event(), Event()
    settle = campaign_opening.settle_members

    def hold(**given):
        if get_ident() == worker[0] and not amid.is_set():
            amid.set()
            assert go_on.wait(60)
        return settle(**given)

    def work() -> int:
        worker.append(get_ident())
        try:
            return open_from_campaigns(now=NOW).opened
        finally:
            connection.close()

    worker: list[int] = []
    monkeypatch.setattr(campaign_opening, "settle_members", hold)
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(work)
        try:
            assert amid.wait(60)
            yield go_on, running
        finally:
            go_on.set()


def without_cap(campaign: Campaign) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(daily_cap=None)


def test_without_a_cap_a_second_worker_opens_the_others_meanwhile(campaign, monkeypatch):
    without_cap(campaign)
    with one_worker_amid_its_first_chunk(monkeypatch) as (go_on, running):
        assert open_from_campaigns(now=NOW).opened == 9
        go_on.set()
        assert running.result() == 3
    assert WorkOrder.objects.values("customer").distinct().count() == 12
    assert not CampaignMember.objects.exclude(state=MemberState.OPENED).exists()


def test_no_more_workers_than_there_are_seats(campaign, monkeypatch):
    without_cap(campaign)
    monkeypatch.setattr(campaign_opening, "OPENERS", 1)
    with one_worker_amid_its_first_chunk(monkeypatch) as (go_on, running):
        assert open_from_campaigns(now=NOW).opened == 0
        go_on.set()
        assert running.result() == 12


def test_a_stop_waits_for_the_chunk_at_hand_and_nothing_is_opened_after_it(campaign, monkeypatch):
    without_cap(campaign)
    stop = {"actor": make_user(role="administrator"), "code": campaign.code, "reason": "Enough"}
    with one_worker_amid_its_first_chunk(monkeypatch) as (go_on, running):
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '200ms'")
        with pytest.raises(OperationalError, match="lock timeout"):
            execution.stop(**stop, now=NOW)
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")
        with ThreadPoolExecutor(1) as pool:
            stopping = pool.submit(stopped, stop)
            wait_for_somebody_who_waits()
            go_on.set()
            stopping.result()
            assert running.result() == 3  # of the chunk that was at hand; the stop was next in the line
    assert list(WorkOrder.objects.values_list("state", flat=True)) == ["cancelled"] * 3
    assert CampaignMember.objects.filter(state=MemberState.WITHDRAWN).count() == 12


def test_two_customers_at_one_number_are_not_both_asked_for(campaign, monkeypatch):
    """The second worker's chunk holds a customer whose number is in the first worker's chunk."""
    without_cap(campaign)
    lines = list(CampaignMember.objects.filter(campaign=campaign).due().values_list("subscriber", flat=True))
    Subscriber.objects.filter(pk__in=(lines[0], lines[3])).update(phone_number="13800000001")
    with one_worker_amid_its_first_chunk(monkeypatch) as (go_on, running), ThreadPoolExecutor(1) as pool:
        second = pool.submit(opened_by_another)
        wait_for_somebody_who_waits()
        go_on.set()
        assert running.result() + second.result() == 11
    member = CampaignMember.objects.get(subscriber=lines[3])
    assert (member.state, member.reason) == (MemberState.RESTING, RefusalReason.ALREADY_RESERVED)


def opened_by_another() -> int:
    try:
        return open_from_campaigns(now=NOW).opened
    finally:
        connection.close()


def stopped(what: dict) -> None:
    try:
        execution.stop(**what, now=NOW)
    finally:
        connection.close()


def wait_for_somebody_who_waits() -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'advisory'")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.02)
    raise AssertionError("nobody waits")
