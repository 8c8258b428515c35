"""A stage may take a permission (`who`): whoever lacks it does not work an order that stands there, by any way."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from retention.core.accounts.roles import Role, may
from retention.core.errors import Refused
from tests.factories import NOW
from tests.workorders.orders.flows import opened, two_desks
from tests.workorders.rows import MINUTE, make_orders
from workorders.order_types.models import OrderType
from workorders.order_types.services import install_order_types
from workorders.order_types.stages import read_stages
from workorders.orders.explanations import why_nothing
from workorders.orders.flow import barred, lacking
from workorders.orders.models import Transition, WorkOrder
from workorders.orders.next_orders import count_queued_for, next_statements
from workorders.orders.services.claiming import claim_next, take
from workorders.orders.services.outcomes import record_outcome, start
from workorders.orders.services.reopening import reopen
from workorders.orders.services.skipping import skip
from workorders.orders.services.steps import Given, make_step, steps_for
from workorders.orders.stage_access import barred_stages, lacking_stage
from workorders.orders.states import MOVES, State
from workorders.supervision.services import reassign, take_back

pytestmark = pytest.mark.django_db
SENIOR = "work.supervise"


def guarded(**who: str) -> OrderType:
    """The type of two desks; who: the permission that a stage takes."""
    install_order_types()
    parts = two_desks()
    parts["stages"] = [one | {"who": who.get(one["key"], "")} for one in parts["stages"]]
    return OrderType.objects.create(code="own", name="Own", name_zh="自有", purpose="service", one_open=False, **parts)


def at_second_line(floor, kind):
    """An order that the first agent has passed on to the second line."""
    order = opened(kind, floor[0])
    claim_next(agent=floor[1][0], now=NOW)
    start(order_no=order.order_no, agent=floor[1][0], version=None, now=NOW)
    make_step(order_no=order.order_no, step="escalate", actor=floor[1][0], now=NOW, given=Given(reason="no signal"))
    return WorkOrder.objects.select_related("type").get(pk=order.pk)


@pytest.mark.parametrize("key", ["second_queue", "second"])
def test_next_passes_over_an_order_whose_stage_or_desk_the_agent_may_not_work(key, floor, boss):
    ben = floor[1][1]
    order = at_second_line(floor, guarded(**{key: SENIOR}))
    assert count_queued_for(ben, now=NOW) == 0
    assert claim_next(agent=ben, now=NOW) is None
    assert "1 orders stand at a stage that takes a permission" in why_nothing(ben, now=NOW)
    later = opened(order.type, floor[0])
    assert claim_next(agent=ben, now=NOW) == later
    assert count_queued_for(boss, now=NOW) == 1
    assert claim_next(agent=boss, now=NOW) == order
    assert Transition.objects.filter(order=order, move="claim").count() == 2


def test_an_own_order_and_a_promise_are_not_handed_out_either(floor, boss):
    ana = floor[1][0]
    kind = guarded()
    order = at_second_line(floor, kind)
    reassign(order_nos=[order.order_no], actor=boss, agent=ana, now=NOW)
    kind.stages = [one | {"who": SENIOR if one["key"] == "second" else ""} for one in kind.stages]
    kind.save()
    assert WorkOrder.objects.get(pk=order.pk).assignee == ana
    assert claim_next(agent=ana, now=NOW) is None
    with pytest.raises(Refused, match="“second” takes the permission “Supervise") as error:
        take(order_no=order.order_no, agent=ana, now=NOW)
    assert error.value.code == "stage_not_permitted"


def test_work_at_a_stage_takes_its_permission_and_giving_back_does_not(floor, boss):
    ana, ben = floor[1]
    kind = guarded()
    order = at_second_line(floor, kind)
    claim_next(agent=ben, now=NOW)
    kind.stages = [one | {"who": SENIOR if one["key"].startswith("second") else ""} for one in kind.stages]
    kind.save()
    number = order.order_no
    with pytest.raises(Refused, match="“second”"):
        start(order_no=number, agent=ben, version=None, now=NOW)
    with pytest.raises(Refused, match="“second”"):
        record_outcome(order_no=number, agent=ben, disposition="informed", version=None, now=NOW)
    assert WorkOrder.objects.get(pk=order.pk).attempts == 0
    skip(order_no=number, agent=ben, reason="expertise", now=NOW)
    assert claim_next(agent=boss, now=NOW) == order
    started = start(order_no=number, agent=boss, version=None, now=NOW)
    assert (started.stage, started.state) == ("second_work", State.IN_PROGRESS)
    assert record_outcome(order_no=number, agent=boss, disposition="informed", version=None, now=NOW).state == "done"


def test_a_call_does_not_begin_where_its_agent_could_not_save_it(floor):
    ana = floor[1][0]
    order = opened(guarded(first_call=SENIOR), floor[0])
    assert claim_next(agent=ana, now=NOW) == order
    with pytest.raises(Refused, match="“first_call”"):
        start(order_no=order.order_no, agent=ana, version=None, now=NOW)


def test_steps_that_the_stage_refuses_are_neither_offered_nor_made(floor, boss):
    ana = floor[1][0]
    kind = guarded()
    order = opened(kind, floor[0])
    claim_next(agent=ana, now=NOW)
    order = WorkOrder.objects.select_related("type").get(pk=order.pk)
    assert [one.key for one in steps_for(order, ana)] == ["escalate"]
    kind.stages = [one | {"who": SENIOR if one["key"] == "first" else ""} for one in kind.stages]
    kind.save()
    order = WorkOrder.objects.select_related("type").get(pk=order.pk)
    assert steps_for(order, ana) == []
    with pytest.raises(Refused, match="“first”"):
        make_step(order_no=order.order_no, step="escalate", actor=ana, now=NOW, given=Given(reason="no signal"))
    assert [one.key for one in steps_for(order, boss)] == ["escalate"]


def test_who_supervises_moves_orders_at_any_stage_but_gives_none_to_who_may_not_work_it(floor, boss):
    ben = floor[1][1]
    order = at_second_line(floor, guarded(second_queue="customers.list", second="customers.list"))
    assert lacking_stage(order, boss).key == "second_queue"
    assert claim_next(agent=boss, now=NOW) is None
    given_out = reassign(order_nos=[order.order_no], actor=boss, agent=ben, now=NOW)
    assert (given_out.moved, given_out.skipped) == (0, [order.order_no])
    other = opened(OrderType.objects.get(code="own"), floor[0])
    assert reassign(order_nos=[other.order_no], actor=boss, agent=ben, now=NOW).moved == 1
    assert take_back(order_nos=[other.order_no], actor=boss, now=NOW).moved == 1
    dropped = make_step(order_no=order.order_no, step="drop", actor=boss, now=NOW, given=Given())
    assert dropped.state == State.CANCELLED


def test_a_save_is_corrected_only_where_its_agent_may_work_again(floor):
    ana = floor[1][0]
    kind = guarded()
    order = opened(kind, floor[0])
    claim_next(agent=ana, now=NOW)
    start(order_no=order.order_no, agent=ana, version=None, now=NOW)
    record_outcome(order_no=order.order_no, agent=ana, disposition="informed", version=None, now=NOW)
    desks = [one["key"] for one in kind.stages if one["phase"] == "assigned"]
    kind.stages = [one | {"who": SENIOR if one["key"] in desks else ""} for one in kind.stages]
    kind.save()
    with pytest.raises(Refused):
        reopen(order_no=order.order_no, agent=ana, now=NOW + MINUTE)


def test_as_shipped_nothing_is_barred_and_the_claim_is_the_same_statement(crew, floor):
    ana = floor[1][0]
    make_orders(1, team=crew)
    assert barred_stages(ana) == []
    ((text, given, name),) = next_statements(ana, now=NOW)
    assert "unnest" not in text and "{of_stage}" not in text
    assert (set(given), name) == ({"agent", "at", "today", "midnight"}, "claim_next_order")
    with CaptureQueriesContext(connection) as plain:
        assert claim_next(agent=ana, now=NOW)
    assert [one for one in plain if "guarded" in one["sql"] and "PREPARE" not in one["sql"]] == []


def test_what_is_barred_is_what_taking_up_would_lack():
    parts = two_desks()
    who = {"first_call": SENIOR, "second": SENIOR, "promised": SENIOR}
    flow = read_stages([one | {"who": who.get(one["key"], "")} for one in parts["stages"]], parts["moves"])
    agent, senior = (
        (lambda permission: may(Role.AGENT, permission)),
        (lambda permission: may(Role.SUPERVISOR, permission)),
    )
    assert [one.key for one in barred(flow, agent)] == ["first_call", "second_queue", "second", "promised"]
    assert barred(flow, senior) == []
    found = {one.key: lacking(flow, one, MOVES["start"], agent) for one in flow.stages if one.phase == "assigned"}
    assert {key: one and one.key for key, one in found.items()} == {"first": "first_call", "second": "second"}
