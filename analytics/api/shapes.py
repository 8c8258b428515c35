"""What the endpoints answer with, for OpenAPI."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from customers.models import ContactRecord, ListEntry, RiskTier, TenureCohort
from customers.themes import THEMES
from workorders.orders.states import State

REASON_HELP = "Log-odds: above zero it raises the risk, below zero it lowers it."


@extend_schema_field({"type": ["number", "string", "boolean", "null"]})
class AsSeen(serializers.JSONField):
    pass


class Reason(serializers.Serializer):
    factor = serializers.CharField(help_text="Key of the profile field; stays the same.")
    text = serializers.CharField(help_text="In English, for people.")
    contribution = serializers.FloatField(help_text=REASON_HELP)
    value = AsSeen(help_text="The line's value as the model saw it.")
    theme = serializers.ChoiceField(list(THEMES), help_text="The business reason that the factor belongs to.")


class Risk(serializers.Serializer):
    subscriber_no = serializers.CharField()
    as_of = serializers.DateField()
    probability = serializers.FloatField(help_text="Chance of leaving within the model's horizon, 0 to 1.")
    decile = serializers.IntegerField(help_text="1 is the tenth of the base most at risk, 10 the least.")
    tier = serializers.ChoiceField(RiskTier.values)
    cohort = serializers.ChoiceField(TenureCohort.values)
    expected_gain = serializers.CharField(
        allow_null=True, help_text="What a contact is expected to keep, in yuan, as decimal text."
    )
    reasons = Reason(many=True, help_text="Strongest first.")
    model_version = serializers.CharField()


class RiskPage(serializers.Serializer):
    as_of = serializers.DateField(allow_null=True, help_text="The day of the scores; null while nothing is scored.")
    results = Risk(many=True)
    next = serializers.CharField(allow_null=True, help_text="Send it as `cursor` for the next page; null at the end.")


class Contact(serializers.Serializer):
    id = serializers.IntegerField()
    subscriber_no = serializers.CharField()
    at = serializers.DateTimeField()
    channel = serializers.ChoiceField([value for value in ListEntry.Channel.values if value != "any"])
    purpose = serializers.CharField()
    state = serializers.ChoiceField(
        ContactRecord.State.values, help_text="reserved: planned; used: made; released: not made after all."
    )
    reason = serializers.CharField(allow_blank=True, help_text="Why it was refused.")
    outcome = serializers.CharField(allow_blank=True, help_text="What became of the attempt.")
    # Every field of the framework has an option of this name.
    source = serializers.CharField(  # type: ignore[assignment]
        help_text="Who asked for the contact, e.g. `scenario:S13`."
    )
    order_no = serializers.CharField(allow_null=True)
    order_state = serializers.ChoiceField(State.values, allow_null=True)
    disposition = serializers.CharField(allow_null=True, help_text="How the order ended, or its last attempt.")


class ContactPage(serializers.Serializer):
    results = Contact(many=True)
    next = serializers.CharField(allow_null=True, help_text="Send it as `cursor` for the next page; null at the end.")
