"""The page on the API: open to all, complete, and readable where there is no network."""

import re

import pytest
from django.urls import reverse
from drf_spectacular.generators import SchemaGenerator
from rest_framework.test import APIClient

from retention.core.api.views.docs import describe_operation
from retention.core.webhooks.events import EVENTS

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client):
    return client.get("/api/v1/docs/").text


def test_strangers_may_read_it(client):
    answer = client.get("/api/v1/docs/")
    assert answer.status_code == 200
    assert "script-src 'self'" in answer["Content-Security-Policy"]


@pytest.mark.parametrize("query", ["", "?format=yaml", "?version=%0AX:1", "?lang=%ED"])
def test_the_document_is_made_once_and_may_be_kept(client, monkeypatch, query):
    first = client.get(f"/api/v1/schema/{query}")
    assert first.status_code == 200
    assert first["Cache-Control"] == "public, max-age=300"
    monkeypatch.setattr(SchemaGenerator, "get_schema", None)
    assert client.get(f"/api/v1/schema/{query}").content == first.content


def test_every_operation_has_its_place_and_is_led_to_from_the_index(page):
    document = APIClient().get(reverse("api:schema"), {"format": "json"}).json()
    for methods in document["paths"].values():
        for operation in methods.values():
            assert f'id="{operation["operationId"]}"' in page
            assert page.count(f'href="#{operation["operationId"]}"') == 2


def test_every_event_is_shown_with_its_body_and_without_a_call(page):
    for event in (*EVENTS, "test"):
        start = page.index(f'<article id="receive_{event.replace(".", "_")}"')
        article = page[start : page.index("</article>", start)]
        assert "X-Retention-Signature" in article
        assert f"always {event}" in article
        assert "curl" not in article


def test_it_asks_for_nothing_from_elsewhere_and_has_nothing_inline(page):
    assert re.findall(r'(?:src|href)="(?:https?:)?//', page) == []
    assert re.findall(r"<style|<script(?![^>]*src=)|\sstyle=|\son[a-z]+=", page) == []


def test_an_operation_shows_scope_parameters_fields_examples_and_errors(page):
    start = page.index('<article id="list_warnings"')
    article = page[start : page.index("</article>", start)]
    for part in ("risk:read", "/api/v1/warnings", "as_of", "1 to 500", "model_version", "S0000123", "429"):
        assert part in article


def test_it_is_translated(client):
    client.cookies.load({"django_language": "zh-hans"})
    page = client.get("/api/v1/docs/").text
    assert '<html lang="zh-hans"' in page
    assert "/api/v1/warnings" in page


DOCUMENT = {
    "components": {
        "schemas": {
            "Word": {"type": "string", "enum": ["a", "b"], "description": "A `word`."},
            "Row": {
                "type": "object",
                "required": ["id"],
                "properties": {
                    "id": {"type": "integer", "minimum": 1, "maximum": 9, "default": 3},
                    "word": {"allOf": [{"$ref": "#/components/schemas/Word"}], "description": "Which."},
                    "parts": {"type": "array", "items": {"$ref": "#/components/schemas/Part"}},
                    "more": {"oneOf": [{"$ref": "#/components/schemas/Word"}, {"type": "null"}]},
                },
            },
            "Part": {"type": "object", "properties": {"n": {"type": ["number", "null"]}, "is": {"const": "x"}}},
        }
    }
}


def test_fields_are_rows_with_their_references_followed():
    body = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Row"}}}}
    operation = {"operationId": "put_row", "requestBody": body, "responses": {"204": {"description": "Done."}}}
    found = describe_operation(DOCUMENT, "/rows/{row_no}", "put", operation)
    rows = {row["name"]: (row["type"], row["required"]) for row in found["request"]["fields"]}
    assert rows == {
        "id": ("integer, 1 to 9; default 3", True),
        "word": ("one of a, b", False),
        "parts": ("list of object", False),
        "parts[].n": ("number or null", False),
        "parts[].is": ("always x", False),
        "more": ("one of a, b or null", False),
    }
    assert found["request"]["fields"][1]["text"] == [(False, "Which.")]
    assert found["curl"].endswith('--data-binary @body "$ADDRESS/rows/$ROW_NO"')
    assert [answer["status"] for answer in found["answers"]] == ["204"]
