"""A raised warning as receivers of `warning.raised` get it."""

from rest_framework import serializers

from customers.risk.services import ALERT_TIERS
from retention.core.webhooks.events import EventData


class RaisedWarning(EventData):
    example = {
        "subscriber_no": "S1000001",
        "as_of": "2026-11-20",
        "probability": 0.431,
        "tier": "high",
        "decile": 1,
    }

    subscriber_no = serializers.CharField()
    as_of = serializers.DateField(help_text="Day of the score.")
    probability = serializers.FloatField(help_text="Churn probability within the model's horizon, 0 to 1.")
    tier = serializers.ChoiceField(ALERT_TIERS)
    decile = serializers.IntegerField(help_text="1 is the tenth of the base most at risk.")
