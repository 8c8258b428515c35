"""The end of a call: saved, refused with everything typed, drafted, in conflict with others."""

import re

import pytest
from django.urls import reverse

from tests.factories import NOW
from tests.workorders.console.pages import address, text_of
from tests.workorders.rows import make_orders
from workorders.orders.models import Draft
from workorders.orders.states import State
from workorders.supervision.services import reassign

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]


def test_saving_goes_to_the_next_customer(client, ana, floor, order):
    (second,) = make_orders(1, team=floor[0])
    answer = client.post(
        address("outcome", order), {"disposition": "retained", "note": "Stays.", "version": order.version}
    )
    assert (answer.status_code, answer.url) == (302, address("order", second))
    order.refresh_from_db()
    assert (order.state, order.notes.get().text) == (State.DONE, "Stays.")
    assert order.order_no in text_of(client.get(answer.url))


def test_saving_and_stopping_goes_back_to_the_desk(client, ana, order):
    form = {"disposition": "no_answer", "version": order.version, "then": "stop"}
    assert client.post(address("outcome", order), form).url == reverse("workorders:console")


def test_saving_twice_leads_to_the_next_customer_both_times(client, ana, floor, order):
    (second,) = make_orders(1, team=floor[0])
    form = {"disposition": "retained", "version": order.version}
    for _press in range(2):
        answer = client.post(address("outcome", order), form)
        assert (answer.status_code, answer.url) == (302, address("order", second))


def test_an_outcome_that_lacks_its_appointment_comes_back_with_everything_typed(client, ana, order):
    form = {
        "disposition": "callback", "note": "After six.", "version": order.version, "appointment_at": "",
        "answer_main_reason": "price",
    }  # fmt: skip
    page = client.post(address("outcome", order), form)
    assert page.status_code == 422
    text = text_of(page)
    assert "After six." in text
    assert page.context["problems"]["appointment_at"]
    assert re.search(r'value="callback"[^>]*checked', text)
    assert re.search(r'value="price"[^>]*checked', text)


def test_an_appointment_is_read_in_the_operators_time(client, ana, order):
    form = {"disposition": "callback", "version": order.version, "appointment_at": "2026-11-21T10:30"}
    assert client.post(address("outcome", order), form).status_code == 302
    order.refresh_from_db()
    assert order.appointment_at.isoformat() == "2026-11-21T10:30:00+08:00"


def test_an_unreadable_time_is_said_at_its_field(client, ana, order):
    form = {"disposition": "callback", "version": order.version, "appointment_at": "soon"}
    page = client.post(address("outcome", order), form)
    assert (page.status_code, list(page.context["problems"])) == (422, ["appointment_at"])


def test_a_conflict_while_the_order_is_still_mine_shows_it_anew_with_what_was_typed(client, ana, order):
    page = client.post(address("outcome", order), {"disposition": "retained", "note": "typed", "version": 1})
    assert page.status_code == 409
    assert "Taken by the agent" in text_of(page)
    assert "typed" in text_of(page)
    assert f'name="version" value="{order.version}"' in " ".join(text_of(page).split())


def test_a_conflict_when_the_order_was_given_away_says_by_whom_and_keeps_the_note(client, ana, boss, floor, order):
    reassign(order_nos=[order.order_no], agent=floor[1][1], actor=boss, now=NOW)
    page = client.post(address("outcome", order), {"disposition": "retained", "note": "typed", "version": 2})
    assert page.status_code == 409
    assert boss.username in text_of(page)
    assert "typed" in text_of(page)
    assert order.customer.name not in text_of(page)


def test_what_was_typed_is_there_when_the_page_is_opened_again(client, ana, order):
    answer = client.post(address("draft", order), {"note": "half a sen", "disposition": "refused", "version": "2"})
    assert answer.status_code == 204
    assert Draft.objects.get().content == {"note": "half a sen", "disposition": "refused"}
    text = text_of(client.get(address("order", order)))
    assert "half a sen" in text
    assert re.search(r'value="refused"[^>]*checked', text)


def test_a_window_hears_which_draft_it_has_and_of_that_of_another(client, ana, order):
    assert 'name="known_draft" value="0"' in " ".join(text_of(client.get(address("order", order))).split())
    typed = {"note": "one\r\ntwo", "known_draft": "0"}
    answer = client.post(address("draft", order), typed, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.headers["X-Draft-Revision"]) == (204, "1")
    assert Draft.objects.get().content == {"note": "one\ntwo"}
    late = client.post(address("draft", order), typed | {"note": "other"}, headers={"Accept": "application/json"})
    assert (late.status_code, late.json()["error"]["code"]) == (409, "other_window")
    page = client.post(address("outcome", order), typed | {"note": "other", "disposition": "retained"})
    assert page.status_code == 409
    assert "one\ntwo" in text_of(page)  # the other window's
    assert page.context["typed"]["note"] == "other"
    assert client.post(address("start", order), typed | {"note": "other"}).status_code == 409


def test_a_note_too_long_comes_back_whole(client, ana, order):
    page = client.post(address("outcome", order), {"disposition": "retained", "note": "x" * 4001})
    assert page.status_code == 422
    assert "x" * 4001 in text_of(page)
    assert "4001 characters" in text_of(page)


def test_the_draft_button_answers_with_a_word_and_without_script_with_the_page(client, ana, order):
    word = client.post(address("draft", order), {"note": "x"}, headers={"HX-Request": "true"})
    assert "Draft saved" in text_of(word)
    plain = client.post(address("draft", order), {"note": "x"}, headers={"Accept": "text/html"})
    assert plain.url == address("order", order)


def test_starting_the_call_keeps_what_is_typed(client, ana, order):
    client.post(address("start", order), {"note": "before the call", "version": order.version})
    order.refresh_from_db()
    assert order.state == State.IN_PROGRESS
    assert "before the call" in text_of(client.get(address("order", order)))
