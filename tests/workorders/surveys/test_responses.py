"""Answers are rows, written with the outcome and replaced by its correction."""

from datetime import timedelta

import pytest

from retention.core.errors import Invalid
from tests.factories import NOW
from tests.workorders.rows import DAY, make_orders
from tests.workorders.surveys.rows import BEFORE, BLOCKS, make_asked, make_questionnaire
from tests.workorders.surveys.trees import single
from workorders.order_types.models import OrderType
from workorders.orders.models import Draft, WorkOrder
from workorders.orders.services.claiming import claim_next
from workorders.orders.services.drafts import save_draft
from workorders.orders.services.outcomes import record_outcome
from workorders.orders.services.reopening import reopen
from workorders.supervision.services import reassign
from workorders.surveys.models import Answer, Response

pytestmark = pytest.mark.django_db
NO = {"solved": "no", "why": "fee,network", "words": "Twice billed", "mark": "2"}


@pytest.fixture
def asked():
    return make_asked()


@pytest.fixture
def call(asked, floor) -> WorkOrder:
    make_orders(1, team=floor[0])
    return claim_next(agent=floor[1][0], now=NOW)


@pytest.fixture
def ana(floor):
    return floor[1][0]


def save(order, agent, disposition="retained", now=NOW, **answers):
    order.refresh_from_db()
    return record_outcome(
        order_no=order.order_no, agent=agent, disposition=disposition, version=order.version, now=now, answers=answers
    )


def rows(response):
    return list(response.answers.order_by("place").values_list("question", "value", "score"))


def test_the_answers_are_rows_with_version_score_time_and_who(asked, call, ana):
    save(call, ana, **NO)
    response = Response.objects.get()
    assert (response.order, response.questionnaire, response.at, response.agent) == (call, asked, NOW, ana)
    assert (response.agent_name, response.disposition.code) == (ana.username, "retained")
    assert (response.score, response.possible, response.replaced_at) == (2, 3 + 5, None)
    assert rows(response) == [
        ("solved", "no", 0), ("why", "fee", None), ("why", "network", None), ("words", "Twice billed", None),
        ("mark", "2", 2),
    ]  # fmt: skip
    call.refresh_from_db()
    assert call.answers == NO


def test_a_branch_that_was_left_is_not_saved(call, ana):
    save(call, ana, **NO | {"solved": "yes"})
    assert rows(Response.objects.get()) == [("solved", "yes", 3), ("mark", "2", 2)]
    call.refresh_from_db()
    assert call.answers == {"solved": "yes", "mark": "2"}


def test_a_missing_answer_refuses_the_whole_save_and_names_the_question(call, ana):
    with pytest.raises(Invalid) as error:
        save(call, ana, solved="no")
    assert [(one["field"], one["code"]) for one in error.value.details] == [("answer_words", "required")]
    assert not Response.objects.exists()
    call.refresh_from_db()
    assert call.disposition is None


def test_nothing_is_required_of_a_contact_that_did_not_reach_anybody(call, ana):
    save(call, ana, "no_answer")
    assert not Response.objects.exists()


def test_a_later_contact_replaces_the_answers_and_one_without_any_leaves_them(call, ana):
    save(call, ana, "considering", solved="no", mark="3")
    claimed = claim_next(agent=ana, now=NOW + 3 * DAY)
    save(claimed, ana, "no_answer", now=NOW + 3 * DAY)
    assert Response.objects.standing().get().score == 3
    claimed = claim_next(agent=ana, now=NOW + 6 * DAY)
    save(claimed, ana, now=NOW + 6 * DAY, solved="yes")
    old, new = Response.objects.order_by("at")
    assert (old.replaced_at, new.replaced_at) == (NOW + 6 * DAY, None)
    assert rows(new) == [("solved", "yes", 3)]


def test_a_correction_keeps_the_old_answers_as_history_and_gives_them_back_to_the_form(call, ana):
    save(call, ana, **NO)
    later = NOW + timedelta(minutes=1)
    reopen(order_no=call.order_no, agent=ana, now=later)
    assert not Response.objects.standing().exists()
    assert Response.objects.get().replaced_at == later
    content = Draft.objects.get().content
    assert content["answer_why"] == "fee,network" and content["answer_words"] == "Twice billed"
    save(call, ana, now=NOW + timedelta(minutes=2), solved="yes")
    assert [rows(one) for one in Response.objects.standing()] == [[("solved", "yes", 3)]]
    assert Response.objects.count() == 2 and Answer.objects.count() == 6


def test_correcting_a_second_contact_lets_the_first_ones_answers_stand_again(call, ana):
    save(call, ana, "considering", solved="no")
    again = NOW + 3 * DAY
    claimed = claim_next(agent=ana, now=again)
    save(claimed, ana, now=again, solved="yes")
    reopen(order_no=call.order_no, agent=ana, now=again + timedelta(seconds=5))
    assert rows(Response.objects.standing().get()) == [("solved", "no", 0)]


def test_an_order_keeps_the_version_of_its_opening(asked, call, ana, floor):
    make_questionnaire(version=2, blocks=[single("other")], published_at=NOW + timedelta(minutes=1))
    save(call, ana, solved="yes")
    assert Response.objects.get().questionnaire == asked
    make_orders(1, team=floor[0], now=NOW + timedelta(minutes=2))
    second = claim_next(agent=ana, now=NOW + timedelta(minutes=2))
    save(second, ana, other="no", now=NOW + timedelta(minutes=3))
    assert rows(Response.objects.get(order=second)) == [("other", "no", None)]


def test_orders_from_before_the_first_version_ask_the_first(call, ana, asked):
    asked.published_at = NOW + DAY
    asked.save()
    make_questionnaire(version=2, blocks=[single("other")], published_at=NOW + 2 * DAY)
    save(call, ana, solved="yes")
    assert Response.objects.get().questionnaire == asked


def test_without_a_published_version_the_types_own_questions_are_asked(floor, ana):
    row = make_asked(published_at=None)
    make_orders(1, team=floor[0])
    order = claim_next(agent=ana, now=NOW)
    save(order, ana, main_reason="price")
    order.refresh_from_db()
    assert order.answers["main_reason"] == "price"
    assert not row.responses.exists()


def test_what_was_chosen_and_not_saved_goes_into_the_note_of_an_order_taken_away(call, ana, boss, floor):
    content = {"note": "Angry", "answer_solved": "no", "answer_why": "fee,network", "answer_mark": ""}
    save_draft(order=call, user=ana, content=content, now=NOW)
    reassign(order_nos=[call.order_no], actor=boss, agent=floor[1][1], now=NOW)
    note = call.notes.get().text
    assert "Is it solved?: No; Why not?: Fee, Network" in note


def test_published_versions_of_before_are_found_by_the_moment(asked):
    assert OrderType.objects.get(code="churn_retention").questionnaire == asked.code
    assert asked.published_at == BEFORE and len(BLOCKS) == 5
