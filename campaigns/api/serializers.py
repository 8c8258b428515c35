"""What the decision endpoints say in OpenAPI. Descriptions only: campaigns.decisions.wire writes the answers."""

from rest_framework import serializers

from campaigns.models import Offer

STATES = ("pending", "confirmed", "refused")


class OfferTerms(serializers.Serializer):
    value = serializers.CharField(help_text="Worth to the customer, yuan.")
    policy_code = serializers.CharField(required=False, help_text="A renewal: the policy to sign.")
    policy_name = serializers.CharField(required=False)
    months = serializers.IntegerField(required=False)
    deposit = serializers.CharField(required=False, help_text="Yuan.")
    gift_value = serializers.CharField(required=False, help_text="Yuan.")
    plan_code = serializers.CharField(required=False, help_text="A plan change: the new plan.")
    plan_name = serializers.CharField(required=False)
    monthly_fee = serializers.CharField(required=False, help_text="Yuan.")
    gift = serializers.CharField(required=False, help_text="A gift, in words.")
    gift_zh = serializers.CharField(required=False, allow_blank=True)


class OfferOfDecision(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=Offer.Kind.values)
    terms = OfferTerms(help_text="As they stood when the customer was asked.")


class DecisionBody(serializers.Serializer):
    id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=STATES)
    subscriber_no = serializers.CharField()
    order_no = serializers.CharField()
    offer = OfferOfDecision()
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
