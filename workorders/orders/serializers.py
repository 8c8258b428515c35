"""A work order that has ended as receivers of `order.closed` get it."""

from rest_framework import serializers

from retention.core.webhooks.events import EventData
from workorders.orders.states import CLOSED


class ClosedOrder(EventData):
    example = {
        "order_no": "W261122-000017",
        "subscriber_no": "S1000001",
        "state": "done",
        "disposition": "renewed",
        "closed_at": "2026-11-22T10:04:31+08:00",
    }

    order_no = serializers.CharField()
    subscriber_no = serializers.CharField()
    state = serializers.ChoiceField(sorted(CLOSED))
    disposition = serializers.CharField(allow_null=True, help_text="Code of the outcome, null when it was cancelled.")
    closed_at = serializers.DateTimeField()
