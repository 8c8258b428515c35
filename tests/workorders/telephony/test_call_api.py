"""A switch reports over the API: good rows land, the others are named, and saying it again changes nothing."""

from datetime import timedelta

import pytest

from tests.api import make_client
from tests.factories import NOW
from workorders.telephony.models import Call
from workorders.telephony.services.calling import dial

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]


@pytest.fixture
def caller():
    return make_client("calls:write")


@pytest.fixture
def call(switch, floor, order) -> Call:
    return dial(order_no=order.order_no, agent=floor[1][0], now=NOW)


def event(call: Call, number: int, kind: str, after: int, **more) -> dict:
    at = (NOW + timedelta(seconds=after)).isoformat()
    return {"event_no": f"E{number}", "call": call.reference, "kind": kind, "at": at} | more


def test_events_in_any_order_and_twice_leave_one_call(caller, call):
    rows = [
        event(call, 3, "ended", 65, seconds=60, by="customer", recording="R1"),
        event(call, 1, "ringing", 1),
        event(call, 2, "answered", 5),
        event(call, 2, "answered", 9),
    ]
    told = caller.post("calls/events", rows).json()
    assert (told["applied"], told["unchanged"], told["rejected"]) == (3, 1, 0)
    assert caller.post("calls/events", rows[:2]).json()["unchanged"] == 2
    call.refresh_from_db()
    assert (call.state, call.seconds, call.recording, call.ended_because) == ("ended", 60, "R1", "customer")


def test_bad_rows_are_named_and_good_ones_land(caller, call):
    rows = [
        event(call, 1, "ringing", 1),
        event(call, 2, "melted", 2),
        event(call, 3, "ended", 3600),
        {**event(call, 4, "busy", 2), "call": "W1-1"},
        {**event(call, 5, "busy", 2), "number": "1"},
    ]
    told = caller.post("calls/events", rows).json()
    assert [(one["row"], one["field"], one["code"]) for one in told["errors"]] == [
        (2, "kind", "invalid_choice"), (3, "at", "in_future"), (4, "call", "unknown_reference"),
        (5, "number", "unknown_field"),
    ]  # fmt: skip
    call.refresh_from_db()
    assert call.state == "ringing"


def test_an_event_of_an_unknown_call_alone_is_an_error(caller):
    answer = caller.post("calls/events", {"event_no": "E1", "call": "W1-1", "kind": "ringing"})
    assert answer.status_code == 422
    error = answer.json()["error"]
    assert (error["code"], error["details"][0]["code"], error["details"][0]["field"]) == (
        "invalid_rows", "unknown_reference", "call",
    )  # fmt: skip


def test_other_scopes_may_not_report_calls(call):
    assert make_client("messages:write").post("calls/events", event(call, 1, "busy", 1)).status_code == 403
