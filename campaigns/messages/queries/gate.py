"""The gate's answer at the moment of sending: one statement over the messages of a batch."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from campaigns.messages.models import Message
from campaigns.outreach.models import ContactPolicy, RefusalReason
from campaigns.outreach.queries import ContactRequest, judged_requests, parameters

# The customer's own wish, and the operator's decision about the customer: they hold for what was sent and not read yet.
WISHES = (
    RefusalReason.RESTORED, RefusalReason.BLACKLISTED, RefusalReason.DO_NOT_DISTURB, RefusalReason.OWN_LIST,
    RefusalReason.CONSENT_REFUSED, RefusalReason.CONSENT_MISSING,
)  # fmt: skip


def withheld(messages: Sequence[Message], *, now: datetime) -> set[str]:
    """References of those that the app does not show any more, because of what became known since they were sent."""
    return {reference for reference, reason in refused_now(messages, now=now).items() if reason in WISHES}


def refused_now(messages: Sequence[Message], *, now: datetime) -> dict[str, RefusalReason]:
    """{reference: why it may not be sent now}. Its own reservation is no obstacle; hours are the sender's to keep.

    Test messages have no customer and are not asked about.
    """
    requests = [
        ContactRequest(one.customer_id, one.subscriber_id, one.channel, one.purpose, one.source, one.reference, None)
        for one in messages
        if one.customer_id is not None and one.subscriber_id is not None
    ]
    if not requests:
        return {}
    with connection.cursor() as cursor:
        given = parameters(requests, now, ContactPolicy.objects.current(), reserving=False)
        cursor.execute(f"SELECT order_no, reason FROM ({judged_requests()}) judged WHERE reason <> ''", given)
        return {reference: RefusalReason(reason) for reference, reason in cursor.fetchall()}
