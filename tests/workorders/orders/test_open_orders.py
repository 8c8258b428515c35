"""The one door: what a request may ask for, and what comes back."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.urls import reverse

from campaigns.outreach.models import RefusalReason
from customers.contacts.models import ContactRecord
from customers.lists.models import ListEntry
from tests.factories import NOW, TODAY, make_list_entry, make_subscriber, make_user
from tests.workorders.rows import make_floor, make_hit, make_line, make_scenario
from tests.workorders.rows import open_orders as open_hits
from workorders.order_types.models import OrderType
from workorders.order_types.services import install_order_types
from workorders.orders.models import WorkOrder
from workorders.orders.origins import Origin, OriginKind
from workorders.orders.services.barring import gate_reason
from workorders.orders.services.claiming import next_order
from workorders.orders.services.opening import open_orders
from workorders.orders.services.order_requests import OrderRequest, WhenOpen

pytestmark = pytest.mark.django_db
LIST = Origin(OriginKind.WARNING_LIST)


@pytest.fixture(autouse=True)
def types():
    install_order_types()


def ask(line, **given) -> OrderRequest:
    values = {"type": OrderType.objects.get(code="churn_retention"), "origin": LIST, "found_on": TODAY}
    return OrderRequest(subscriber_id=line.pk, **values | given)


def open_all(*requests: OrderRequest):
    return open_orders(requests=requests, on=TODAY, now=NOW)


def test_what_a_request_leaves_open_is_as_its_type_says():
    (done,) = open_all(ask(make_line(), facts={"bill_change": -0.4}))
    order = WorkOrder.objects.get()
    assert (done.order_no, done.opened, done.reason) == (order.order_no, True, None)
    assert (order.purpose, order.priority) == (order.type.purpose, order.type.priority)
    assert order.due_at == NOW + timedelta(hours=order.type.due_hours)
    assert order.evidence == [
        {"scenario": "warning-list", "hit": None, "on": TODAY.isoformat(), "facts": {"bill_change": -0.4}}
    ]
    record = ContactRecord.objects.get()
    assert (record.purpose, record.channel, record.source) == ("retention", "call", "source:warning-list")


def test_what_a_request_says_goes_before_its_type():
    open_all(ask(make_line(), purpose="care", priority=1, due_hours=3))
    order = WorkOrder.objects.get()
    assert (order.purpose, order.priority, order.due_at) == ("care", 1, NOW + timedelta(hours=3))
    assert ContactRecord.objects.get().purpose == "care"


def test_each_request_has_its_outcome_in_its_place():
    black, free, second = make_line(), make_line(), make_line()
    make_list_entry(customer=black.account.customer, kind=ListEntry.Kind.BLACKLIST)
    nowhere = make_subscriber()
    type(nowhere).objects.filter(pk=nowhere.pk).delete()
    done = open_all(ask(black), ask(free), ask(nowhere), ask(free), ask(second))
    assert [one.reason for one in done] == [RefusalReason.BLACKLISTED, None, None, None, None]
    assert [(one.opened, one.merged) for one in done] == [
        (False, False), (True, False), (False, False), (False, True), (True, False),
    ]  # fmt: skip
    assert done[1].order_no == done[3].order_no != done[4].order_no
    assert not done[2].order_no
    assert len(WorkOrder.objects.get(order_no=done[1].order_no).evidence) == 2


@pytest.mark.parametrize(
    ("when_open", "evidence", "priority", "refused"),
    [(WhenOpen.REFUSE, 1, 5, True), (WhenOpen.INFORM, 2, 5, True), (WhenOpen.RAISE, 2, 1, False)],
)
def test_what_a_request_does_to_an_open_order(when_open, evidence, priority, refused):
    line = make_line()
    (first,) = open_all(ask(line, priority=5))
    (done,) = open_all(ask(line, priority=1, when_open=when_open))
    order = WorkOrder.objects.get()
    assert (len(order.evidence), order.priority) == (evidence, priority)
    assert order.version == order.transitions.count() == (2 if when_open == WhenOpen.RAISE else 1)
    assert (done.reason == RefusalReason.ORDER_OPEN, done.order_no == first.order_no) == (refused, not refused)


@pytest.mark.django_db(transaction=True)
def test_whoever_asks_at_once_for_the_same_customers_opens_each_order_once():
    lines = [make_line() for _line in range(8)]
    start = Barrier(4)

    def press(_time):
        try:
            start.wait(timeout=10)
            return open_all(*map(ask, lines))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        found = [one for done in pool.map(press, range(4)) for one in done]
    assert WorkOrder.objects.count() == sum(one.opened for one in found) == len(lines)
    assert {one.reason for one in found if not one.opened} == {RefusalReason.ORDER_OPEN}


def test_the_purpose_of_the_scenario_reaches_the_gate_and_stays_with_the_order():
    team, (ana,) = make_floor()
    line = make_line(branch=team.branch)
    line.consents.create(purpose="retention", channel="call", granted=False, at=NOW, source="web")
    (order,) = open_hits(make_hit(subscriber=line, scenario=make_scenario(purpose="care")))
    assert (order.purpose, order.type.purpose) == ("care", "retention")
    assert ContactRecord.objects.get().purpose == "care"
    assert gate_reason(order=order, now=NOW) is None
    assert next_order(agent=ana, now=NOW) == order


def test_a_purpose_that_the_customer_refused_stops_the_scenario_whatever_its_order_type():
    line = make_line()
    line.consents.create(purpose="care", channel="call", granted=False, at=NOW, source="web")
    hit = make_hit(subscriber=line, scenario=make_scenario(purpose="care"))
    with pytest.raises(KeyError):
        open_hits(hit)
    hit.refresh_from_db()
    assert hit.reason == RefusalReason.CONSENT_REFUSED


def test_the_origin_is_a_kind_and_a_key_and_is_shown_by_one_word(client):
    boss = make_user(role="administrator")
    made = [
        (Origin(OriginKind.SCENARIO, "S4"), "S4"),
        (Origin(OriginKind.EVENT, "S23"), "S23"),
        (LIST, "warning-list"),
        (Origin(OriginKind.GROUP, "G-17"), "group"),
        (Origin(OriginKind.SECOND_SIM), "second-sim"),
    ]
    done = open_all(*(ask(make_line(), origin=origin) for origin, _source in made))
    client.force_login(boss)
    for one, (origin, source) in zip(done, made, strict=True):
        order = WorkOrder.objects.get(order_no=one.order_no)
        assert (order.origin_kind, order.origin_key, order.source) == (origin.kind, origin.key, source)
        assert order.transitions.get().detail == {"source": source, "due_minutes": 48 * 60}
        assert WorkOrder.objects.from_source(source).get() == order
        page = client.get(reverse("workorders:supervise"), {"source": source, "sort": "-source"})
        assert one.order_no in page.content.decode()
