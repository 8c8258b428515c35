"""A customer calls in: whom an agent is shown, for how long, how often, and what is written of it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import translation

from customers.facts.models import Subscriber
from customers.grants.models import CustomerGrant
from retention.core import clock
from retention.core.audit.models import AuditEntry
from retention.core.errors import Conflict, Invalid, NotFound, Refused
from retention.core.notices.models import Notice
from tests.factories import NOW, TODAY, make_branch, make_subscriber, make_team, make_user
from tests.workorders.rows import DAY, MINUTE, make_floor, make_line, make_orders
from workorders.desk_messages.models import Receipt
from workorders.inbound.models import CallerLookup
from workorders.inbound.queries import orders_of_caller
from workorders.inbound.rules import GRANT_LENGTH, MAX_LOOKUPS_A_DAY
from workorders.inbound.services import look_up_caller, lookups_left, take_order_of_caller, write_about_caller
from workorders.orders.models import WorkOrder
from workorders.orders.services.claiming import claim_next
from workorders.orders.states import State

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana(floor):
    return floor[1][0]


@pytest.fixture
def line(floor):
    """A line of the agent's branch that is nobody's."""
    return make_line(branch=floor[0].branch)


def look_up(agent, number, *, now=NOW, **given) -> CallerLookup:
    return look_up_caller(agent=agent, number=number, now=now, **{"reason": "calls_back"} | given)


def sees(agent, line, at) -> bool:
    with clock.freeze(at):
        return Subscriber.objects.visible_to(agent).filter(pk=line.pk).exists()


def test_the_customer_is_shown_for_half_an_hour(ana, line):
    assert not sees(ana, line, NOW)
    found = look_up(ana, line.phone_number)
    assert (found.subscriber, found.until, found.is_found) == (line, NOW + timedelta(minutes=30), True)
    assert sees(ana, line, found.until - timedelta(microseconds=1))
    assert not sees(ana, line, found.until)
    grant = CustomerGrant.objects.get()
    assert (grant.customer, grant.user, grant.team) == (line.account.customer, ana, ana.teams.get())


@pytest.mark.parametrize("write", ["+86 {0}", "{1}", " {1} ", "{2}", "{0}"])
def test_a_number_is_found_however_it_is_written(ana, floor, write):
    line = make_line(branch=floor[0].branch, phone_number="13912345678")
    given = (line.phone_number, line.subscriber_no, line.subscriber_no.lower())
    assert look_up(ana, write.format(*given)).subscriber == line


def test_it_is_never_a_search(ana, line):
    customer = line.account.customer
    parts = (line.phone_number[:-1], line.phone_number[-4:], line.phone_number + "0", "%", customer.customer_no)
    for text in (*parts, line.account.account_no, customer.name):
        assert not look_up(ana, text).is_found
    assert not CustomerGrant.objects.exists()


def test_another_branch_answers_like_no_line_at_all(ana):
    foreign = make_line(branch=make_branch())
    one, other = look_up(ana, foreign.phone_number), look_up(ana, "10099999999")
    compared = ("subscriber", "until", "reason", "note")
    assert [getattr(one, name) for name in compared] == [getattr(other, name) for name in compared]
    first, second = AuditEntry.objects.filter(action="caller.look_up").order_by("pk")
    assert first.target == second.target == ""
    assert first.detail | {"number": ""} == second.detail | {"number": ""}
    assert not Notice.objects.exists() and not CustomerGrant.objects.exists()


def test_branches_below_the_own_one_are_within_reach_and_those_above_are_not(ana, floor):
    below = make_line(branch=make_branch(parent=floor[0].branch))
    assert look_up(ana, below.phone_number).subscriber == below
    low = make_user(role="agent", branch=below.branch)
    above = make_line(branch=floor[0].branch)
    assert not look_up(low, above.phone_number).is_found


def test_of_lines_with_one_number_the_one_in_use_is_shown(ana, floor, line):
    gone = {"phone_number": line.phone_number, "status": Subscriber.Status.TERMINATED, "activated_on": TODAY}
    make_subscriber(branch=floor[0].branch, **gone)
    assert look_up(ana, line.phone_number).subscriber == line


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        ({"number": "  "}, {"number"}),
        ({"number": "1" * 41}, {"number"}),
        ({"reason": "curious"}, {"reason"}),
        ({"reason": "other", "note": "  "}, {"note"}),
        ({"note": "x" * 201}, {"note"}),
    ],
)
def test_what_is_missing_is_named_and_costs_no_look_up(ana, line, given, fields):
    with pytest.raises(Invalid) as caught:
        look_up(ana, **{"number": line.phone_number} | given)
    assert {one["field"] for one in caught.value.details} == fields
    assert lookups_left(ana, now=NOW) == MAX_LOOKUPS_A_DAY


@pytest.mark.parametrize("role", ["manager", "analyst", "administrator"])
def test_only_who_works_on_orders_looks_up_callers(floor, line, role):
    with pytest.raises(Refused):
        look_up(make_user(role=role, branch=floor[0].branch), line.phone_number)


def test_the_trail_says_who_asked_for_what_and_never_the_number(ana, line):
    look_up(ana, line.phone_number, reason="other", note="Wants 13812345678 called")
    look_up(ana, "10088887777", reason="transferred")
    hit, miss = AuditEntry.objects.filter(action="caller.look_up").order_by("pk")
    masked = f"100****{line.phone_number[-4:]}"
    assert (hit.actor, hit.target) == (ana, f"subscriber:{line.subscriber_no}")
    assert hit.detail == {
        "number": masked, "reason": "other", "note": "Wants 138****5678 called", "found": True,
        "until": "2026-11-20T10:30:00+08:00",
    }  # fmt: skip
    assert (miss.target, miss.detail["number"], miss.detail["found"]) == ("", "100****7777", False)
    for row in CallerLookup.objects.all():
        assert "10088887777" not in str(vars(row)) and line.phone_number not in str(vars(row))


def test_the_supervisors_of_the_groups_hear_why_each_in_their_language(ana, boss, floor, line):
    mate = make_user(role="supervisor", branch=floor[0].branch, teams=(floor[0],))
    make_user(role="supervisor", branch=floor[0].branch, teams=(make_team(branch=floor[0].branch),))
    look_up(ana, line.phone_number, reason="complaint", note="about the bill")
    assert {one.person for one in Notice.objects.all()} == {boss, mate}
    notice = Notice.objects.get(person=boss)
    who = f"{ana.display_name} sees the line {line.subscriber_no} for 30 minutes"
    assert notice.text == f"{who}, because it called: Complaint: about the bill"
    assert notice.where == f"/supervise/callers/?agent={ana.username}"
    with translation.override("zh-hans"):
        assert (
            notice.text
            == f"{ana.display_name}因客户来电可查看用户{line.subscriber_no}，时长30分钟：投诉：about the bill"
        )


def test_a_supervisor_looks_up_callers_too_and_tells_the_others_alone(boss, floor, line):
    mate = make_user(role="supervisor", branch=floor[0].branch, teams=(floor[0],))
    assert look_up(boss, line.phone_number).is_found
    assert [one.person for one in Notice.objects.all()] == [mate]


def test_the_twenty_first_of_a_day_is_refused_and_misses_count(ana, floor, line):
    for place in range(MAX_LOOKUPS_A_DAY):
        look_up(ana, f"1000000{place:04d}" if place % 2 else line.phone_number)
    with pytest.raises(Refused) as caught:
        look_up(ana, line.phone_number)
    assert (caught.value.code, "20 callers" in str(caught.value)) == ("too_often", True)
    assert (CallerLookup.objects.count(), lookups_left(ana, now=NOW)) == (MAX_LOOKUPS_A_DAY, 0)
    assert look_up(floor[1][1], line.phone_number).is_found  # somebody else has looks of their own
    with pytest.raises(Refused):
        look_up(ana, line.phone_number, now=NOW.replace(hour=23, minute=59))
    assert look_up(ana, line.phone_number, now=(NOW + DAY).replace(hour=0, minute=0)).is_found


@pytest.mark.django_db(transaction=True)
def test_two_at_once_are_not_both_the_twentieth(ana, line):
    for place in range(MAX_LOOKUPS_A_DAY - 1):
        look_up(ana, f"1000000{place:04d}")

    def one(_place) -> bool:
        try:
            return look_up(ana, line.phone_number).is_found
        except Refused:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(one, range(4))) == [False, False, False, True]
    assert CallerLookup.objects.count() == MAX_LOOKUPS_A_DAY


def test_the_table_holds_no_half_look_up(ana, line):
    bad = [
        {"subscriber": line, "until": None},
        {"subscriber": None, "until": NOW},
        {"subscriber": None, "until": None, "reason": "other"},
    ]
    for given in bad:
        with pytest.raises(IntegrityError), transaction.atomic():
            CallerLookup.objects.create(**{"agent": ana, "at": NOW, "asked": "1**", "reason": "complaint"} | given)


def caller_order(agent, order, now=NOW):
    (found,) = orders_of_caller(customer_id=order.customer_id, agent=agent, now=now)
    return found


def test_an_order_that_waits_for_the_agent_is_taken(ana, floor):
    make_orders(1, team=floor[0])
    order = make_orders(1, team=floor[0], gain=1)[0]
    look_up(ana, order.subscriber.phone_number)
    found = caller_order(ana, order)
    assert (found.takable, found.readers, found.own) == (True, [], False)
    assert take_order_of_caller(order_no=order.order_no, agent=ana, now=NOW).assignee == ana
    assert caller_order(ana, order).own


def test_who_has_the_order_is_written_to(ana, floor, order):
    ben = floor[1][1]
    look_up(ben, order.subscriber.phone_number)
    assert caller_order(ben, order).readers == [ana]
    sent = write_about_caller(order_no=order.order_no, agent=ben, text="Asks for you, on 13812345678.", now=NOW)
    assert sent.text == f"{order.order_no}: Asks for you, on 138****5678."
    assert [one.person for one in Receipt.objects.all()] == [ana]
    assert Notice.objects.get(person=ana).text.startswith(f"{ben.display_name} writes: {order.order_no}: ")
    with pytest.raises(Invalid):
        write_about_caller(order_no=order.order_no, agent=ben, text="  ", now=NOW)
    assert take_refused(ben, order)


def take_refused(agent, order) -> bool:
    with pytest.raises(Conflict) as caught:
        take_order_of_caller(order_no=order.order_no, agent=agent, now=NOW)
    return caught.value.code == "not_in_queue"


def test_the_queue_of_another_group_is_written_to_by_its_supervisors(ana, floor):
    other = make_team(branch=floor[0].branch)
    head = make_user(role="supervisor", branch=other.branch, teams=(other,))
    (order,) = make_orders(1, team=floor[0])
    WorkOrder.objects.filter(pk=order.pk).update(team=other)
    look_up(ana, order.subscriber.phone_number)
    found = caller_order(ana, order)
    assert (found.takable, found.readers) == (False, [head])
    write_about_caller(order_no=order.order_no, agent=ana, text="Please call.", now=NOW)
    assert Receipt.objects.get().person == head
    assert take_refused(ana, order)


@pytest.mark.parametrize("act", [take_order_of_caller, write_about_caller])
def test_orders_of_others_than_the_caller_do_not_exist(floor, order, act):
    ben, given = floor[1][1], {"text": "Hello"} if act is write_about_caller else {}
    for number in (order.order_no, "W0-0"):
        with pytest.raises(NotFound):
            act(order_no=number, agent=ben, now=NOW, **given)
    look_up(ben, order.subscriber.phone_number)
    with pytest.raises(NotFound):  # half an hour later neither
        act(order_no=order.order_no, agent=ben, now=NOW + GRANT_LENGTH, **given)
    WorkOrder.objects.filter(pk=order.pk).update(state=State.CANCELLED, assignee=None, lease_until=None, closed_at=NOW)
    with pytest.raises(NotFound):
        act(order_no=order.order_no, agent=ben, now=NOW + MINUTE, **given)


def test_taking_the_order_leaves_the_grant_of_the_order(ana, floor):
    (order,) = make_orders(1, team=floor[0])
    look_up(ana, order.subscriber.phone_number)
    take_order_of_caller(order_no=order.order_no, agent=ana, now=NOW)
    assert sees(ana, order.subscriber, NOW + DAY)
    assert claim_next(agent=ana, now=NOW) == order


def test_agents_of_another_group_see_nothing_of_it(floor, line):
    stranger = make_floor()[1][0]
    look_up(floor[1][0], line.phone_number)
    assert not sees(stranger, line, NOW)
    assert not sees(floor[1][1], line, NOW)
