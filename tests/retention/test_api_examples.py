"""Whatever the OpenAPI document gives as an example of a request is accepted when it is sent."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from campaigns.messages.models import Message
from campaigns.messages.states import State
from customers.batches.services.rows import SEPARATOR
from customers.ingest.resources import RESOURCES
from retention.core import clock
from tests.api import ApiCaller, make_client
from tests.campaigns.messages.rows import queued
from tests.campaigns.offers.rows import make_decision
from tests.customers.batches.batch_bodies import CSV, JSON, NDJSON, loaded
from tests.factories import NOW, make_custom_field
from tests.workorders.telephony.rows import make_call

pytestmark = pytest.mark.django_db


class Example(NamedTuple):
    method: str
    path: str
    kind: str
    value: Any


def examples_of(document: dict[str, Any]) -> Iterator[Example]:
    """Every example of every body of a request, one of an item of a list as a list."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            for kind, media in operation.get("requestBody", {}).get("content", {}).items():
                for value in _of_media(media):
                    yield Example(method.upper(), path, kind, value)


def _of_media(media: dict[str, Any]) -> Iterator[Any]:
    yield from (one["value"] for one in media.get("examples", {}).values())
    if "example" in media:
        yield media["example"]
    yield from _of_schema(media.get("schema", {}))


def _of_schema(schema: dict[str, Any]) -> Iterator[Any]:
    if "example" in schema:
        yield schema["example"]
    if "items" in schema:
        yield from ([value] for value in _of_schema(schema["items"]))
    for other in schema.get("oneOf", ()):
        yield from _of_schema(other)


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return APIClient().get(reverse("api:schema"), {"format": "json"}).json()


def send(caller: ApiCaller, example: Example, number: int) -> dict[str, Any]:
    """Send it; what became of it."""
    path, value = example.path, example.value
    body = value.encode() if isinstance(value, str) else json.dumps(value).encode()
    if "{key}" in path:
        resource = RESOURCES[path.split("/")[3]]
        path = path.replace("{key}", SEPARATOR.join(str(value[name]) for name in resource.key))
    path = path.replace("{decision_id}", str(make_decision().public_id))
    if path.endswith("/messages/receipts"):
        Message.objects.filter(pk=queued().pk).update(reference=value["reference"], state=State.SENT)
    if path.endswith("/calls/events"):
        make_call(reference=value["call"])
    answer = caller.call(example.method, path, body, Content_Type=example.kind, Idempotency_Key=f"example {number}")
    assert answer.status_code < 300, (example, answer.content)
    return loaded(caller, answer) if "/batches/" in path else answer.json()


def test_every_example_of_the_document_is_accepted(document: dict[str, Any]) -> None:
    make_custom_field(key="payment_method")
    with clock.freeze(NOW):
        caller = make_client()
        said = [(example, send(caller, example, number)) for number, example in enumerate(examples_of(document))]
    assert len(said) > 4 * len(RESOURCES)
    assert [(e, one) for e, one in said if one.get("rejected") or one.get("state") in ("held", "failed")] == []


@pytest.mark.parametrize("name", RESOURCES)
def test_every_way_to_send_a_resource_has_an_example(document: dict[str, Any], name: str) -> None:
    paths = {f"/api/v1/batches/{name}", f"/api/v1/{name}/{{key}}"}
    kinds = {(example.method, example.kind) for example in examples_of(document) if example.path in paths}
    assert kinds == {("POST", JSON), ("POST", NDJSON), ("POST", CSV), ("PUT", JSON)}


def test_closed_lists_are_enums_of_the_document(document: dict[str, Any]) -> None:
    def enum(resource: str, field: str) -> list[str | None]:
        body = document["paths"][f"/api/v1/{resource}/{{key}}"]["put"]["requestBody"]["content"][JSON]
        return body["schema"]["properties"][field]["enum"]

    assert enum("consents", "purpose") == ["retention", "renewal", "care", "service", "marketing", "any"]
    assert enum("consents", "channel") == ["call", "sms", "email", "app", "any"]
    assert enum("subscribers", "status") == ["active", "stopped", "terminated"]
    assert enum("subscribers", "termination_reason") == [
        "voluntary",
        "arrears",
        "port_out",
        "false_user",
        "other",
        None,
    ]


def test_the_document_says_what_a_field_left_out_means(document: dict[str, Any]) -> None:
    paths = document["paths"]
    batch, put = paths["/api/v1/batches/customers"]["post"], paths["/api/v1/customers/{key}"]["put"]
    assert "A field that a row leaves out keeps what is stored; null clears it." in batch["description"]
    assert "The body is the whole row" in put["description"]
    for said in (batch["description"], put["description"]):
        assert "Only true or false changes `profiling_opt_out`" in said
    assert "profiling_opt_out" not in paths["/api/v1/batches/plans"]["post"]["description"]
