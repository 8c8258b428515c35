"""Writing down what a customer has agreed to or refused, as said to a person of the centre."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from customers.declarations import CONSENT_CHANGED
from customers.facts.models import Consent, Subscriber
from retention.core.accounts.models import User
from retention.core.audit import services as audit
from retention.core.errors import Invalid, Refused
from retention.core.webhooks.services.publishing import publish

RECORD_CONSENTS = "customers.mark"


@transaction.atomic
def record_consent(
    *,
    actor: User,
    subscriber: Subscriber,
    purpose: str,
    channel: str,
    granted: bool,
    source: str,
    proof: str,
    now: datetime,
) -> Consent:
    """Record a consent of the line, or its withdrawal, with its proof; it replaces what stood for the same purpose and
    channel, and stands until billing states something said later. Publishes `consent.changed`.

    Refused without the permission, Invalid for a consent without proof: a refusal is believed, a consent is shown.
    """
    if not actor.may(RECORD_CONSENTS):
        raise Refused(_("Your role does not include this."))
    source, proof = source.strip(), proof.strip()
    if not source:
        raise Invalid(_("Say where the customer said so."), details=[{"field": "source", "code": "required"}])
    if granted and not proof:
        text = _("A consent needs its proof: the number of the recording, the message or the form.")
        raise Invalid(text, details=[{"field": "proof", "code": "required", "message": str(text)}])
    key: dict[str, Any] = {
        "subscriber": subscriber,
        "purpose": Consent.Purpose(purpose),
        "channel": Consent.Channel(channel),
    }
    before = Consent.objects.select_for_update().filter(**key).values_list("granted", flat=True).first()
    said: dict[str, Any] = {"granted": granted, "at": now, "source": source, "proof": proof, "recorded_by": actor}
    consent, _made = Consent.objects.update_or_create(**key, defaults=said)
    audit.record(
        actor=actor, action="customer.consent", target=subscriber, purpose=purpose, channel=channel, granted=granted,
        source=source, proof=proof,
    )  # fmt: skip
    if granted != before:
        payload = {
            "subscriber_no": subscriber.subscriber_no, "purpose": purpose, "channel": channel, "granted": granted,
            "at": now.isoformat(),
        }  # fmt: skip
        publish(
            event=CONSENT_CHANGED, subject=subscriber.subscriber_no, payload=payload, branch_id=subscriber.branch_id,
            now=now,
        )  # fmt: skip
    return consent
