"""Serializers of the endpoints, and examples of their answers for OpenAPI."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_field
from rest_framework import serializers

from campaigns.outreach.models import ContactPurpose, RefusalReason
from customers.contacts.models import ContactRecord
from customers.fields.choices import RiskTier, TenureCohort
from customers.lists.models import ListEntry
from customers.risk.text.themes import THEMES
from workorders.orders.states import State

CONTRIBUTION_HELP = "Log-odds: above zero it raises the risk, below zero it lowers it."


@extend_schema_field({"type": ["number", "string", "boolean", "null"]})
class FactorValue(serializers.JSONField):
    pass


# Over which a contact is made.
CHANNELS = [one.value for one in ListEntry.Channel if one != ListEntry.Channel.ANY]


class Reason(serializers.Serializer):
    factor = serializers.CharField(help_text="Key of the profile field; stays the same.")
    text = serializers.CharField(help_text="For people, in the language of `Accept-Language`.")
    contribution = serializers.FloatField(help_text=CONTRIBUTION_HELP)
    value = FactorValue(help_text="The line's value as the model saw it.")
    theme = serializers.ChoiceField(list(THEMES), help_text="The business reason that the factor belongs to.")


class Risk(serializers.Serializer):
    subscriber_no = serializers.CharField()
    as_of = serializers.DateField()
    probability = serializers.FloatField(help_text="Churn probability within the model's horizon, 0 to 1.")
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
    channel = serializers.ChoiceField(CHANNELS)
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
    explanation = serializers.CharField(
        allow_null=True, help_text="Of a refusal: the rule and the row behind it, in the language of `Accept-Language`."
    )
    by_risk = serializers.BooleanField(help_text="The customer was chosen by a risk score.")
    displaced_by = serializers.CharField(
        allow_null=True, help_text="The source of the more urgent contact that this one gave way to."
    )


class MayContact(serializers.Serializer):
    channel = serializers.ChoiceField(CHANNELS)
    purpose = serializers.ChoiceField(ContactPurpose.values)
    allowed = serializers.BooleanField()
    reason = serializers.ChoiceField(["", *RefusalReason.values], help_text="The rule that forbids it now.")
    explanation = serializers.CharField(allow_null=True, help_text="For people: the rule and the row behind it.")
    since = serializers.CharField(
        allow_null=True, help_text="From when the rule holds: a day of lists, else an instant. Null where nothing says."
    )
    first_allowed_at = serializers.DateTimeField(
        allow_null=True, help_text="The first moment at which it would be allowed; null while no end is known."
    )


class ContactPage(serializers.Serializer):
    results = Contact(many=True)
    next = serializers.CharField(allow_null=True, help_text="Send it as `cursor` for the next page; null at the end.")
    may_contact = MayContact(many=True, help_text="The contact rules' answers to a new contact now.")


RISK_EXAMPLE: dict[str, Any] = {
    "subscriber_no": "S0000123",
    "as_of": "2026-11-20",
    "probability": 0.431,
    "decile": 1,
    "tier": "high",
    "cohort": "over_12",
    "expected_gain": "186.40",
    "reasons": [
        {
            "factor": "voice_in_change",
            "text": "calls in fell 62% against the three months before",
            "contribution": 0.8,
            "value": -0.62,
            "theme": "usage",
        }
    ],
    "model_version": "2026-11-20-1",
}
CONTACT_EXAMPLE: dict[str, Any] = {
    "id": 9812,
    "subscriber_no": "S0000123",
    "at": "2026-11-20T10:12:00+08:00",
    "channel": "call",
    "purpose": "retention",
    "state": "used",
    "reason": "",
    "outcome": "connected",
    "source": "scenario:S13",
    "order_no": "W20261120-000017",
    "order_state": "done",
    "disposition": "renewed",
    "explanation": None,
    "by_risk": False,
    "displaced_by": None,
}
MAY_CONTACT_EXAMPLE: dict[str, Any] = {
    "channel": "sms",
    "purpose": "marketing",
    "allowed": False,
    "reason": "consent_refused",
    "explanation": "SMS, Marketing: refused by SMS on 2026-10-02 17:15, reference 1234.",
    "since": "2026-10-02T09:15:00+00:00",
    "first_allowed_at": None,
}


def response_example(value: dict[str, Any], name: str = "Answer") -> list[OpenApiExample]:
    return [OpenApiExample(name, value=value, response_only=True, status_codes=["200"])]
