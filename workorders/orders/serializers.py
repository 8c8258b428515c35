"""A work order that has ended or made a step as receivers of `order.closed` and `order.moved` get it."""

from rest_framework import serializers

from retention.core.webhooks.events import EventData
from workorders.orders.states import CLOSED, State


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


class MovedOrder(EventData):
    example = {
        "order_no": "W261122-000017",
        "subscriber_no": "S1000001",
        "type": "fault_escalation",
        "state": "queued",
        "stage": "second_line",
        "step": "escalate",
        "at": "2026-11-22T10:04:31+08:00",
    }

    order_no = serializers.CharField()
    subscriber_no = serializers.CharField()
    type = serializers.CharField(help_text="Code of the order type.")
    state = serializers.ChoiceField(State.values)
    stage = serializers.CharField(help_text="Key of the stage of the type that the order has come to.")
    step = serializers.CharField(help_text="Key of the type's move that led there.")
    at = serializers.DateTimeField()
