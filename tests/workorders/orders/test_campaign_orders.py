"""From launch to orders: waves, caps, capacity, a second run, two campaigns for one customer, pausing and stopping."""

from datetime import timedelta

import pytest

from campaigns.campaigns.models import Campaign, Pace
from campaigns.campaigns.queries.monitoring import monitor
from campaigns.campaigns.rules import Work, orders_now
from campaigns.campaigns.services import execution
from campaigns.campaigns.services.notices import report_owner
from campaigns.campaigns.states import Arm, MemberState, State
from campaigns.outreach.models import HeldOut, RefusalReason
from customers.contacts.models import ContactRecord
from customers.facts.models import Customer, Subscriber
from retention.core.audit.models import AuditEntry
from retention.core.errors import Conflict
from retention.core.notices.models import Notice
from tests.campaigns.campaigns.rows import make_campaign, make_member
from tests.campaigns.offers.rows import make_offer
from tests.campaigns.rows import make_line
from tests.factories import NOW, TODAY, make_list_entry
from workorders.order_types.services import install_order_types
from workorders.orders.models import WorkOrder
from workorders.orders.services.campaign_opening import open_from_campaigns
from workorders.orders.services.claiming import next_order
from workorders.orders.services.outcomes import record_outcome
from workorders.orders.text import causes
from workorders.proposals.queries import offers_pane

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def types(db):
    install_order_types()


def frozen(lines, *, arms=(), **given) -> Campaign:
    """A campaign whose members are these lines, the first the most worthwhile; arms: of each, by default treated."""
    size = given.get("wave_size")
    campaign = make_campaign(state=State.FROZEN, frozen_on=TODAY, **given)
    for place, line in enumerate(lines):
        arm = arms[place] if arms else Arm.TREATED
        wave = place // size + 1 if size else 1
        make_member(campaign=campaign, line=line, arm=arm, wave=wave, expected_gain=100 - place)
    campaign.members_count, campaign.waves = len(lines), wave
    campaign.treated_count = campaign.members.treated().count()
    campaign.save()
    return campaign


def launched(mia, lines, **given) -> Campaign:
    campaign = frozen(lines, **given)
    return execution.launch(actor=mia, code=campaign.code, version=1, now=NOW)


def states(campaign) -> list[str]:
    return list(campaign.members.order_by("wave", "-expected_gain").values_list("state", flat=True))


@pytest.fixture
def lines(branches):
    return [make_line(branch=branches.city) for _ in range(6)]


def test_the_launch_opens_the_wave_and_the_orders_go_through_the_gate(mia, lines):
    make_list_entry(customer=Customer.objects.get(pk=lines[1].customer_id), kind="blacklist")
    campaign = launched(mia, lines[:3], arms=[Arm.TREATED, Arm.TREATED, Arm.CONTROL])
    assert (campaign.state, campaign.enabled, campaign.launched_at) == (State.RUNNING, True, NOW)
    done = open_from_campaigns(now=NOW)
    assert (done.opened, done.resting, done.refused) == (1, 0, 1)
    order = WorkOrder.objects.get()
    assert (order.subscriber_id, order.origin_kind, order.origin_key) == (lines[0].pk, "campaign", campaign.code)
    assert order.source == f"campaign:{campaign.code}"
    assert (order.purpose, order.priority, order.expected_gain) == ("retention", 5, 100)
    first, second, third = campaign.members.order_by("-expected_gain")
    assert (first.state, first.order_no, first.opened_on) == (MemberState.OPENED, order.order_no, TODAY)
    assert (second.state, second.reason) == (MemberState.REFUSED, "blacklisted")
    assert (third.state, third.launched_on) == (MemberState.LEFT_ALONE, TODAY)
    ledger = ContactRecord.objects.get(order_no=order.order_no)
    assert (ledger.source, ledger.state) == (f"campaign:{campaign.code}", "reserved")
    assert WorkOrder.objects.from_source(order.source).get() == order
    assert order.transitions.get().detail == {"source": f"campaign:{campaign.code}", "due_minutes": 48 * 60}


def test_a_second_run_opens_nothing(mia, lines):
    launched(mia, lines)
    assert open_from_campaigns(now=NOW).opened == 6
    assert open_from_campaigns(now=NOW).opened == 0
    assert WorkOrder.objects.count() == 6


def test_more_members_than_a_chunk(mia, lines, monkeypatch):
    monkeypatch.setattr("campaigns.campaigns.services.settling.MEMBERS_PER_CHUNK", 2)
    launched(mia, lines)
    assert open_from_campaigns(now=NOW).opened == 6
    assert AuditEntry.objects.get(action="order.open").detail["opened"] == 6


def test_a_wave_a_day_for_both_arms(mia, lines):
    arms = [Arm.TREATED, Arm.TREATED, Arm.TREATED, Arm.CONTROL, Arm.TREATED, Arm.TREATED]
    campaign = launched(mia, lines, arms=arms, wave_size=2)
    open_from_campaigns(now=NOW)
    assert states(campaign) == ["opened", "opened", "waiting", "left_alone", "waiting", "waiting"]
    assert execution.advance_campaigns(now=NOW) == 0
    assert execution.advance_campaigns(now=NOW + DAY) == 1
    open_from_campaigns(now=NOW + DAY)
    assert states(campaign) == ["opened", "opened", "opened", "left_alone", "waiting", "waiting"]
    days = dict(campaign.members.values_list("wave", "launched_on"))
    assert days == {1: TODAY, 2: TODAY + DAY, 3: None}


def test_all_at_once(mia, lines):
    campaign = launched(mia, lines, wave_size=2, pace=Pace.AT_ONCE)
    open_from_campaigns(now=NOW)
    assert set(states(campaign)) == {"opened"}


def test_the_daily_cap_holds_over_runs_and_is_new_each_day(mia, lines):
    campaign = launched(mia, lines, daily_cap=4)
    assert open_from_campaigns(now=NOW).opened == 4
    assert open_from_campaigns(now=NOW).opened == 0
    assert states(campaign)[4:] == ["due", "due"]  # the most worthwhile went first
    assert open_from_campaigns(now=NOW + DAY).opened == 2


def test_no_more_orders_than_the_agents_close(mia, lines):
    campaign = launched(mia, lines, pace=Pace.CAPACITY)
    assert open_from_campaigns(now=NOW).opened == 0  # nobody closes anything
    assert set(states(campaign)) == {"due"}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"daily_cap": None, "by_capacity": False}, None),
        ({"daily_cap": 10, "by_capacity": False, "opened_today": 7}, 3),
        ({"daily_cap": 10, "by_capacity": False, "opened_today": 12}, 0),
        ({"daily_cap": None, "by_capacity": True, "work": Work(5, 10.0)}, 15),
        ({"daily_cap": 4, "by_capacity": True, "work": Work(5, 10.0)}, 4),
        ({"daily_cap": None, "by_capacity": True, "work": Work(50, 10.0)}, 0),
        ({"daily_cap": None, "by_capacity": True}, 0),
    ],
)
def test_how_many_orders_may_open(given, expected):
    assert orders_now(**{"opened_today": 0, "backlog_days": 2, "work": None} | given) == expected


def test_of_two_campaigns_the_more_urgent_gets_the_customer_and_the_loser_rests(mia, lines):
    late = launched(mia, lines[:1], priority=6)
    first = launched(mia, lines[:1], priority=2)
    assert open_from_campaigns(now=NOW).opened == 1
    assert WorkOrder.objects.get().origin_key == first.code
    loser = late.members.get()
    assert (loser.state, loser.reason) == (MemberState.RESTING, RefusalReason.ORDER_OPEN)
    assert loser.again_on == TODAY + 7 * DAY
    execution.advance_campaigns(now=NOW + 6 * DAY)
    assert late.members.get().state == MemberState.RESTING
    execution.advance_campaigns(now=NOW + 7 * DAY)
    assert late.members.get().state == MemberState.DUE


def test_a_line_that_has_left_is_not_asked_for(mia, lines):
    campaign = launched(mia, lines[:2])
    Subscriber.objects.filter(pk=lines[0].pk).update(status="terminated", terminated_on=TODAY)
    assert open_from_campaigns(now=NOW).opened == 1
    assert states(campaign) == ["gone", "opened"]
    assert WorkOrder.objects.get().subscriber_id == lines[1].pk


def test_a_paused_campaign_opens_nothing_until_it_goes_on(mia, lines):
    campaign = launched(mia, lines)
    execution.pause(actor=mia, code=campaign.code, reason="Complaints", now=NOW)
    assert open_from_campaigns(now=NOW).opened == 0
    campaign.refresh_from_db()
    assert (campaign.state, campaign.enabled, campaign.paused_because) == (State.PAUSED, False, "Complaints")
    execution.resume(actor=mia, code=campaign.code)
    assert open_from_campaigns(now=NOW).opened == 6


def test_a_stop_takes_back_what_nobody_has_begun_and_what_is_in_hand_goes_on(mia, ana, lines):
    campaign = launched(mia, lines[:4], wave_size=3)
    open_from_campaigns(now=NOW)
    taken = next_order(agent=ana, now=NOW)
    stopped = execution.stop(actor=mia, code=campaign.code, reason="Too many complaints", now=NOW)
    assert (stopped.state, stopped.ended_because, stopped.ended_at) == (State.MEASURING, "Too many complaints", NOW)
    orders = dict(WorkOrder.objects.values_list("order_no", "state"))
    assert orders.pop(taken.order_no) == "assigned"
    assert set(orders.values()) == {"cancelled"}
    assert sorted(states(campaign)) == ["opened", "withdrawn", "withdrawn", "withdrawn"]
    assert ContactRecord.objects.filter(state="reserved").get().order_no == taken.order_no
    assert open_from_campaigns(now=NOW).opened == 0


def test_a_stop_ends_the_holding_as_many_days_later_as_were_planned(mia, lines):
    campaign = frozen(lines, measure_days=30)
    HeldOut.objects.create(
        customer_id=lines[0].customer_id, origin=f"campaign:{campaign.code}", purpose="retention", since=TODAY,
        until=campaign.ends_on + 30 * DAY,
    )  # fmt: skip
    execution.launch(actor=mia, code=campaign.code, version=1, now=NOW)
    execution.stop(actor=mia, code=campaign.code, reason="x", now=NOW)
    assert HeldOut.objects.get().until == TODAY + 30 * DAY
    execution.evaluate(actor=mia, code=campaign.code)
    assert not HeldOut.objects.exists()


def test_after_the_last_day_it_is_measured(mia, lines):
    campaign = launched(mia, lines, wave_size=2, ends_on=TODAY + DAY)
    open_from_campaigns(now=NOW)
    execution.advance_campaigns(now=NOW + 2 * DAY)
    campaign.refresh_from_db()
    assert campaign.state == State.MEASURING
    assert states(campaign) == ["opened", "opened", "withdrawn", "withdrawn", "withdrawn", "withdrawn"]


def test_it_is_launched_on_its_days_only(mia, lines):
    campaign = frozen(lines, starts_on=TODAY + DAY)
    with pytest.raises(Conflict) as error:
        execution.launch(actor=mia, code=campaign.code, version=1, now=NOW)
    assert error.value.code == "not_its_days"


def test_a_stop_rule_pauses_it_and_people_are_told(mia, lines):
    campaign = launched(mia, lines)
    execution.pause(actor=None, code=campaign.code, reason="More of the treated leave.", now=NOW)
    campaign.refresh_from_db()
    assert campaign.state == State.PAUSED
    assert Notice.objects.get(message="campaign.paused").person == mia
    execution.pause(actor=None, code=campaign.code, reason="again", now=NOW)
    assert Notice.objects.filter(message="campaign.paused").count() == 1


def test_the_owner_who_left_is_told_of_once(mia, ada, lines):
    campaign = launched(mia, lines, owner=ada)
    ada.is_active = False
    ada.save()
    assert report_owner(user=ada, now=NOW) == 1
    assert report_owner(user=ada, now=NOW) == 0
    assert Notice.objects.get(message="campaign.owner_left").params["campaign"] == campaign.code


def test_the_agent_reads_the_campaign_its_script_and_its_offers(mia, lines):
    offer = make_offer(name="Ten gigabytes")
    launched(mia, lines[:1], script="Thank {customer}.", offer_codes=[offer.code], name="Autumn thanks")
    open_from_campaigns(now=NOW)
    (cause,) = causes(WorkOrder.objects.get(), today=TODAY)
    assert cause.title == "Autumn thanks"
    assert cause.hint.endswith("To offer: Ten gigabytes.")


def test_the_agent_is_told_which_offer_was_drawn_and_sees_it_first(mia, ana, lines):
    for code in ("dear", "drawn"):
        make_offer(code=code, name=code.title(), cost=1 if code == "dear" else 9)
    campaign = launched(mia, lines[:1], offer_codes=["dear", "drawn"], draw_offers=True)
    campaign.members.update(offer_code="drawn")
    open_from_campaigns(now=NOW)
    order = next_order(agent=ana, now=NOW)
    (cause,) = causes(order, today=TODAY)
    assert cause.hint == "To offer first: Drawn."
    pane = offers_pane(WorkOrder.objects.for_call().get(pk=order.pk), now=NOW, may_propose=True)
    assert [(one.offer.code, one.is_drawn) for one in pane["offers"]] == [("drawn", True), ("dear", False)]
    campaign.members.update(offer_code="")
    pane = offers_pane(WorkOrder.objects.for_call().get(pk=order.pk), now=NOW, may_propose=True)
    assert [(one.offer.code, one.is_drawn) for one in pane["offers"]] == [("dear", False), ("drawn", False)]
    assert pane["drawn"] == ""


def test_the_monitor_follows_members_to_those_kept(mia, ana, lines, branches):
    campaign = launched(mia, lines[:3])
    open_from_campaigns(now=NOW)
    order = next_order(agent=ana, now=NOW)
    record_outcome(order_no=order.order_no, agent=ana, disposition="retained", version=order.version, now=NOW)
    found = monitor(campaign, user=mia)
    assert (found.whole.target, found.whole.allowed) == (3, 3)
    made = found.whole.progress
    assert (made.contacted, made.reached, made.accepted, made.kept) == (1, 1, 1, 1)
    Subscriber.objects.update(status="terminated", terminated_on=TODAY)
    assert monitor(campaign, user=mia).whole.progress.kept == 0
    assert list(found.by_branch) == [branches.city.pk]
