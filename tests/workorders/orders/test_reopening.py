"""A contact saved with the wrong key is opened again, with its words and without its effects."""

import pytest
from django.urls import reverse

from customers.contacts.models import ContactRecord
from customers.facts.models import Subscriber
from customers.lists.models import ListEntry
from retention.core import clock
from retention.core.errors import Conflict, NotFound
from tests.factories import NOW, TODAY, make_list_entry, make_user
from tests.workorders.rows import DAY, HOUR, MINUTE, make_floor, make_hit, make_orders, make_scenario, open_orders
from workorders.order_types.models import USUAL_LEASE
from workorders.orders import queries
from workorders.orders.models import WorkOrder
from workorders.orders.services.claiming import claim_next
from workorders.orders.services.drafts import draft_of
from workorders.orders.services.outcomes import record_outcome, start
from workorders.orders.services.reopening import reopen, requeue
from workorders.orders.states import State
from workorders.supervision.services import cancel

pytestmark = pytest.mark.django_db


@pytest.fixture
def floor():
    return make_floor(2)


@pytest.fixture
def ana(floor):
    return floor[1][0]


@pytest.fixture
def boss(floor):
    return make_user(role="supervisor", branch=floor[0].branch, teams=(floor[0],))


@pytest.fixture
def order(floor, ana) -> WorkOrder:
    make_orders(1, team=floor[0])
    return claim_next(agent=ana, now=NOW)


def save(order, agent, disposition, now=NOW, **given) -> WorkOrder:
    return record_outcome(order_no=order.order_no, agent=agent, disposition=disposition, version=None, now=now, **given)


@pytest.mark.parametrize(
    ("wrong", "given"), [("retained", {}), ("no_answer", {}), ("callback", {"appointment_at": NOW + DAY})]
)
def test_a_save_is_taken_back_with_everything_that_was_typed(order, ana, wrong, given):
    save(order, ana, wrong, note="Typed.", answers={"main_reason": "price"}, **given)
    back = reopen(order_no=order.order_no, agent=ana, now=NOW + MINUTE)
    assert (back.state, back.assignee, back.lease_until) == (State.ASSIGNED, ana, NOW + MINUTE + USUAL_LEASE)
    assert (back.disposition, back.closed_at, back.not_before, back.appointment_at) == (None, None, None, None)
    content = draft_of(order, ana).content
    assert (content["note"], content["answer_main_reason"], content["disposition"]) == ("Typed.", "price", wrong)
    assert not order.notes.exists()
    assert Subscriber.objects.visible_to(ana).exists()
    done = save(back, ana, "refused", now=NOW + 2 * MINUTE, note="Typed.")
    assert (done.state, done.attempts, done.disposition.code) == (State.DONE, 1, "refused")
    assert [line.move for line in order.transitions.order_by("version")][-2:] == ["reopen", "complete"]
    assert ContactRecord.objects.filter(state=ContactRecord.State.USED).count() == 1


def test_a_corrected_contact_counts_once(order, ana):
    save(order, ana, "retained")
    reopen(order_no=order.order_no, agent=ana, now=NOW + MINUTE)
    assert queries.contact_counts_of_day(ana, day=TODAY).contacts == 0
    save(order, ana, "refused", now=NOW + 2 * MINUTE)
    counts = queries.contact_counts_of_day(ana, day=TODAY)
    assert (counts.contacts, counts.good, counts.refused) == (1, 0, 1)


def test_no_more_calls_pressed_by_mistake_leaves_the_customer_on_no_list(order, ana):
    save(order, ana, "do_not_call")
    reopen(order_no=order.order_no, agent=ana, now=NOW + MINUTE)
    assert not ListEntry.objects.in_force(on=TODAY).exists()


def test_the_next_order_goes_back_unless_its_call_has_begun(order, ana, floor):
    (second,) = make_orders(1, team=floor[0])
    save(order, ana, "retained")
    claim_next(agent=ana, now=NOW)
    reopen(order_no=order.order_no, agent=ana, now=NOW + MINUTE)
    second.refresh_from_db()
    assert (second.state, second.transitions.order_by("-version")[0].move) == (State.QUEUED, "put_back")
    save(order, ana, "refused", now=NOW + 2 * MINUTE)
    claimed = claim_next(agent=ana, now=NOW + 2 * MINUTE)
    start(order_no=claimed.order_no, agent=ana, version=None, now=NOW + 2 * MINUTE)
    with pytest.raises(Conflict) as error:
        reopen(order_no=order.order_no, agent=ana, now=NOW + 3 * MINUTE)
    assert error.value.code == "desk_taken"


def test_only_own_saves_of_the_day_that_nobody_has_changed_since(order, ana, floor, boss):
    save(order, ana, "no_answer")
    with pytest.raises(Conflict) as error:
        reopen(order_no=order.order_no, agent=ana, now=NOW + DAY)
    assert error.value.code == "too_late"
    with pytest.raises(NotFound):
        reopen(order_no=order.order_no, agent=floor[1][1], now=NOW)
    cancel(order_nos=[order.order_no], actor=boss, reason="Stopped", now=NOW)
    with pytest.raises(Conflict):
        reopen(order_no=order.order_no, agent=ana, now=NOW)


def test_a_newer_order_of_the_customer_is_the_one_to_correct(order, ana):
    save(order, ana, "retained")
    ContactRecord.objects.all().delete()
    open_orders(make_hit(subscriber=order.subscriber, scenario=make_scenario()))
    with pytest.raises(Conflict) as error:
        reopen(order_no=order.order_no, agent=ana, now=NOW + MINUTE)
    assert error.value.code == "other_order"
    order.refresh_from_db()
    assert order.state == State.DONE


def test_a_supervisor_puts_a_closed_order_into_the_queue_again(order, ana, boss, floor):
    save(order, ana, "retained", note="Stays.")
    requeue(order_no=order.order_no, actor=boss, now=NOW + DAY)
    order.refresh_from_db()
    assert (order.state, order.assignee, order.closed_at, order.attempts) == (State.QUEUED, None, None, 0)
    assert order.notes.get().text == "Stays."
    assert claim_next(agent=floor[1][1], now=NOW + DAY) == order
    assert save(order, floor[1][1], "refused", now=NOW + DAY).state == State.DONE


def test_who_has_refused_contact_since_is_not_called_again(order, ana, boss):
    save(order, ana, "retained")
    make_list_entry(customer=order.customer, kind=ListEntry.Kind.DO_NOT_DISTURB)
    for again in (lambda: reopen(order_no=order.order_no, agent=ana, now=NOW + MINUTE),
                  lambda: requeue(order_no=order.order_no, actor=boss, now=NOW + MINUTE)):  # fmt: skip
        with pytest.raises(Conflict) as error:
            again()
        assert error.value.code == "barred"
    order.refresh_from_db()
    assert order.state == State.DONE


def test_the_page_offers_to_undo_for_ten_seconds_and_my_work_all_day(client, order, ana):
    client.force_login(ana)
    address = reverse("workorders:reopen", args=[order.order_no])
    save(order, ana, "retained")
    with clock.freeze(NOW + MINUTE / 12):
        assert address in client.get(reverse("workorders:console")).text
    with clock.freeze(NOW + MINUTE):
        assert address not in client.get(reverse("workorders:console")).text
    with clock.freeze(NOW + HOUR):
        assert address in client.get(reverse("workorders:mine")).text
        assert client.post(address).url == reverse("workorders:order", args=[order.order_no])
        assert client.post(address).url == reverse("workorders:console")  # it is on the desk already
