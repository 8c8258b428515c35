"""OpenAPI serializers of the webhook endpoints, and rows as JSON."""

from typing import Any

from drf_spectacular.utils import OpenApiExample
from rest_framework import serializers

from retention.core.webhooks.events import event_choices
from retention.core.webhooks.models import Delivery, Webhook
from retention.core.webhooks.validators import MAX_URL_LENGTH

EXAMPLE_REQUEST = {"url": "https://billing.example.com/retention", "events": ["decision.accepted"]}
EXAMPLE_WEBHOOK = {"id": 7, **EXAMPLE_REQUEST, "active": True, "created_at": "2026-11-22T09:30:00+08:00"}
EXAMPLE_SECRET = {"secret": "kq0m4vJwq8mR2t1h0mJm0h2r5t7v9x1z3B5D7F9H1J3"}
EXAMPLE_PARKED = {
    "id": 4711, "event_id": "0e4c3f5a-7f0e-4a53-9d0b-2f6f1f1f9b7a", "event": "decision.accepted",
    "subject": "S1000001", "state": Delivery.State.PARKED.value, "attempts": 78, "at": "2026-11-19T09:30:00+08:00",
    "next_attempt_at": None, "delivered_at": None, "last_status": 503, "last_error": "HTTP 503",
}  # fmt: skip
EXAMPLE_RESENT = EXAMPLE_PARKED | {
    "state": Delivery.State.PENDING.value,
    "next_attempt_at": "2026-11-22T09:30:00+08:00",
}
EXAMPLE_FAILED_TEST = {"delivered": False, "status": None, "error": "Connection refused"}


def _answer(name: str, value: dict) -> OpenApiExample:
    return OpenApiExample(name, value=value, response_only=True)


CREATE_EXAMPLE = OpenApiExample("To hear of accepted decisions", value=EXAMPLE_REQUEST, request_only=True)
WEBHOOK_EXAMPLE = _answer("A webhook", EXAMPLE_WEBHOOK)
WEBHOOK_LIST_EXAMPLE = _answer("One webhook", {"results": [EXAMPLE_WEBHOOK], "next": None})
ISSUED_EXAMPLE = _answer("With its secret, this once", EXAMPLE_WEBHOOK | EXAMPLE_SECRET)
TEST_EXAMPLES = [
    _answer("The receiver took it", {"delivered": True, "status": 200, "error": ""}),
    _answer("Nobody answered", EXAMPLE_FAILED_TEST),
]
DELIVERY_LIST_EXAMPLE = _answer("Parked after 72 hours", {"results": [EXAMPLE_PARKED], "next": None})
RESENT_EXAMPLE = _answer("It waits again", EXAMPLE_RESENT)


class WebhookIn(serializers.Serializer):
    url = serializers.URLField(
        max_length=MAX_URL_LENGTH, help_text="https; a public address, or a host that the operator has listed."
    )
    events = serializers.ListField(child=serializers.ChoiceField(choices=event_choices()), min_length=1)


class WebhookOut(serializers.Serializer):
    id = serializers.IntegerField()
    url = serializers.CharField()
    events = serializers.ListField(child=serializers.ChoiceField(choices=event_choices()))
    active = serializers.BooleanField(help_text="false while an administrator has paused it: events are kept.")
    created_at = serializers.DateTimeField()


class WebhookIssued(WebhookOut):
    secret = serializers.CharField(
        help_text="Signs `t.POST.path?query.body` as v2 and `t.body` as v1 (hex HMAC-SHA256) in "
        "`X-Retention-Signature: t=UNIX,v1=HEX,v2=HEX`. Shown this once."
    )


class WebhookList(serializers.Serializer):
    results = WebhookOut(many=True)
    next = serializers.CharField(allow_null=True)


class TestResult(serializers.Serializer):
    __test__ = False  # not a pytest test, despite its name

    delivered = serializers.BooleanField()
    status = serializers.IntegerField(allow_null=True, help_text="null: there was no answer.")
    error = serializers.CharField(allow_blank=True)


class DeliveryOut(serializers.Serializer):
    id = serializers.IntegerField()
    event_id = serializers.UUIDField(help_text="As in `X-Retention-Delivery`: what comes twice has the same one.")
    event = serializers.ChoiceField(choices=event_choices())
    subject = serializers.CharField(help_text="The subscriber_no. Its events are sent in order.")
    state = serializers.ChoiceField(choices=Delivery.State.values)
    attempts = serializers.IntegerField()
    at = serializers.DateTimeField()
    next_attempt_at = serializers.DateTimeField(allow_null=True)
    delivered_at = serializers.DateTimeField(allow_null=True)
    last_status = serializers.IntegerField(allow_null=True)
    last_error = serializers.CharField(allow_blank=True)


class DeliveryList(serializers.Serializer):
    results = DeliveryOut(many=True)
    next = serializers.CharField(allow_null=True)


def webhook_as_json(webhook: Webhook) -> dict[str, Any]:
    return {
        "id": webhook.pk,
        "url": webhook.url,
        "events": webhook.events,
        "active": webhook.active,
        "created_at": webhook.created_at,
    }


def delivery_as_json(delivery: Delivery) -> dict[str, Any]:
    waits = delivery.state == Delivery.State.PENDING
    return {
        "id": delivery.pk,
        "event_id": str(delivery.event_id),
        "event": delivery.event.name,
        "subject": delivery.subject,
        "state": delivery.state,
        "attempts": delivery.attempts,
        "at": delivery.event.created_at,
        "next_attempt_at": delivery.next_attempt_at if waits else None,
        "delivered_at": delivery.delivered_at,
        "last_status": delivery.last_status,
        "last_error": delivery.last_error,
    }
