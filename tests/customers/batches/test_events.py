"""Events over HTTP."""

import pytest

from customers.declarations import EVENTS_WRITE
from customers.facts.models import StatusEvent
from tests.api import make_client
from tests.factories import make_subscriber

pytestmark = pytest.mark.django_db
AT = "2026-11-20T09:30:00+08:00"


@pytest.fixture
def caller():
    return make_client(EVENTS_WRITE)


def event(number, line, **given):
    return {"event_no": number, "subscriber_no": line, "at": AT, "kind": "port_out_inquiry"} | given


def test_one_or_a_list_once(caller):
    line = make_subscriber().subscriber_no
    assert caller.post("events", event("E1", line, detail={"to": "rival"})).json()["applied"] == 1
    again = caller.post("events", [event("E1", line, detail={"to": "rival"}), event("E2", line)])
    assert (again.status_code, again.json()["applied"], again.json()["unchanged"]) == (200, 1, 1)
    assert StatusEvent.objects.count() == 2


def test_bad_ones_are_named_and_the_good_ones_are_in(caller):
    line = make_subscriber().subscriber_no
    said = caller.post("events", [event("E1", line), event("E2", line, at="yesterday"), event("E3", "NEW")]).json()
    assert (said["applied"], said["rejected"], said["waiting"]) == (1, 1, 1)
    assert (said["errors"][0]["row"], said["errors"][0]["field"]) == (2, "at")


def test_only_bad_ones_are_422(caller):
    answer = caller.post("events", event("E1", "L", at="yesterday"))
    assert (answer.status_code, answer.json()["error"]["details"][0]["field"]) == (422, "at")


@pytest.mark.parametrize(("body", "status"), [([], 400), ("x", 400), ([1], 400), ([{}] * 1001, 413), (None, 400)])
def test_what_is_no_event(caller, body, status):
    assert caller.post("events", body).status_code == status
