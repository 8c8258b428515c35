"""Saving how a contact ended."""

from datetime import timedelta

import pytest

from customers.contacts.models import ContactRecord
from customers.facts.models import Subscriber
from customers.grants.models import CustomerGrant
from customers.lists.models import ListEntry
from retention.core.errors import Conflict, Invalid, NotFound, Refused
from tests.factories import NOW, TODAY, make_user
from tests.workorders.rows import DAY, HOUR, make_floor
from workorders.orders.services.claiming import claim_next
from workorders.orders.services.outcomes import record_outcome, start
from workorders.orders.states import State
from workorders.supervision.services import reassign

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana(floor):
    return floor[1][0]


def save(order, agent, disposition, **given):
    values = {"version": order.version, "now": NOW}
    return record_outcome(order_no=order.order_no, agent=agent, disposition=disposition, **values | given)


def test_an_outcome_that_closes_ends_the_order_the_grant_and_the_reservation(order, ana):
    done = save(order, ana, "retained", note="Stays, likes the new plan.")
    assert (done.state, done.disposition.code, done.attempts) == (State.DONE, "retained", 1)
    assert (done.assignee, done.lease_until, done.closed_at, done.closed_by) == (None, None, NOW, ana)
    assert not CustomerGrant.objects.exists()
    assert not Subscriber.objects.visible_to(ana).exists()
    record = ContactRecord.objects.get()
    assert (record.state, record.outcome, record.actor) == (ContactRecord.State.USED, "connected", ana)
    assert order.notes.get().text == "Stays, likes the new plan."


def test_no_answer_brings_the_order_back_later_and_keeps_the_reservation(order, ana):
    back = save(order, ana, "no_answer")
    assert (back.state, back.assignee, back.not_before) == (State.QUEUED, None, NOW + 4 * HOUR)
    states = list(ContactRecord.objects.order_by("pk").values_list("state", "outcome"))
    assert states == [("reserved", ""), ("used", "not_reached")]


def test_the_last_attempt_closes_the_order(order, ana):
    for attempt in range(3):
        now = NOW + attempt * DAY
        claimed = claim_next(agent=ana, now=now)
        ended = save(claimed, ana, "no_answer", now=now)
    assert (ended.state, ended.attempts, ended.disposition.code) == (State.DONE, 3, "no_answer")


def test_an_appointment_keeps_the_order_with_its_agent_and_moves_the_due_time(order, ana):
    at = NOW + 5 * DAY
    waiting = save(order, ana, "callback", appointment_at=at)
    assert (waiting.state, waiting.assignee, waiting.appointment_at) == (State.WAITING, ana, at)
    assert waiting.lease_until is None
    assert waiting.due_at == at + 48 * HOUR  # while the customer has us wait, its clock stands still
    assert Subscriber.objects.visible_to(ana).exists()


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (None, "required"),
        (NOW - HOUR, "past"),
        (NOW + 15 * DAY, "too_far"),
        (NOW.replace(hour=21) + DAY, "quiet_hours"),
    ],
)
def test_a_bad_appointment_is_refused_and_nothing_is_saved(order, ana, at, code):
    with pytest.raises(Invalid) as error:
        save(order, ana, "callback", appointment_at=at, note="typed")
    assert error.value.details[0]["field"] == "appointment_at"
    assert error.value.details[0]["code"] == code
    order.refresh_from_db()
    assert order.state == State.ASSIGNED
    assert not order.notes.exists()


def test_wants_no_more_calls_puts_the_customer_on_the_list_for_a_year(order, ana):
    save(order, ana, "do_not_call")
    entry = ListEntry.objects.get()
    assert (entry.kind, entry.customer, entry.created_by) == ("do_not_disturb", order.customer, ana)
    assert entry.ends_on == TODAY + timedelta(days=365)


def test_the_entry_says_why_in_the_customers_words(order, ana):
    words = "Never again\nbefore noon, " + "please " * 60
    save(order, ana, "do_not_call", note=words)
    entry = ListEntry.objects.get()
    assert entry.reason.startswith(f"Said on the call, order {order.order_no}: Never again before noon, please")
    assert (len(entry.reason), order.notes.get().text) == (200, words.strip())


def test_a_false_user_who_is_listed_already_can_still_be_closed(order, ana):
    ListEntry.objects.create(
        kind="false_user", customer=order.customer, starts_on=TODAY, reason="known", created_at=NOW
    )
    assert save(order, ana, "false_user").state == State.DONE


def test_answers_are_kept_and_a_wrong_one_names_its_field(order, ana):
    with pytest.raises(Invalid) as error:
        save(order, ana, "retained", answers={"main_reason": "nonsense"})
    assert error.value.details[0]["field"] == "answer_main_reason"
    done = save(order, ana, "retained", answers={"main_reason": "price", "unknown": "x"})
    assert done.answers == {"main_reason": "price"}


@pytest.mark.parametrize("code", ["", "informed", "reached", "nonsense"])
def test_only_dispositions_that_the_type_offers_may_be_chosen(order, ana, code):
    with pytest.raises(Invalid) as error:
        save(order, ana, code)
    assert error.value.details[0]["field"] == "disposition"


def test_a_stale_version_is_a_conflict_that_says_what_was_done(order, ana, floor):
    boss = make_user(role="supervisor", branch=floor[0].branch, teams=(floor[0],))
    reassign(order_nos=[order.order_no], agent=floor[1][1], actor=boss, now=NOW)
    with pytest.raises(Conflict) as error:
        save(order, ana, "retained")
    assert (error.value.status, error.value.code) == (409, "changed_meanwhile")
    assert [one["code"] for one in error.value.details] == ["assign"]
    assert boss.username in error.value.details[0]["message"]


def test_of_two_saves_with_the_same_version_the_second_is_a_conflict(order, ana):
    save(order, ana, "no_answer")
    with pytest.raises(Conflict):
        save(order, ana, "retained")
    order.refresh_from_db()
    assert order.attempts == 1


def test_the_same_save_once_more_is_a_success_that_changes_nothing(order, ana):
    first = save(order, ana, "no_answer", note="Rang long.")
    again = save(order, ana, "no_answer", note="Rang long.")
    assert (again.version, again.attempts, again.state) == (first.version, 1, State.QUEUED)
    assert [note.text for note in order.notes.all()] == ["Rang long."]
    save(order, ana, "no_answer", note="Rang long. Will be in at six.")
    assert order.notes.count() == 2


def test_the_same_end_by_somebody_else_is_a_conflict(order, ana, floor):
    save(order, ana, "no_answer")
    with pytest.raises(NotFound):
        save(order, floor[1][1], "no_answer")


def test_an_order_that_left_the_agent_is_a_conflict_even_without_a_version(order, ana, floor):
    boss = make_user(role="supervisor", branch=floor[0].branch, teams=(floor[0],))
    reassign(order_nos=[order.order_no], agent=floor[1][1], actor=boss, now=NOW)
    with pytest.raises(Conflict) as error:
        save(order, ana, "retained", version=None)
    assert error.value.code == "not_yours"


def test_a_foreign_order_does_not_exist(order, floor):
    stranger = make_floor()[1][0]
    with pytest.raises(NotFound):
        save(order, stranger, "retained")


def test_a_supervisor_cannot_save_the_outcome_of_somebody_elses_call(order, floor):
    boss = make_user(role="supervisor", branch=floor[0].branch, teams=(floor[0],))
    with pytest.raises(Conflict) as error:
        save(order, boss, "retained")
    assert error.value.code == "not_yours"


def test_a_manager_may_not_make_agents_moves(order):
    from workorders.orders.services.transitions import Pick, move

    manager = make_user(role="manager", branch=order.branch)
    with pytest.raises(Refused):
        move(name="complete", pick=Pick.of([order.pk]), actor=manager, now=NOW)


def test_starting_the_call_is_a_move_of_its_own(order, ana):
    started = start(order_no=order.order_no, agent=ana, version=order.version, now=NOW)
    assert (started.state, started.lease_until is not None) == (State.IN_PROGRESS, True)
    with pytest.raises(Conflict) as error:
        start(order_no=order.order_no, agent=ana, version=started.version, now=NOW)
    assert error.value.code == "illegal_move"
    assert save(started, ana, "retained").state == State.DONE


def test_a_note_is_as_long_as_it_is_said_to_be_and_never_cut(order, ana):
    with pytest.raises(Invalid) as error:
        save(order, ana, "retained", note="x" * 4001)
    assert (error.value.details[0]["field"], error.value.details[0]["code"]) == ("note", "too_long")
    assert "4001" in error.value.message
    text = "\n".join("x" * 2000)[:4000]
    assert save(order, ana, "retained", note=text.replace("\n", "\r\n")).state == State.DONE
    assert order.notes.get().text == text.strip()


def test_an_answer_is_never_cut(order, ana):
    order.type.fields = [{"key": "wish", "label": "Wish", "kind": "text"}]
    order.type.save()
    with pytest.raises(Invalid) as error:
        save(order, ana, "retained", answers={"wish": "x" * 2001})
    assert error.value.details[0]["field"] == "answer_wish"
