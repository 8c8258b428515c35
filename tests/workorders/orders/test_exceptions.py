"""Chase, split and merge: who may, the reason, and both orders' trails."""

import pytest

from retention.core.errors import Conflict, Invalid, Refused
from retention.core.notices.models import Notice
from tests.factories import NOW
from tests.workorders.orders.flows import fault
from tests.workorders.rows import make_orders
from workorders.orders.models import Note, Transition, WorkOrder
from workorders.orders.services.claiming import claim_next
from workorders.orders.services.exceptions import chase, split
from workorders.orders.services.steps import Given, make_step

pytestmark = pytest.mark.django_db


def last_line(order):
    return Transition.objects.filter(order=order).latest("version")


def test_chased_it_comes_first_and_who_has_it_is_told(crew, floor, boss):
    make_orders(2, team=crew)
    ana = floor[1][0]
    first, second = WorkOrder.objects.in_claim_order()
    chase(order_no=second.order_no, actor=boss, reason="Customer called again", now=NOW)
    line = last_line(second)
    assert (line.move, line.from_state, line.to_state) == ("chase", "queued", "queued")
    assert line.detail == {"reason": "Customer called again"}
    taken = claim_next(agent=ana, now=NOW)
    assert (taken.pk, taken.priority, taken.version) == (second.pk, 1, 3)
    assert Notice.objects.get().person == boss
    chase(order_no=second.order_no, actor=boss, reason="Still", now=NOW)
    assert Notice.objects.filter(person=ana).count() == 1
    for who, reason, problem in ((ana, "x", Refused), (boss, " ", Invalid)):
        with pytest.raises(problem):
            chase(order_no=second.order_no, actor=who, reason=reason, now=NOW)


def test_split_both_orders_name_each_other(crew, boss):
    (order,) = make_orders(1, team=crew)
    made = split(
        order_no=order.order_no, order_type="fault_escalation", actor=boss, reason="Slow line at home", now=NOW
    )
    assert (made.one_open, made.origin_kind, made.origin_key) == (False, "split", order.order_no)
    assert made.subscriber_id == order.subscriber_id
    assert last_line(order).detail == {"reason": "Slow line at home", "other": made.order_no}
    assert Note.objects.get(order=made).text == "Slow line at home"


def test_merged_the_other_one_gets_facts_and_notes(crew, boss):
    (order,) = make_orders(1, team=crew)
    other = fault(crew, order.subscriber)
    Note.objects.create(order=other, at=NOW, author=boss, author_name="boss", text="Seen before")
    given = Given(reason="Same matter", into=order.order_no)
    facts = len(order.evidence)
    made = make_step(order_no=other.order_no, step="merge", actor=boss, now=NOW, given=given)
    assert (made.state, made.stage) == ("cancelled", "dropped")
    order.refresh_from_db()
    assert order.notes.get().text == "Seen before"
    assert len(order.evidence) == facts + 1
    assert last_line(order).detail["other"] == other.order_no
    assert last_line(other).detail["other"] == order.order_no
    with pytest.raises(Conflict):
        make_step(order_no=other.order_no, step="merge", actor=boss, now=NOW, given=given)


def test_an_order_of_somebody_else_takes_nothing_in(crew, boss):
    first, second = make_orders(2, team=crew)
    with pytest.raises(Invalid):
        make_step(
            order_no=first.order_no, step="merge", actor=boss, now=NOW, given=Given(reason="x", into=second.order_no)
        )
    first.refresh_from_db()
    assert first.is_open
