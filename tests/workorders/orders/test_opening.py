"""From the night's hits to orders."""

from datetime import timedelta

import pytest

from campaigns.outreach.models import RefusalReason
from campaigns.scenarios.models import ScenarioHit
from customers.contacts.models import ContactRecord
from customers.grants.models import CustomerGrant
from customers.lists.models import ListEntry
from tests.factories import NOW, TODAY, make_branch, make_list_entry, make_team
from tests.workorders.rows import make_hit, make_line, make_scenario, open_orders
from workorders.order_types.models import OrderType
from workorders.order_types.services import install_order_types
from workorders.orders.models import WorkOrder
from workorders.orders.services.auto_close import auto_close_orders
from workorders.orders.services.scenario_opening import OpeningReport, open_from_hits
from workorders.orders.states import State

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def types():
    install_order_types()


def test_a_hit_becomes_a_queued_order_with_its_evidence_and_its_risk():
    line = make_line()
    team = make_team(branch=line.branch)
    hit = make_hit(subscriber=line, scenario=make_scenario(code="S4", priority=3))
    result = open_from_hits(as_of=TODAY, now=NOW)
    assert result == OpeningReport(opened=1, merged=0, refused=0, held=0, refused_because={})
    order = WorkOrder.objects.get()
    assert (order.state, order.team, order.assignee) == (State.QUEUED, team, None)
    assert (order.type.code, order.source, order.priority) == ("churn_retention", "S4", 3)
    assert order.evidence[0]["facts"] == {"bill_change": -0.42, "arpu": "120.00"}
    assert (order.probability, order.expected_gain) == (0.5, 50)
    assert order.due_at == NOW + timedelta(hours=order.type.due_hours)
    hit.refresh_from_db()
    assert (hit.state, hit.order_no) == (ScenarioHit.State.OPENED, order.order_no)
    assert [(line.move, line.to_state) for line in order.transitions.all()] == [("open", State.QUEUED)]
    assert ContactRecord.objects.get().order_no == order.order_no
    assert CustomerGrant.objects.get().team == team


def test_running_it_again_changes_nothing():
    make_hit()
    open_from_hits(as_of=TODAY, now=NOW)
    before = list(WorkOrder.objects.values()) + list(ContactRecord.objects.values())
    assert open_from_hits(as_of=TODAY, now=NOW + timedelta(hours=1)).opened == 0
    assert list(WorkOrder.objects.values()) + list(ContactRecord.objects.values()) == before


def test_several_hits_of_one_customer_become_one_order_of_the_most_urgent_scenario():
    line = make_line()
    urgent, mild = make_scenario(code="S13", priority=1), make_scenario(code="S8", priority=6, order_type="renewal")
    make_hit(subscriber=line, scenario=mild, gain=900)
    make_hit(subscriber=line, scenario=urgent, gain=10)
    result = open_from_hits(as_of=TODAY, now=NOW)
    assert (result.opened, result.merged) == (1, 1)
    order = WorkOrder.objects.get()
    assert (order.source, order.type.code) == ("S13", "churn_retention")
    assert [one["scenario"] for one in order.evidence] == ["S13", "S8"]
    assert set(ScenarioHit.objects.values_list("state", "order_no")) == {("opened", order.order_no)}


def test_two_lines_of_one_customer_become_one_order():
    first = make_line()
    second = make_line(account=first.account, branch=first.branch)
    make_hit(subscriber=first, gain=10)
    make_hit(subscriber=second, gain=20)
    assert open_from_hits(as_of=TODAY, now=NOW).opened == 1
    assert WorkOrder.objects.get().subscriber == second


def test_a_customer_with_an_open_order_gets_no_second_one_but_the_evidence():
    line = make_line()
    (order,) = open_orders(make_hit(subscriber=line))
    later = make_hit(subscriber=line, scenario=make_scenario(code="S17"))
    result = open_from_hits(as_of=TODAY, now=NOW + timedelta(hours=1))
    assert result.refused_because == {"order_open": 1}
    later.refresh_from_db()
    assert later.reason == RefusalReason.ORDER_OPEN
    order.refresh_from_db()
    assert [one["scenario"] for one in order.evidence] == [order.source, "S17"]


def test_the_gate_refuses_and_the_hit_says_why():
    line = make_line()
    make_list_entry(customer=line.account.customer, kind=ListEntry.Kind.BLACKLIST)
    hit = make_hit(subscriber=line)
    result = open_from_hits(as_of=TODAY, now=NOW)
    assert (result.opened, result.refused_because) == (0, {"blacklisted": 1})
    hit.refresh_from_db()
    assert (hit.state, hit.reason) == (ScenarioHit.State.REFUSED, RefusalReason.BLACKLISTED)
    assert not WorkOrder.objects.exists()


def test_when_the_first_purpose_is_refused_the_next_scenario_may_open_the_order():
    line = make_line()
    line.consents.create(purpose="retention", channel="call", granted=False, at=NOW, source="web")
    make_hit(subscriber=line, scenario=make_scenario(code="S13", priority=1))
    make_hit(subscriber=line, scenario=make_scenario(code="S8", priority=5, order_type="renewal", purpose="renewal"))
    result = open_from_hits(as_of=TODAY, now=NOW)
    assert (result.opened, result.refused_because) == (1, {"consent_refused": 1})
    assert WorkOrder.objects.get().source == "S8"


def test_a_hit_for_a_type_that_is_switched_off_is_held():
    OrderType.objects.filter(code="care").update(active=False)
    hit = make_hit(scenario=make_scenario(order_type="care"))
    assert open_from_hits(as_of=TODAY, now=NOW).held == 1
    hit.refresh_from_db()
    assert hit.state == ScenarioHit.State.HELD


def test_running_orders_keep_the_version_of_their_type():
    (first,) = open_orders(make_hit())
    OrderType.objects.create(
        code="churn_retention", version=2, name="Churn retention", purpose="retention", due_hours=1
    )
    (second,) = open_orders(make_hit(scenario=make_scenario()))
    first.refresh_from_db()
    assert (first.type.version, second.type.version) == (1, 2)


def test_the_order_goes_to_the_group_of_the_nearest_branch(branches):
    make_team(branch=branches.province)
    near = make_team(branch=branches.city)
    make_team(branch=branches.other)
    in_outlet, in_other = make_line(branch=branches.outlet), make_line(branch=branches.other)
    first, second = open_orders(make_hit(subscriber=in_outlet), make_hit(subscriber=in_other))
    assert first.team == near
    assert second.team.branch == branches.other


def test_without_any_group_the_order_waits_for_a_supervisor():
    (order,) = open_orders(make_hit(subscriber=make_line(branch=make_branch())))
    assert order.team is None
    assert order.state == State.QUEUED


def test_orders_of_lines_that_left_and_orders_nobody_came_to_are_ended():
    gone, forgotten, fresh = open_orders(make_hit(), make_hit(), make_hit())
    type(gone.subscriber).objects.filter(pk=gone.subscriber_id).update(status="terminated")
    WorkOrder.objects.filter(pk=forgotten.pk).update(due_at=NOW - timedelta(days=15))
    assert auto_close_orders(as_of=TODAY, now=NOW) == 2
    assert auto_close_orders(as_of=TODAY, now=NOW) == 0
    assert set(WorkOrder.objects.values_list("pk", "state")) == {
        (gone.pk, State.CANCELLED), (forgotten.pk, State.CANCELLED), (fresh.pk, State.QUEUED),
    }  # fmt: skip
    assert ContactRecord.objects.filter(state=ContactRecord.State.RELEASED).count() == 2
