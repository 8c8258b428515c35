"""Billing asks: may I terminate this line?"""

from datetime import timedelta

import pytest

from campaigns.scenarios.models import Scenario
from campaigns.scenarios.services.installation import install_scenarios
from customers.lists.models import ListEntry
from retention.core import clock
from tests.api import make_client
from tests.factories import NOW, make_branch, make_event, make_list_entry
from tests.workorders.rows import HOUR, MINUTE, make_floor, make_line, make_orders
from workorders.order_types.services import install_order_types
from workorders.orders.models import WorkOrder
from workorders.orders.services.claiming import claim_next
from workorders.orders.services.outcomes import record_outcome
from workorders.orders.services.scenario_opening import open_from_events

pytestmark = pytest.mark.django_db
LIMIT = timedelta(hours=72)


@pytest.fixture(autouse=True)
def shipped():
    install_order_types()
    install_scenarios()


@pytest.fixture
def floor():
    return make_floor()


@pytest.fixture
def line(floor):
    return make_line(branch=floor[0].branch)


def ask(line, at=NOW, client=None):
    with clock.freeze(at):
        answer = (client or make_client("decisions:write")).get(f"subscribers/{line.subscriber_no}/termination-check")
    assert answer.status_code == 200, answer.content
    return answer.json()


def asks_to_leave(line, at=NOW):
    return make_event(subscriber=line, kind="termination_request", at=at)


def test_nobody_asked_to_leave(line):
    assert ask(line) == {"allowed": True, "reason": "no_request", "order_no": None, "order_state": None}


def test_the_request_counts_before_its_order_is_open(line):
    asks_to_leave(line)
    assert ask(line) == {"allowed": False, "reason": "request_received", "order_no": None, "order_state": None}


def test_while_the_order_is_open_the_line_stays(line, floor):
    asks_to_leave(line)
    open_from_events(now=NOW)
    order = WorkOrder.objects.get()
    asked = {"allowed": False, "reason": "retention_order_open", "order_no": order.order_no}
    assert ask(line, NOW + MINUTE) == asked | {"order_state": "queued"}
    claim_next(agent=floor[1][0], now=NOW)
    assert ask(line, NOW + HOUR) == asked | {"order_state": "assigned"}


@pytest.mark.parametrize(("disposition", "reason"), [("retained", "retained"), ("refused", "not_retained")])
def test_afterwards_the_answer_says_how_it_ended(line, floor, disposition, reason):
    asks_to_leave(line)
    open_from_events(now=NOW)
    order = claim_next(agent=floor[1][0], now=NOW)
    record_outcome(
        order_no=order.order_no, agent=floor[1][0], disposition=disposition, answers={"main_reason": "price"},
        version=None, now=NOW,
    )  # fmt: skip
    assert ask(line, NOW + HOUR) == {
        "allowed": True, "reason": reason, "order_no": order.order_no, "order_state": "done",
    }  # fmt: skip
    asks_to_leave(line, NOW + 2 * HOUR)
    assert ask(line, NOW + 2 * HOUR)["reason"] == "request_received"


def test_nobody_is_held_hostage(line):
    asks_to_leave(line)
    open_from_events(now=NOW)
    assert not ask(line, NOW + LIMIT)["allowed"]
    late = ask(line, NOW + LIMIT + MINUTE)
    assert (late["allowed"], late["reason"], late["order_state"]) == (True, "waited_too_long", "queued")


def test_the_limit_is_a_setting(line, settings):
    settings.TERMINATION_HOLD_HOURS = 1
    asks_to_leave(line)
    open_from_events(now=NOW)
    assert ask(line, NOW + HOUR + MINUTE)["reason"] == "waited_too_long"


def test_a_request_that_joined_an_older_order_follows_that_order(floor):
    (order,) = make_orders(1, team=floor[0], now=NOW - 10 * LIMIT)
    asks_to_leave(order.subscriber)
    open_from_events(now=NOW)
    answer = ask(order.subscriber, NOW + HOUR)
    assert (answer["reason"], answer["order_no"]) == ("retention_order_open", order.order_no)


def test_who_may_not_be_contacted_is_not_made_to_wait(line):
    make_list_entry(customer=line.account.customer, kind=ListEntry.Kind.BLACKLIST)
    asks_to_leave(line)
    open_from_events(now=NOW)
    assert ask(line)["reason"] == "not_contactable"


def test_when_nobody_listens_nobody_waits(line):
    Scenario.objects.filter(code="S23").update(enabled=False)
    asks_to_leave(line)
    assert ask(line)["reason"] == "no_request"


def test_a_line_of_another_branch_or_none_is_not_found(line):
    elsewhere = make_client("decisions:write", branch=make_branch())
    for client, number in ((elsewhere, line.subscriber_no), (make_client("decisions:write"), "NONE")):
        answer = client.get(f"subscribers/{number}/termination-check")
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")
    assert make_client("risk:read").get(f"subscribers/{line.subscriber_no}/termination-check").status_code == 403


def test_the_answer_costs_few_queries(line, django_assert_max_num_queries):
    asks_to_leave(line)
    open_from_events(now=NOW)
    client = make_client("decisions:write")
    with django_assert_max_num_queries(9):
        ask(line, client=client)
