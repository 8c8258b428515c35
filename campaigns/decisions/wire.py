"""A decision as the billing system reads it: over the API and in webhooks."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from campaigns.decisions.states import API_NAMES
from campaigns.models import Decision

# What a decision keeps beside the terms themselves.
ABOUT = {"name", "name_zh", "kind"}


def as_json(decision: Decision) -> dict[str, Any]:
    """The keys of contract section 3.2, for decisions of `for_billing()`."""
    return {
        "id": str(decision.public_id),
        "state": API_NAMES[decision.state],
        "subscriber_no": decision.subscriber.subscriber_no,
        "order_no": decision.order_no,
        "offer": {
            "code": decision.offer.code,
            "name": decision.terms["name"],
            "kind": decision.terms["kind"],
            "terms": {key: value for key, value in decision.terms.items() if key not in ABOUT},
        },
        "accepted_at": _moment(decision.accepted_at),
        "accepted_by": decision.accepted_by.username if decision.accepted_by else None,
        "billing_ref": decision.billing_ref or None,
        "refusal_reason": decision.refusal_reason or None,
        "settled_at": _moment(decision.settled_at),
    }


def _moment(at: datetime | None) -> str | None:
    return timezone.localtime(at).isoformat() if at else None
