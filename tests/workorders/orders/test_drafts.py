"""What is typed and not yet saved: kept for its writer, and never overwritten by another window without a word."""

import pytest

from retention.core.errors import Conflict, Invalid
from tests.factories import NOW, make_user
from tests.workorders.rows import DAY, make_floor, make_orders
from workorders.orders.models import Draft, WorkOrder
from workorders.orders.services.claiming import claim_next, release_desk_of, release_expired_leases
from workorders.orders.services.drafts import MAX_DRAFT_CHARACTERS, draft_of, save_draft
from workorders.orders.services.outcomes import record_outcome
from workorders.orders.states import State
from workorders.supervision.services import cancel, reassign, take_back

pytestmark = pytest.mark.django_db


@pytest.fixture
def floor():
    return make_floor(2)


@pytest.fixture
def order(floor) -> WorkOrder:
    """An order on Ana's desk."""
    make_orders(1, team=floor[0])
    return claim_next(agent=floor[1][0], now=NOW)


@pytest.fixture
def ana(floor):
    return floor[1][0]


def type_in(order, user, note, known=None) -> Draft:
    return save_draft(order=order, user=user, content={"note": note}, now=NOW, known=known)


def test_a_draft_is_kept_until_the_outcome_is_saved(order, ana):
    type_in(order, ana, "half a sen")
    type_in(order, ana, "half a sentence")
    assert draft_of(order, ana).content == {"note": "half a sentence"}
    record_outcome(order_no=order.order_no, agent=ana, disposition="no_answer", version=None, now=NOW)
    assert not Draft.objects.exists()


def test_a_draft_belongs_to_its_writer(order, ana, floor):
    type_in(order, ana, "typed")
    assert draft_of(order, floor[1][1]).content == {}
    boss = make_user(role="supervisor", branch=floor[0].branch, teams=(floor[0],))
    reassign(order_nos=[order.order_no], agent=floor[1][1], actor=boss, now=NOW)
    with pytest.raises(Conflict) as error:
        type_in(order, ana, "typed")
    assert error.value.code == "not_yours"


@pytest.fixture
def boss(floor):
    return make_user(role="supervisor", branch=floor[0].branch, teams=(floor[0],))


WAYS = {
    "expire": lambda order, boss, ben: release_expired_leases(now=NOW + DAY),
    "sign_off": lambda order, boss, ben: release_desk_of(user=order.assignee, now=NOW),
    "take_back": lambda order, boss, ben: take_back(order_nos=[order.order_no], actor=boss, now=NOW),
    "assign": lambda order, boss, ben: reassign(order_nos=[order.order_no], agent=ben, actor=boss, now=NOW),
    "cancel": lambda order, boss, ben: cancel(order_nos=[order.order_no], reason="Stopped", actor=boss, now=NOW),
}


@pytest.mark.parametrize("way", WAYS)
def test_what_was_typed_goes_with_the_order(order, ana, boss, floor, way):
    content = {"note": "Wants a call at six.", "disposition": "refused", "answer_main_reason": "price"}
    save_draft(order=order, user=ana, content=content, now=NOW)
    WAYS[way](order, boss, floor[1][1])
    note = order.notes.get()
    assert (note.author, note.text.splitlines()) == (
        ana,
        ["Wants a call at six.", "Chosen, not saved: Main reason to leave: Price or plan; Refuses"],
    )
    assert not Draft.objects.exists()
    assert order.transitions.filter(move=way).exists()


def test_an_empty_draft_becomes_no_note(order, ana, boss):
    save_draft(order=order, user=ana, content={"note": "  "}, now=NOW)
    take_back(order_nos=[order.order_no], actor=boss, now=NOW)
    assert not order.notes.exists()


def test_words_that_come_after_the_order_has_left_are_kept_with_it(order, ana, boss):
    type_in(order, ana, "Wants a call")
    take_back(order_nos=[order.order_no], actor=boss, now=NOW)
    for words in ("Wants a call at six.", "Wants a call at six.", "Wants"):
        with pytest.raises(Conflict):
            type_in(order, ana, words)
    assert [note.text for note in order.notes.all()] == ["Wants a call at six."]


def test_who_never_had_the_order_adds_nothing(order, floor):
    with pytest.raises(Conflict):
        type_in(order, floor[1][1], "mine")
    assert not order.notes.exists()


def test_two_windows_do_not_overwrite_each_other(order, ana):
    first = type_in(order, ana, "from the first", known=0)
    assert first.revision == 1
    with pytest.raises(Conflict) as error:
        type_in(order, ana, "from the second", known=0)
    assert error.value.code == "other_window"
    assert {one["field"]: one["value"] for one in error.value.details} == {"known_draft": 1, "note": "from the first"}
    assert draft_of(order, ana).content == {"note": "from the first"}
    assert type_in(order, ana, "chosen", known=1).revision == 2


def test_the_same_words_from_both_windows_are_no_conflict(order, ana):
    type_in(order, ana, "same", known=0)
    assert type_in(order, ana, "same", known=0).revision == 1


def test_an_outcome_does_not_drop_what_another_window_has_written(order, ana):
    type_in(order, ana, "a promise of the other window", known=0)
    ending = {"order_no": order.order_no, "agent": ana, "disposition": "retained", "version": None, "now": NOW}
    with pytest.raises(Conflict) as error:
        record_outcome(**ending, note="mine", known_draft=0)
    assert error.value.code == "other_window"
    type_in(order, ana, "two\nlines", known=1)
    saved = record_outcome(**ending, note="two\r\nlines", known_draft=1)  # its own words, saved a moment before
    assert saved.state == State.DONE


def test_a_text_too_long_for_an_outcome_is_kept_as_a_draft(order, ana):
    assert type_in(order, ana, "x" * 50_000).content["note"] == "x" * 50_000
    with pytest.raises(Invalid):
        type_in(order, ana, "x" * (MAX_DRAFT_CHARACTERS + 1))
