"""The OpenAPI document says everything that whoever connects a billing system needs."""

import jsonschema
import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from retention.core.api.scopes import SCOPES
from retention.core.api.tags import TAGS, tags_in_order

METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture(scope="module")
def document():
    return APIClient().get(reverse("api:schema"), {"format": "json"}).json()


@pytest.fixture(scope="module")
def operations(document):
    """{"GET /path": operation}."""
    return {
        f"{method.upper()} {path}": operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if method in METHODS
    }


def followed(document, schema):
    while "$ref" in schema:
        target = document
        for name in schema["$ref"].removeprefix("#/").split("/"):
            target = target[name]
        schema = target
    return schema


def test_it_is_openapi_3_1_with_its_parts_described(document):
    assert document["openapi"].startswith("3.1")
    assert document["info"]["title"]
    assert [tag["name"] for tag in document["tags"]] == [name for name, _tag in tags_in_order()]
    assert all(tag["description"] for tag in document["tags"])


def test_it_covers_the_contract(operations):
    line = "/api/v1/subscribers/{subscriber_no}"
    for path in (f"{line}/risk", f"{line}/contacts", "/api/v1/warnings", "/tmf-api/customer/v5/customer/{id}"):
        assert f"GET {path}" in operations
    assert not [one for one in operations if "schema" in one or "docs" in one]


def test_every_operation_is_named_once_and_summed_up(operations):
    names = [operation["operationId"] for operation in operations.values()]
    assert len(set(names)) == len(names)
    assert [one for one, operation in operations.items() if not operation.get("summary")] == []


def test_every_operation_belongs_to_a_known_part(operations):
    assert {
        one: operation["tags"] for one, operation in operations.items() if not set(operation["tags"]) <= TAGS.keys()
    } == {}


def test_every_operation_says_its_scope_and_asks_for_the_key(operations):
    for one, operation in operations.items():
        assert operation["x-scope"] in SCOPES, one
        assert f"`{operation['x-scope']}`" in operation["description"], one
        assert operation["security"] == [{"key": []}], one


def test_every_operation_documents_its_errors_in_the_shape_of_its_interface(document, operations):
    """TM Forum: a bad parameter is 400, and the error is flat."""
    for one, operation in operations.items():
        answers = operation["responses"]
        by_tmf = "/tmf-api/" in one
        shape = ["code", "reason", "status"] if by_tmf else ["error"]
        assert {"401", "403", "429", "400" if by_tmf else "422"} <= answers.keys(), one
        assert "{" not in one or "404" in answers, one
        for status, answer in answers.items():
            if status >= "400":
                schema = followed(document, answer["content"]["application/json"]["schema"])
                assert [name for name in schema["properties"] if name != "@type"] == shape, f"{one} {status}"
                assert ("@type" in schema["properties"]) == ("/v5/" in one)
                assert answer["description"], f"{one} {status}"


def test_every_body_is_required_and_described(operations):
    bodies = {one: operation["requestBody"] for one, operation in operations.items() if "requestBody" in operation}
    assert [one for one, body in bodies.items() if not body.get("required")] == []
    without = {one for one, _operation in operations.items() if one.startswith(("POST", "PUT"))} - bodies.keys()
    nothing_to_say = ("/test", "/rotate", "/resend", "/release", "/discard")
    assert [one for one in without if not one.endswith(nothing_to_say)] == []


def test_the_body_that_creates_a_webhook_is_told(document, operations):
    body = operations["POST /api/v1/webhooks"]["requestBody"]["content"]["application/json"]
    schema = followed(document, body["schema"])
    assert (set(schema["properties"]), set(schema["required"])) == ({"url", "events"}, {"url", "events"})
    assert followed(document, schema["properties"]["events"]["items"])["enum"] == [
        "consent.changed", "decision.accepted", "order.closed", "order.moved", "warning.raised",
    ]  # fmt: skip


def has_example(media):
    schema = media["schema"]
    return "examples" in media or "example" in schema or "example" in schema.get("items", {})


def test_every_operation_has_an_example_of_what_is_sent_and_of_what_comes(operations):
    without = []
    for one, operation in operations.items():
        done = [answer for status, answer in operation["responses"].items() if status < "300"]
        for body in [operation.get("requestBody", {}), *done]:
            media = body.get("content", {}).values()
            if media and not any(has_example(kind) for kind in media):
                without.append(one)
    assert without == []


def test_examples_of_answers_fit_their_own_schema(document, operations):
    """What is shown is what comes: an example that the schema refuses would mislead."""
    wrong = []
    for one, operation in operations.items():
        for status, answer in operation["responses"].items():
            for kind in answer.get("content", {}).values():
                schema = kind["schema"] | {"components": document["components"]}
                for name, example in kind.get("examples", {}).items():
                    found = jsonschema.Draft202012Validator(schema).iter_errors(example["value"])
                    wrong += [f"{one} {status} {name}: {error.message}" for error in found]
    assert wrong == []


def test_yaml_is_there_for_those_who_like_it():
    answer = APIClient().get(reverse("api:schema"), {"format": "yaml"})
    assert answer.status_code == 200
    assert answer.text.startswith("openapi: 3.1")
