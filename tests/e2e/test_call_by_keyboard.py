"""Calls, appointments and skipped orders from the keyboard: a call that nobody answers takes two chords in all."""

import pytest
from django.utils import timezone

from retention.core import clock
from tests.e2e.steps import press_to_call
from tests.workorders.rows import make_orders
from workorders.orders.states import State
from workorders.telephony.models import Call
from workorders.telephony.states import CallState, EventKind
from workorders.telephony.switches import simulated

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _telephone(settings, monkeypatch):
    settings.TELEPHONE = "simulated"
    monkeypatch.setattr(simulated, "NO_ANSWER_AFTER", 2)


def test_a_call_that_nobody_answers_is_saved_with_two_chords(at_work, monkeypatch):
    monkeypatch.setattr(simulated, "ENDS", [EventKind.NO_ANSWER])
    page, order = at_work
    page.keyboard.press("Alt+l")
    page.locator("#call .rp-badge", has_text="Not answered").wait_for()
    assert order.subscriber.phone_number not in page.content()
    assert page.evaluate("document.activeElement.value") == "no_answer"
    page.keyboard.press("Enter")
    page.wait_for_url("**/work/")
    order.refresh_from_db()
    assert (order.state, order.disposition.code, order.attempts) == (State.QUEUED, "no_answer", 1)
    assert (page.evaluate("window.mouse ?? 0"), page.problems) == (0, [])


def test_the_same_key_hangs_up_and_what_is_typed_stays(at_work, monkeypatch):
    monkeypatch.setattr(simulated, "ENDS", [EventKind.ANSWERED])
    monkeypatch.setattr(simulated, "FASTEST_ANSWER", 0)
    page, order = at_work
    page.keyboard.press("Alt+n")
    page.keyboard.type("Asks about the bill")
    page.keyboard.press("Alt+l")
    page.locator("#call .rp-badge", has_text="On the line").wait_for()
    assert page.locator("[name=note]").input_value() == "Asks about the bill"
    page.keyboard.press("Alt+n")
    page.keyboard.type(", calm")
    page.keyboard.press("Alt+l")
    page.locator("#call .rp-badge", has_text="Call ended").wait_for()
    assert page.locator("[name=note]").input_value() == "Asks about the bill, calm"
    call = Call.objects.get()
    assert (call.state, call.ended_because, bool(call.recording)) == (CallState.ENDED, "agent", True)
    assert page.problems == []


def test_an_end_that_the_agent_has_chosen_stays_and_writing_goes_on(at_work, monkeypatch):
    monkeypatch.setattr(simulated, "ENDS", [EventKind.NO_ANSWER])
    page, _order = at_work
    page.keyboard.press("Alt+7")
    page.keyboard.press("Alt+l")
    page.locator("#call-key", has_text="Hang up").wait_for()
    page.keyboard.press("Alt+n")
    page.keyboard.type("Odd tone")
    page.locator("#call .rp-badge", has_text="Not answered").wait_for()
    assert page.locator("[name=disposition]:checked").get_attribute("value") == "wrong_number"
    assert page.evaluate("document.activeElement.name") == "note"


def test_an_appointment_shows_its_hour_and_a_clash_is_kept_by_key(at_work):
    page, order = at_work
    (second,) = make_orders(1, team=order.team, now=clock.now())
    page.keyboard.press("Alt+2")
    page.locator("#appointment-load", has_text="appointments of yours").wait_for()
    promised = page.locator("[name=appointment_at]").input_value()
    assert press_to_call(page, "Control+Enter") == second.order_no
    page.keyboard.press("Alt+2")
    page.locator("[name=appointment_at]").fill(promised)
    page.locator("#appointment-load", has_text="Close to").wait_for()
    page.keyboard.press("Control+Enter")
    page.locator("[name=appointment_anyway]").wait_for()
    page.keyboard.press("Alt+y")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/work/")
    second.refresh_from_db()
    assert (second.state, f"{timezone.localtime(second.appointment_at):%Y-%m-%dT%H:%M}") == (State.WAITING, promised)


def test_an_order_is_skipped_by_key_with_a_reason(at_work):
    page, order = at_work
    page.keyboard.press("Alt+j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/work/")
    order.refresh_from_db()
    assert (order.state, order.transitions.get(move="skip").detail) == (State.QUEUED, {"reason": "acquainted"})
    assert page.problems == []
