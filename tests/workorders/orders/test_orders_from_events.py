"""From an event to an order on somebody's desk."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from campaigns.outreach.models import ContactPolicy, RefusalReason
from campaigns.scenarios.models import EventReaction, Scenario, ScenarioHit
from campaigns.scenarios.services.events import react_to_events
from campaigns.scenarios.services.installation import install_scenarios
from customers.batches.api.views import REACT_TASK
from customers.contacts.models import ContactRecord
from customers.facts.models import Consent
from customers.lists.models import ListEntry
from retention.celery import app as celery
from retention.core import clock
from tests.api import make_client
from tests.factories import NOW, TODAY, make_contact, make_event, make_list_entry, make_subscriber
from tests.workorders.rows import DAY, HOUR, MINUTE, make_floor, make_hit, make_line, make_orders, open_orders
from workorders.order_types.models import OrderType
from workorders.order_types.services import install_order_types
from workorders.orders.models import WorkOrder
from workorders.orders.services.claiming import claim_next
from workorders.orders.services.outcomes import record_outcome
from workorders.orders.services.scenario_opening import open_from_events, open_from_hits
from workorders.orders.states import State

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def shipped(request):
    install_order_types()
    install_scenarios()


def asks_to_leave(line, **given):
    return make_event(subscriber=line, kind="termination_request", **given)


def test_a_termination_request_is_an_order_at_once_and_is_worked_first():
    team, (ana,) = make_floor()
    make_orders(2, team=team)
    WorkOrder.objects.update(due_at=NOW - DAY, priority=2)
    line = make_line(branch=team.branch)
    asks_to_leave(line)
    result = open_from_events(now=NOW)
    assert (result.events["hit"], result.orders.opened) == (1, 1)
    order = claim_next(agent=ana, now=NOW)
    assert (order.subscriber_id, order.source, order.priority) == (line.pk, "S23", 1)
    assert (order.type.code, order.due_at, order.opened_on) == ("termination_retention", NOW + 2 * HOUR, TODAY)
    assert order.evidence[0]["facts"]["event"] == "termination_request"
    hit = ScenarioHit.objects.get(event__isnull=False)
    assert (hit.state, hit.order_no) == (ScenarioHit.State.OPENED, order.order_no)


def test_reacting_again_changes_nothing():
    asks_to_leave(make_line())
    open_from_events(now=NOW)
    before = [list(model.objects.values()) for model in (WorkOrder, ScenarioHit, EventReaction, ContactRecord)]
    again = open_from_events(now=NOW + MINUTE)
    assert (again.events["hit"], again.orders.opened, again.orders.merged) == (0, 0, 0)
    after = [list(model.objects.values()) for model in (WorkOrder, ScenarioHit, EventReaction, ContactRecord)]
    assert after == before


def test_what_a_killed_run_left_half_done_is_done_by_the_next():
    asks_to_leave(make_line())
    react_to_events(now=NOW)  # killed here: the hit is written, the order is not
    assert not WorkOrder.objects.exists()
    result = open_from_events(now=NOW + MINUTE)
    assert (result.events["hit"], result.orders.opened) == (0, 1)


def test_a_line_without_a_profile_gets_its_order_too():
    line = make_subscriber()
    asks_to_leave(line)
    open_from_events(now=NOW)
    order = WorkOrder.objects.get()
    assert (order.subscriber, order.probability, order.expected_gain) == (line, None, None)


def test_caps_do_not_stop_a_termination_request_but_stop_other_events():
    line, other = make_line(), make_line()
    for one in (line, other):
        for days in range(3):
            make_contact(subscriber=one, at=NOW - days * DAY - HOUR)
    asks_to_leave(line)
    make_event(subscriber=other, kind="port_out_inquiry")
    result = open_from_events(now=NOW)
    assert (result.orders.opened, result.orders.refused_because) == (1, {"attempts_spent": 1})
    assert WorkOrder.objects.get().subscriber == line
    assert ContactPolicy.objects.current().uncapped == ["service"]


def test_a_customer_who_may_not_be_contacted_is_left_alone():
    line = make_line()
    make_list_entry(customer=line.account.customer, kind=ListEntry.Kind.BLACKLIST)
    asks_to_leave(line)
    assert open_from_events(now=NOW).orders.refused_because == {"blacklisted": 1}
    assert ScenarioHit.objects.get().reason == RefusalReason.BLACKLISTED


def test_an_order_that_is_open_learns_of_it_and_becomes_urgent():
    team, (ana,) = make_floor()
    (order,) = make_orders(1, team=team)
    claim_next(agent=ana, now=NOW)
    record_outcome(order_no=order.order_no, agent=ana, disposition="no_answer", version=None, now=NOW)
    order.refresh_from_db()
    before = (order.version, order.due_at)
    assert order.not_before == NOW + 4 * HOUR
    asks_to_leave(order.subscriber)
    result = open_from_events(now=NOW + HOUR)
    assert (result.orders.opened, result.orders.merged, result.orders.refused) == (0, 1, 0)
    order.refresh_from_db()
    assert (order.priority, order.due_at, order.not_before) == (1, NOW + 3 * HOUR, None)
    assert before[1] > order.due_at
    assert [one["scenario"] for one in order.evidence][-1] == "S23"
    raised = order.transitions.get(version=before[0] + 1)
    assert (raised.move, raised.from_state, raised.to_state, raised.detail) == (
        "raise", State.QUEUED, State.QUEUED, {"source": "S23", "due_minutes": 120},
    )  # fmt: skip
    assert str(raised.move_label) == "Made urgent"
    assert order.version == order.transitions.count()
    hit = ScenarioHit.objects.get(event__isnull=False)
    assert (hit.state, hit.order_no) == (ScenarioHit.State.OPENED, order.order_no)
    assert claim_next(agent=ana, now=NOW + HOUR).pk == order.pk


def test_a_less_urgent_event_does_not_put_an_urgent_order_back():
    asks_to_leave(line := make_line())
    open_from_events(now=NOW)
    make_event(subscriber=line, kind="online_abandon", at=NOW + HOUR)
    open_from_events(now=NOW + HOUR)
    order = WorkOrder.objects.get()
    assert (order.priority, order.due_at) == (1, NOW + 2 * HOUR)
    assert [one["scenario"] for one in order.evidence] == ["S23", "S22"]


def test_an_appointment_stays_where_it_was_promised():
    team, (ana,) = make_floor()
    (order,) = make_orders(1, team=team)
    claim_next(agent=ana, now=NOW)
    at = NOW + DAY
    record_outcome(order_no=order.order_no, agent=ana, disposition="callback", appointment_at=at, version=None, now=NOW)
    asks_to_leave(order.subscriber)
    open_from_events(now=NOW + HOUR)
    order.refresh_from_db()
    assert (order.state, order.appointment_at, order.priority) == (State.WAITING, at, 1)


def test_the_reactor_leaves_the_hits_of_the_night_to_the_night():
    make_hit()
    assert open_from_events(now=NOW).orders.opened == 0
    assert open_from_hits(as_of=TODAY, now=NOW).opened == 1


def test_hits_of_the_night_and_of_an_event_become_one_order():
    hit = make_hit(subscriber=(line := make_line()), scenario=Scenario.objects.get(code="S4"))
    asks_to_leave(line)
    react_to_events(now=NOW)
    (order,) = open_orders(hit)
    assert (order.source, [one["scenario"] for one in order.evidence]) == ("S23", ["S23", hit.scenario.code])


def test_a_second_request_after_the_order_ended_opens_a_new_one():
    team, (ana,) = make_floor()
    line = make_line(branch=team.branch)
    asks_to_leave(line)
    open_from_events(now=NOW)
    order = claim_next(agent=ana, now=NOW)
    done = {"disposition": "retained", "answers": {"main_reason": "price"}, "version": None}
    record_outcome(order_no=order.order_no, agent=ana, now=NOW, **done)
    asks_to_leave(line, at=NOW + HOUR)
    assert open_from_events(now=NOW + HOUR).orders.opened == 1
    assert WorkOrder.objects.count() == 2


def test_an_event_for_a_type_that_is_switched_off_is_held():
    OrderType.objects.filter(code="termination_retention").update(active=False)
    asks_to_leave(make_line())
    assert open_from_events(now=NOW).orders.held == 1


def test_a_refused_consent_for_service_calls_is_kept_to():
    line = make_line()
    Consent.objects.create(subscriber=line, purpose="service", channel="call", granted=False, at=NOW, source="web")
    asks_to_leave(line)
    assert open_from_events(now=NOW).orders.refused_because == {"consent_refused": 1}


def at_once(*deeds):
    start = Barrier(len(deeds))

    def one(deed):
        try:
            start.wait(timeout=10)
            return deed()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(one, deeds))


@pytest.mark.django_db(transaction=True)
def test_several_reactors_at_once_act_on_each_event_exactly_once():
    lines = [make_line() for _line in range(12)]
    for line in lines:
        asks_to_leave(line)
        make_event(subscriber=line, kind="port_out_inquiry")
    results = at_once(*[lambda: open_from_events(now=NOW)] * 4)
    assert sum(result.events["hit"] for result in results) == 24
    assert sum(result.orders.opened for result in results) == 12
    assert EventReaction.objects.count() == 24
    hits = ScenarioHit.objects.all()
    assert hits.count() == 24
    assert {hit.state for hit in hits} == {ScenarioHit.State.OPENED}
    orders = WorkOrder.objects.all()
    assert sorted(orders.values_list("subscriber", flat=True)) == sorted(line.pk for line in lines)
    assert {order.source for order in orders} <= {"S23", "S20"}
    # Whichever came first, each order knows of both, and its trail is whole.
    for order in orders:
        assert sorted(one["scenario"] for one in order.evidence) == ["S20", "S23"]
        assert order.version == order.transitions.count()


@pytest.mark.django_db(transaction=True)
def test_the_night_and_the_reactor_at_once_lose_no_termination_request():
    lines = [make_line() for _line in range(20)]
    for line in lines:
        make_hit(subscriber=line, scenario=Scenario.objects.get(code="S4"))
        asks_to_leave(line)
    react_to_events(now=NOW)
    at_once(lambda: open_from_hits(as_of=TODAY, now=NOW), lambda: open_from_events(now=NOW))
    assert WorkOrder.objects.count() == 20
    asked = ScenarioHit.objects.filter(scenario__code="S23")
    assert {hit.state for hit in asked} == {ScenarioHit.State.OPENED}
    assert all("S23" in [one["scenario"] for one in order.evidence] for order in WorkOrder.objects.all())


def test_the_task_reacts(settings):
    from retention.tasks import react as task

    asks_to_leave(make_line())
    with clock.freeze(NOW + timedelta(seconds=30)):
        task()
    assert WorkOrder.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_what_billing_sends_is_an_order_and_billing_is_told_to_wait():
    line, billing = make_line(), make_client("events:write", "decisions:write")
    at = (NOW - MINUTE).isoformat()
    event = {"event_no": "E-1", "subscriber_no": line.subscriber_no, "at": at, "kind": "termination_request"}
    with clock.freeze(NOW):
        for _time in range(2):  # said twice, done once
            assert billing.post("events", [event]).status_code < 300
            celery.tasks[REACT_TASK]()  # what a worker does with the hint that this endpoint sends
        answer = billing.get(f"subscribers/{line.subscriber_no}/termination-check").json()
    order = WorkOrder.objects.get()
    assert answer == {
        "allowed": False, "reason": "retention_order_open", "order_no": order.order_no, "order_state": "queued",
    }  # fmt: skip
