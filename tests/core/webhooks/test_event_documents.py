"""What receivers are sent is what the OpenAPI document says: each event as it really happens, against its schema."""

import json

import jsonschema
import pytest
from drf_spectacular.generators import SchemaGenerator

from customers.risk.services import record_scores
from retention.core import clock
from retention.core.webhooks.events import EVENTS
from retention.core.webhooks.services.relay import deliver_due
from retention.core.webhooks.services.webhooks import send_test
from tests.campaigns.offers.rows import make_decision
from tests.customers.ingest.rows import make_operator, send
from tests.factories import NOW, TODAY, make_subscriber, make_user
from tests.workorders.rows import make_floor, make_line, make_orders
from workorders.order_types.models import OrderType
from workorders.order_types.services import install_order_types
from workorders.orders.origins import Origin, OriginKind
from workorders.orders.services.claiming import claim_next
from workorders.orders.services.opening import open_orders
from workorders.orders.services.order_requests import OrderRequest
from workorders.orders.services.outcomes import record_outcome
from workorders.supervision.services import cancel


@pytest.fixture(autouse=True)
def frozen():
    with clock.freeze(NOW):
        yield


@pytest.fixture(scope="module")
def document():
    return SchemaGenerator().get_schema(request=None, public=True)


def change_consent():
    make_operator()
    row = {"subscriber_no": "S1", "purpose": "marketing", "channel": "sms", "granted": "false", "source": "app"}
    send("consents", [row | {"at": "2026-11-19T01:30:00Z"}])


def close_order():
    team = make_floor()[0]
    (order,) = make_orders(1, team=team)
    boss = make_user(role="manager", branch=team.branch)
    cancel(order_nos=[order.order_no], actor=boss, reason="test", now=NOW)


def restore_fault():
    """A fault that is restored: its type reports the move."""
    install_order_types()
    team, (ana,) = make_floor()
    kind = OrderType.objects.get(code="fault_escalation")
    line = make_line(branch=team.branch)
    origin = Origin(OriginKind.PLANNER)
    open_orders(
        requests=[OrderRequest(subscriber_id=line.pk, type=kind, origin=origin, found_on=TODAY)], on=TODAY, now=NOW
    )
    order = claim_next(agent=ana, now=NOW)
    answers = {"area": "mobile", "cause": "mast"}
    record_outcome(
        order_no=order.order_no, agent=ana, disposition="informed", version=None, now=NOW, answers=answers
    )  # fmt: skip


def raise_warning():
    row = {
        "subscriber_id": make_subscriber().pk, "probability": 0.42, "decile": 1, "tier": "high", "cohort": "over_12",
        "expected_gain": None, "reasons": "[]",
    }  # fmt: skip
    record_scores(as_of=TODAY, frame_or_rows=[row], model_version="m1")


HAPPENINGS = {
    "consent.changed": change_consent,
    "decision.accepted": make_decision,
    "order.closed": close_order,
    "order.moved": restore_fault,
    "warning.raised": raise_warning,
}


def body_schema(document, event):
    body = document["webhooks"][event]["post"]["requestBody"]
    assert body["required"]
    return body["content"]["application/json"]["schema"] | {"components": document["components"]}


def problems(document, event, body):
    return [error.message for error in jsonschema.Draft202012Validator(body_schema(document, event)).iter_errors(body)]


def test_every_event_is_documented_with_an_example_and_its_headers(document):
    assert set(document["webhooks"]) == {*EVENTS, "test"} == {*HAPPENINGS, "test"}
    for event, methods in document["webhooks"].items():
        (example,) = methods["post"]["requestBody"]["content"]["application/json"]["examples"].values()
        assert problems(document, event, example["value"]) == [], event
        assert example["value"]["event"] == event
        assert {one["name"] for one in methods["post"]["parameters"]} == {
            "X-Retention-Signature", "X-Retention-Event", "X-Retention-Delivery",
        }  # fmt: skip
        assert list(methods["post"]["responses"]) == ["2XX"]


@pytest.mark.parametrize("event", HAPPENINGS)
def test_what_is_sent_fits_the_document_and_names_nothing_else(document, receiver, hook, event):
    HAPPENINGS[event]()
    deliver_due(now=NOW)
    (body,) = [one for one in map(json.loads, receiver.bodies) if one["event"] == event]
    assert problems(document, event, body) == []
    data = EVENTS[event].serializer().fields
    assert set(body["data"]) == set(data)
    assert {name.lower() for name in ("X-Retention-Event", "X-Retention-Delivery")} <= receiver.headers[0].keys()


@pytest.mark.parametrize(
    ("event", "name", "at"),
    [("consent.changed", "at", "2026-11-19T09:30:00+08:00"), ("order.closed", "closed_at", NOW.isoformat())],
)
def test_instants_have_the_offset_of_the_operator(receiver, hook, event, name, at):
    """SQL writes both in UTC."""
    HAPPENINGS[event]()
    deliver_due(now=NOW)
    (body,) = [one for one in map(json.loads, receiver.bodies) if one["event"] == event]
    assert body["data"][name] == at
    assert body["at"].endswith("+08:00")


def test_the_test_message_is_documented_too(document, receiver, hook):
    assert send_test(webhook=hook.webhook, now=NOW).ok
    assert problems(document, "test", json.loads(receiver.bodies[0])) == []
