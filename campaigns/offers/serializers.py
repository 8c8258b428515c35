"""A decision as the billing system reads it over the API and in webhooks, and its OpenAPI schema."""

from datetime import datetime
from typing import Any

from rest_framework import serializers

from campaigns.offers.models import Decision, Offer
from campaigns.offers.states import API_NAMES
from retention.core import clock
from retention.core.webhooks.events import EventData

# Keys that a decision keeps beside the terms; what it costs us is nobody else's.
DESCRIPTIVE_KEYS = {"name", "name_zh", "kind", "family", "cost"}
EXAMPLE: dict[str, Any] = {
    "id": "6f1c6a0e-8a43-4a3c-9d44-3f0c7c1c2b11",
    "state": "pending",
    "subscriber_no": "S0001234",
    "order_no": "W261122-000017",
    "offer": {
        "code": "renew-long",
        "name": "Renewal, longest contract",
        "kind": "renewal",
        "terms": {
            "value": "120.00",
            "policy_code": "P24",
            "policy_name": "24 months",
            "months": 24,
            "deposit": "200.00",
            "gift_value": "120.00",
        },
    },
    "accepted_at": "2026-11-22T10:04:31+08:00",
    "accepted_by": "agent1",
    "billing_ref": None,
    "refusal_reason": None,
    "settled_at": None,
}


def serialize_decision(decision: Decision) -> dict[str, Any]:
    """A decision as the billing system receives it, for decisions of `for_billing()`."""
    return {
        "id": str(decision.public_id),
        "state": API_NAMES[decision.state],
        "subscriber_no": decision.subscriber.subscriber_no,
        "order_no": decision.order_no,
        "offer": {
            "code": decision.offer.code,
            "name": decision.terms["name"],
            "kind": decision.terms["kind"],
            "terms": {key: value for key, value in decision.terms.items() if key not in DESCRIPTIVE_KEYS},
        },
        "accepted_at": _moment(decision.accepted_at),
        "accepted_by": decision.accepted_by.username if decision.accepted_by else None,
        "billing_ref": decision.billing_ref or None,
        "refusal_reason": decision.refusal_reason or None,
        "settled_at": _moment(decision.settled_at),
    }


def _moment(at: datetime | None) -> str | None:
    return clock.format_instant(at) if at else None


API_STATES = ("pending", "confirmed", "refused")


class OfferTerms(serializers.Serializer):
    value = serializers.CharField(help_text="Worth to the customer over the term, yuan.")
    policy_code = serializers.CharField(required=False, help_text="A renewal: the policy to sign.")
    policy_name = serializers.CharField(required=False)
    months = serializers.IntegerField(required=False, help_text="The term of a renewal or plan change.")
    deposit = serializers.CharField(required=False, help_text="Paid by the customer in advance, yuan.")
    gift_value = serializers.CharField(required=False, help_text="Yuan.")
    plan_code = serializers.CharField(required=False, help_text="A plan change: the new plan.")
    plan_name = serializers.CharField(required=False)
    monthly_fee = serializers.CharField(required=False, help_text="Yuan.")
    bound_months = serializers.IntegerField(required=False, help_text="For so many months the customer is bound.")
    clawback = serializers.CharField(
        required=False, help_text="Yuan to be repaid by who leaves earlier, less in proportion to the months served."
    )
    gift = serializers.CharField(required=False, help_text="A gift, in words.")
    gift_zh = serializers.CharField(required=False, allow_blank=True)


class DecisionOffer(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=Offer.Kind.values)
    terms = OfferTerms(help_text="As they stood when the customer was asked.")


class DecisionBody(EventData):
    example = EXAMPLE

    id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=API_STATES)
    subscriber_no = serializers.CharField()
    order_no = serializers.CharField()
    offer = DecisionOffer()
    accepted_at = serializers.DateTimeField()
    accepted_by = serializers.CharField(allow_null=True, help_text="User name of the agent.")
    billing_ref = serializers.CharField(allow_null=True)
    refusal_reason = serializers.CharField(allow_null=True)
    settled_at = serializers.DateTimeField(allow_null=True)


class DecisionPage(serializers.Serializer):
    results = DecisionBody(many=True)
    next = serializers.CharField(allow_null=True, help_text="Cursor of the next page, null on the last.")


class Confirmation(serializers.Serializer):
    billing_ref = serializers.CharField(min_length=1, max_length=80, help_text="Billing's own number of the change.")


class Refusal(serializers.Serializer):
    reason = serializers.CharField(min_length=1, max_length=300, help_text="Why it cannot be carried out.")
