"""A more urgent request takes over an order that nobody has begun; what the customer asked for never waits for one."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from campaigns.scenarios.services.installation import install_scenarios
from customers.contacts.models import ContactRecord
from customers.facts.models import Customer
from customers.lists.models import ListEntry
from tests.factories import NOW, TODAY, make_event, make_list_entry
from tests.workorders.rows import HOUR, make_floor, make_line
from workorders.console.text import trail_item
from workorders.order_types.models import OrderType
from workorders.order_types.services import install_order_types
from workorders.orders.models import WorkOrder
from workorders.orders.origins import Origin, OriginKind
from workorders.orders.services.claiming import claim_next, next_order
from workorders.orders.services.opening import open_orders
from workorders.orders.services.order_requests import OrderRequest, WhenOpen
from workorders.orders.services.scenario_opening import open_from_events

pytestmark = pytest.mark.django_db
State = ContactRecord.State


@pytest.fixture(autouse=True)
def types():
    install_order_types()


def ask(line, kind="care", *, code="S21", **given) -> OrderRequest:
    asked = {"type": OrderType.objects.get(code=kind), "origin": Origin(OriginKind.SCENARIO, code), "found_on": TODAY}
    return OrderRequest(subscriber_id=line.pk, **asked | {"when_open": WhenOpen.INFORM} | given)


def open_all(*requests, now=NOW):
    return open_orders(requests=requests, on=TODAY, now=now)


def ledger():
    columns = ("source", "purpose", "state", "displaced_by")
    return list(ContactRecord.objects.order_by("pk").values_list(*columns))


def test_a_more_urgent_request_takes_the_order_over_and_the_ledger_says_who_gave_way():
    line = make_line()
    (care,) = open_all(ask(line, facts={"age": 1}))
    (done,) = open_all(ask(line, "churn_retention", code="S4", facts={"age": 2}), now=NOW + HOUR)
    order = WorkOrder.objects.get()
    assert (done.order_no, done.opened, done.merged, done.reason) == (care.order_no, False, True, None)
    assert (order.type.code, order.purpose, order.source, order.priority) == ("churn_retention", "retention", "S4", 2)
    assert order.due_at == NOW + HOUR + 48 * HOUR
    assert [one["scenario"] for one in order.evidence] == ["S4", "S21"]
    assert ledger() == [
        ("scenario:S21", "care", State.RELEASED, "scenario:S4"),
        ("scenario:S4", "retention", State.RESERVED, ""),
    ]
    assert order.version == order.transitions.count() == 2
    last = order.transitions.get(version=2)
    told = {"source": "S4", "displaced": "S21", "due_minutes": 48 * 60}
    assert (last.move, last.from_state, last.detail) == ("take_over", "queued", told)
    item = trail_item(last, {})
    assert (str(item.title), item.text) == (
        "Taken over by a more urgent request", "by scenario S4 · in place of S21",
    )  # fmt: skip


def test_a_less_urgent_one_takes_over_nothing():
    line = make_line()
    open_all(ask(line, "churn_retention", code="S4"))
    (done,) = open_all(ask(line))
    assert (done.order_no, done.reason) == ("", "order_open")
    assert WorkOrder.objects.get().source == "S4"
    assert ledger() == [("scenario:S4", "retention", State.RESERVED, "")]


def test_an_order_that_is_begun_is_not_taken_over():
    team, (ana,) = make_floor()
    line = make_line(branch=team.branch)
    open_all(ask(line))
    claim_next(agent=ana, now=NOW)
    (done,) = open_all(ask(line, "churn_retention", code="S4"))
    assert (done.order_no, done.reason) == ("", "order_open")
    assert WorkOrder.objects.get().purpose == "care"


def test_whom_the_gate_refuses_takes_over_nothing():
    line = make_line()
    open_all(ask(line))
    line.consents.create(purpose="retention", channel="call", granted=False, at=NOW, source="web")
    (done,) = open_all(ask(line, "churn_retention", code="S4"))
    assert (done.order_no, done.reason) == ("", "order_open")
    assert ledger() == [("scenario:S21", "care", State.RESERVED, "")]


def test_what_the_customer_asks_for_takes_over_whatever_its_priority_and_is_not_taken_over():
    line = make_line()
    open_all(ask(line, priority=1))
    (done,) = open_all(ask(line, "termination_retention", code="S23", priority=9))
    order = WorkOrder.objects.get()
    assert (done.merged, order.purpose, order.priority) == (True, "service", 1)
    open_all(ask(line, "churn_retention", code="S4", priority=1))
    assert WorkOrder.objects.get().source == "S23"


def test_what_the_customer_asks_for_is_never_refused_for_an_order_that_is_begun():
    team, (ana,) = make_floor()
    line = make_line(branch=team.branch)
    (care,) = open_all(ask(line))
    claim_next(agent=ana, now=NOW)
    (done,) = open_all(ask(line, "termination_retention", code="S23", when_open=WhenOpen.REFUSE))
    assert (done.order_no, done.reason) == (care.order_no, None)


def test_a_termination_request_takes_over_a_care_order_of_the_night():
    install_scenarios()
    line = make_line()
    open_all(ask(line))
    make_event(subscriber=line, kind="termination_request")
    assert open_from_events(now=NOW + HOUR).orders.merged == 1
    order = WorkOrder.objects.get()
    assert (order.type.code, order.purpose, order.source, order.priority) == (
        "termination_retention", "service", "S23", 1,
    )  # fmt: skip


def test_an_opt_out_does_not_stop_what_the_customer_asks_for_after_an_order_of_a_risk_score():
    team, (ana,) = make_floor()
    line = make_line(branch=team.branch)
    open_all(ask(line, "churn_retention", origin=Origin(OriginKind.WARNING_LIST)))
    Customer.objects.update(profiling_opt_out=True)
    open_all(ask(line, "termination_retention", code="S23"))
    order = next_order(agent=ana, now=NOW)
    assert (order.source, order.purpose) == ("S23", "service")


def test_a_request_for_another_line_of_the_customer_leaves_the_order_to_its_line():
    line = make_line()
    other = make_line(account=line.account, branch=line.branch)
    open_all(ask(line))
    (done,) = open_all(ask(other, "churn_retention", code="S4"))
    assert (done.reason, WorkOrder.objects.get().subscriber_id) == ("order_open", line.pk)


def test_a_customer_on_the_blacklist_since_keeps_the_order_as_it_was():
    line = make_line()
    open_all(ask(line))
    make_list_entry(customer=line.account.customer, kind=ListEntry.Kind.BLACKLIST)
    open_all(ask(line, "churn_retention", code="S4"))
    assert WorkOrder.objects.get().source == "S21"


@pytest.mark.django_db(transaction=True)
def test_of_many_that_take_over_at_once_one_holds_the_customer_and_none_is_lost():
    line = make_line()
    (care,) = open_all(ask(line))
    kinds = [("churn_retention", 4), ("churn_retention", 3), ("renewal", 2), ("termination_retention", 1)]
    requests = [ask(line, kind, code=f"X{place}", priority=place) for kind, place in kinds]
    start = Barrier(len(requests))

    def press(request):
        try:
            start.wait(timeout=10)
            return open_all(request)[0]
        finally:
            connection.close()

    with ThreadPoolExecutor(len(requests)) as pool:
        done = list(pool.map(press, requests))
    order = WorkOrder.objects.get()
    assert (order.order_no, order.purpose, order.source) == (care.order_no, "service", "X1")
    assert done[-1].order_no == care.order_no
    reserved = ContactRecord.objects.filter(state=State.RESERVED)
    assert [(one.source, one.order_no) for one in reserved] == [("scenario:X1", care.order_no)]
    taken = order.transitions.filter(move="take_over").order_by("version")
    gave_way = ContactRecord.objects.exclude(displaced_by="").order_by("pk")
    assert [f"scenario:{one.detail['source']}" for one in taken] == [one.displaced_by for one in gave_way]
    assert len(order.evidence) == 1 + len(requests)


@pytest.mark.django_db(transaction=True)
def test_an_agent_who_takes_the_order_meanwhile_keeps_it_as_it_is_or_gets_the_urgent_one():
    team, (ana,) = make_floor()
    line = make_line(branch=team.branch)
    open_all(ask(line))
    start = Barrier(2)

    def press(deed):
        try:
            start.wait(timeout=10)
            return deed()
        finally:
            connection.close()

    deeds = [lambda: claim_next(agent=ana, now=NOW), lambda: open_all(ask(line, "churn_retention", code="S4"))]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(press, deeds))
    order = WorkOrder.objects.get()
    (record,) = ContactRecord.objects.filter(state=State.RESERVED)
    assert record.purpose == order.purpose
    assert (order.purpose == "retention") == order.transitions.filter(move="take_over").exists()
