"""A receipt and a reply as the provider sends them, and what is answered."""

from typing import Any

from rest_framework import serializers

from campaigns.messages.gateways.base import ReceiptRow, ReplyRow
from campaigns.messages.models import CHANNELS, Message
from campaigns.messages.states import State
from campaigns.outreach.models import ContactPurpose
from customers.lists.models import ListEntry
from retention.core import clock
from retention.core.identifiers import canonical_phone

STATES = {
    "accepted": State.SENT, "delivered": State.DELIVERED, "read": State.DELIVERED, "failed": State.FAILED,
    "expired": State.EXPIRED,
}  # fmt: skip
SMS = str(ListEntry.Channel.SMS.value)


class Receipt(serializers.Serializer):
    reference = serializers.CharField(max_length=20, required=False, help_text="Our number, as it was sent with.")
    provider_ref = serializers.CharField(max_length=80, required=False, help_text="Your number, as it was answered.")
    state = serializers.ChoiceField(choices=[*STATES])
    detail = serializers.CharField(max_length=200, required=False, allow_blank=True, help_text="Why it failed.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not (attrs.get("reference") or attrs.get("provider_ref")):
            raise serializers.ValidationError({"reference": "Give reference or provider_ref."}, code="required")
        return attrs

    def row(self) -> ReceiptRow:
        given = self.validated_data
        return ReceiptRow(
            STATES[given["state"]], given.get("reference", ""), given.get("provider_ref", ""), given.get("detail", "")
        )


class Reply(serializers.Serializer):
    reply_no = serializers.CharField(max_length=80, help_text="Your number of the reply; the same is kept once.")
    channel = serializers.ChoiceField(choices=[code for code, _label in CHANNELS], default=SMS)
    sender = serializers.CharField(
        max_length=120, help_text="The number or address that it came from; of the app the subscriber_no."
    )
    text = serializers.CharField(max_length=500, allow_blank=True, trim_whitespace=False)
    at = serializers.DateTimeField(required=False, help_text="When it was written; now without.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["channel"] == SMS and canonical_phone(attrs["sender"]) is None:
            raise serializers.ValidationError({"sender": "This is no phone number."}, code="invalid")
        return attrs

    def row(self) -> ReplyRow:
        given = self.validated_data
        at = given.get("at") or clock.now()
        return ReplyRow(given["reply_no"], given["channel"], given["sender"], given["text"], at)


class AppMessage(serializers.Serializer):
    """read: a receipt has said so."""

    reference = serializers.CharField()
    subscriber_no = serializers.CharField()
    purpose = serializers.ChoiceField(choices=ContactPurpose.values)
    subject = serializers.CharField(help_text="The headline.")
    text = serializers.CharField()
    sent_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField(help_text="From then on it is not in the list any more.")
    read = serializers.BooleanField()


class AppMessages(serializers.Serializer):
    results = AppMessage(many=True)
    next = serializers.CharField(allow_null=True)


def app_message(one: Message) -> dict[str, Any]:
    return {
        "reference": one.reference, "subscriber_no": one.to, "purpose": one.purpose, "subject": one.subject,
        "text": one.text, "sent_at": clock.format_instant(one.sent_at or one.queued_at),
        "expires_at": clock.format_instant(one.expires_at), "read": one.state == State.DELIVERED,
    }  # fmt: skip
