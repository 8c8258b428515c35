"""A changed consent as receivers of `consent.changed` get it."""

from rest_framework import serializers

from retention.core.webhooks.events import EventData


class ConsentChange(EventData):
    example = {
        "subscriber_no": "S1000001",
        "purpose": "retention",
        "channel": "call",
        "granted": False,
        "at": "2026-11-22T09:30:00+08:00",
    }

    subscriber_no = serializers.CharField()
    purpose = serializers.CharField()
    channel = serializers.CharField()
    granted = serializers.BooleanField(help_text="false: withdrawn.")
    at = serializers.DateTimeField(help_text="When the customer said so.")
