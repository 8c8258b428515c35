"""Where events leave a call: in any order, late, without an answer, after the end."""

import itertools
from datetime import timedelta

import pytest

from tests.factories import NOW
from workorders.telephony.states import FOLLOWS, OPEN, CallState, Event, EventKind, stand
from workorders.telephony.switches.base import Placed
from workorders.telephony.switches.simulated import SimulatedTelephone, script


def after(seconds: int):
    return NOW + timedelta(seconds=seconds)


TALK = (
    Event(EventKind.RINGING, after(1)),
    Event(EventKind.ANSWERED, after(5)),
    Event(EventKind.ENDED, after(65), 60, "R1", "customer"),
)


@pytest.mark.parametrize("events", list(itertools.permutations(TALK)))
def test_events_in_any_order_leave_the_call_at_the_same_place(events):
    found = stand(NOW, events)
    assert (found.state, found.answered_at, found.ended_at) == (CallState.ENDED, after(5), after(65))
    assert (found.because, found.recording) == ("customer", "R1")


def test_an_answer_that_comes_after_the_end_takes_its_place():
    early = stand(NOW, [TALK[0], Event(EventKind.ENDED, after(65))])
    assert (early.state, early.answered_at, early.because) == (CallState.ABANDONED, None, "switch")
    assert stand(NOW, [TALK[0], Event(EventKind.ENDED, after(65)), TALK[1]]).state == CallState.ENDED


def test_an_end_that_says_how_long_both_spoke_stands_for_the_answer():
    found = stand(NOW, [TALK[0], TALK[2]])
    assert (found.state, found.answered_at) == (CallState.ENDED, after(5))
    longer_than_the_call = stand(NOW, [Event(EventKind.ENDED, after(10), 60)])
    assert longer_than_the_call.answered_at == NOW


def test_the_first_end_stands_and_a_later_one_brings_the_recording():
    hung_up = Event(EventKind.HUNG_UP, after(20))
    found = stand(NOW, [*TALK, hung_up])
    assert (found.because, found.ended_at, found.recording) == ("agent", after(20), "R1")
    busy = stand(NOW, [Event(EventKind.BUSY, after(2)), Event(EventKind.ENDED, after(3))])
    assert (busy.state, busy.because) == (CallState.BUSY, "busy")


def test_an_event_from_before_the_call_counts_as_at_its_beginning():
    assert stand(NOW, [Event(EventKind.ANSWERED, after(-30))]).answered_at == NOW


def test_nothing_follows_an_end():
    assert {state for state, _kind in FOLLOWS} == set(OPEN)


def test_the_simulated_telephone_plays_every_end_and_always_the_same():
    ends = {script(f"W261120-{number:06}-1", NOW)[-1].kind for number in range(40)}
    assert ends == {EventKind.ENDED, EventKind.BUSY, EventKind.NO_ANSWER, EventKind.FAILED}
    assert script("W261120-000001-1", NOW) == script("W261120-000001-1", NOW)


def test_the_simulated_telephone_stops_where_the_agent_hangs_up():
    reference = next(
        name for name in (f"W{number}-1" for number in range(99)) if script(name, NOW)[-1].kind == EventKind.ENDED
    )
    phone, late = SimulatedTelephone(), after(3600)
    said = [one.event for one in phone.events(Placed(reference, NOW, after(20)), now=late)]
    found = stand(NOW, [*said, Event(EventKind.HUNG_UP, after(20))])
    assert (found.ended_at, found.recording) == (after(20), f"REC-{reference}")
    assert (
        stand(NOW, [one.event for one in phone.events(Placed(reference, NOW, after(0)), now=late)]).state == "dialling"
    )
