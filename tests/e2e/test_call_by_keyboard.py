"""Calls from the keyboard: one key dials and hangs up, and a call that nobody answers takes two chords in all."""

import pytest

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
