"""A few lines that a rule finds, to look at."""

from collections.abc import Sequence
from typing import Any

from campaigns.evidence import say
from campaigns.rules import RuleField
from customers.models import SubscriberProfile

COLUMNS = 6


def sample_rows(samples: Sequence[SubscriberProfile], fields: Sequence[RuleField]) -> dict[str, Any]:
    """`sample_head` (labels) and `samples` (line, customer, values of the rule's first fields) for the template."""
    shown = list(fields)[:COLUMNS]
    rows = [
        {
            "subscriber_no": profile.subscriber.subscriber_no,
            "name": profile.subscriber.account.customer.name,
            "values": [say(field, _value(profile, field)) for field in shown],
        }
        for profile in samples
    ]
    return {"sample_head": [field.label for field in shown], "samples": rows}


def _value(profile: SubscriberProfile, field: RuleField) -> Any:
    if field.custom_key:
        return profile.attributes.get(field.custom_key)
    return getattr(profile, field.key)
