"""What receivers are sent, as the `webhooks` of OpenAPI 3.1: one request for each declared event, and the test."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiResponse,
    OpenApiWebhook,
    extend_schema,
    extend_schema_field,
    inline_serializer,
)
from rest_framework import serializers

from retention.core.declarations import WEBHOOKS as TAG
from retention.core.webhooks.events import EVENTS
from retention.core.webhooks.services.signing import SIGNATURE_HEADER
from retention.core.webhooks.services.webhooks import TEST_EVENT

DELIVERY = (
    "Sent at least once, in order for each subscriber. Answer 2xx within ten seconds; anything else is tried again for"
    " 72 hours."
)
HEADERS = {
    SIGNATURE_HEADER: "`t=UNIX,v1=HEX`: HEX is the HMAC-SHA256 of `t.body` with the webhook's secret; during a rotation"
    " there are two `v1`.",
    "X-Retention-Event": "Name of the event.",
    "X-Retention-Delivery": "The `id` of the body: what comes twice has the same one.",
}
TAKEN = {"2XX": OpenApiResponse(description="The receiver has taken it.")}
EXAMPLE_ID, EXAMPLE_AT, EXAMPLE_SUBJECT = (
    "0e4c3f5a-7f0e-4a53-9d0b-2f6f1f1f9b7a",
    "2026-11-22T10:04:31+08:00",
    "S1000001",
)


def _webhook(name: str, summary: str, data: serializers.Field, example: dict[str, Any]) -> OpenApiWebhook:
    operation_id = f"receive_{name.replace('.', '_')}"
    subject = example.get("subscriber_no", name if name == TEST_EVENT else EXAMPLE_SUBJECT)
    body = {"id": EXAMPLE_ID, "event": name, "at": EXAMPLE_AT, "subject": subject, "data": example}
    decorator = extend_schema(
        operation_id=operation_id,
        summary=summary,
        description=DELIVERY,
        tags=[TAG],
        request=_envelope(name, data),
        responses=TAKEN,
        examples=[OpenApiExample(name, value=body)],
    )
    return OpenApiWebhook(name, decorator)


def _envelope(name: str, data: serializers.Field) -> serializers.Serializer:
    """The body around the data of an event."""

    @extend_schema_field({"type": "string", "const": name})
    class EventName(serializers.CharField):
        pass

    parts: dict[str, serializers.Field] = {
        "id": serializers.UUIDField(help_text="Drop an id that was seen before."),
        "event": EventName(),
        "at": serializers.DateTimeField(help_text="When it happened."),
        "subject": serializers.CharField(help_text="The subscriber_no, within which order is kept."),
        "data": data,
    }
    return inline_serializer(f"{''.join(part.title() for part in name.split('.'))}Event", parts)


@extend_schema_field(OpenApiTypes.OBJECT)
class _NoData(serializers.JSONField):
    pass


# Read at the first generation of the document (settings.SPECTACULAR_SETTINGS), when every app has declared its events.
WEBHOOKS = [
    *(
        _webhook(name, event.summary, event.serializer(), event.serializer.example)
        for name, event in sorted(EVENTS.items())
    ),
    _webhook(TEST_EVENT, "What `test_webhook` sends", _NoData(), {}),
]


def describe_headers(result: dict[str, Any], generator: object, request: object, public: bool) -> dict[str, Any]:
    """Adds the headers of a delivery, for which the framework has no place (a hook of drf-spectacular)."""
    parameters = [
        {"name": name, "in": "header", "required": True, "schema": {"type": "string"}, "description": text}
        for name, text in HEADERS.items()
    ]
    for methods in result.get("webhooks", {}).values():
        methods["post"]["parameters"] = parameters
    return result
