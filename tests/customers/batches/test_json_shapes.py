"""JSON can give an object, a list or true where a text or a number belongs: refused, as the OpenAPI document says."""

import json

import pytest
from jsonschema import Draft202012Validator

from customers.batches.api.serializers.schemas import row_schema
from customers.declarations import EVENTS_WRITE, FACTS_WRITE
from customers.facts.models import Attribute, Customer, StatusEvent
from customers.ingest.resources import RESOURCES
from tests.api import make_client
from tests.customers.batches.batch_bodies import JSON, loaded, send
from tests.factories import make_branch, make_custom_field, make_subscriber

pytestmark = pytest.mark.django_db
SHAPES = [{}, {"a": 1}, [], ["x"], True, False]


@pytest.fixture
def caller():
    return make_client(FACTS_WRITE, EVENTS_WRITE)


def customer(**given: object) -> dict:
    return {"customer_no": "C1", "kind": "individual", "name": "Ana", "branch_code": make_branch().code} | given


@pytest.mark.parametrize("value", SHAPES, ids=json.dumps)
@pytest.mark.parametrize("field", ["name", "email", "branch_code"])
def test_a_row_is_refused_with_the_field(caller, field, value):
    row = customer(**{field: value})
    answer = caller.put("customers/C1", row)
    assert answer.status_code == 422
    assert [(one["field"], one["code"]) for one in answer.json()["error"]["details"]] == [(field, "wrong_shape")]
    assert not Draft202012Validator(row_schema(RESOURCES["customers"])).is_valid(row)
    assert not Customer.objects.exists()


@pytest.mark.parametrize("kind", [JSON, "application/x-ndjson"])
def test_a_row_of_a_batch_is_refused_and_its_neighbours_land(caller, kind):
    rows = [
        customer(customer_no=f"C{n}", name=name) for n, name in enumerate(["a", ["b"], 7, 1.5, True, "c", "d", "e"])
    ]
    rows += [customer(customer_no=f"D{n}") for n in range(8)]
    body = json.dumps(rows) if kind == JSON else "\n".join(map(json.dumps, rows))
    batch = loaded(caller, send(caller, "customers", body.encode(), kind=kind))
    assert (batch["applied"], batch["rejected"]) == (14, 2)
    assert set(Customer.objects.filter(customer_no__in=["C2", "C3"]).values_list("name", flat=True)) == {"7", "1.5"}


def test_an_event_keeps_its_detail_and_refuses_an_object_as_a_reason(caller):
    event = {"subscriber_no": make_subscriber().subscriber_no, "at": "2026-10-01T09:30:00+08:00", "kind": "stop"}
    sent = [event | {"event_no": "E1", "detail": {"a": [1]}}, event | {"event_no": "E2", "reason": {}}]
    answer = caller.post("events", sent).json()
    assert (answer["applied"], answer["errors"][0]["code"]) == (1, "wrong_shape")
    assert StatusEvent.objects.get().detail == {"a": [1]}


def test_the_value_of_a_custom_field_may_be_true(caller):
    make_custom_field(key="vip", kind="flag")
    line = make_subscriber().subscriber_no
    assert caller.put(f"attributes/{line}~vip", {"value": True}).status_code == 201
    assert Attribute.objects.get().value == "true"
    assert caller.put(f"attributes/{line}~vip", {"value": [True]}).status_code == 422


def test_a_key_is_not_cleared_by_null(caller):
    answer = caller.put("customers/C1", customer(customer_no=None))
    assert answer.json()["error"]["code"] == "key_mismatch"


def test_a_blank_name_is_refused_and_the_schema_says_so(caller):
    row = customer(name=" ")
    assert caller.put("customers/C1", row).status_code == 422
    assert not Draft202012Validator(row_schema(RESOURCES["customers"])).is_valid(row)


def test_a_batch_is_not_deleted_by_a_number_that_is_none(caller):
    answer = caller.delete("batches/null")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")
