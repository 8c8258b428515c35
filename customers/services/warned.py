"""Telling other systems of lines that have just come into danger."""

from datetime import date, datetime

from customers.models import RiskScore, RiskTier, Subscriber
from retention.core.models.outbox import EventName
from retention.core.outbox import publish_query

ALARMING = [RiskTier.HIGH.value, RiskTier.CRITICAL.value]
# The line's newest score says whether it stood there already: one of the same date, when a date is scored again.
# A date that is scored late, after newer ones, is no news.
_RAISED = f"""
    SELECT line.subscriber_no AS subject, line.branch_id,
        jsonb_build_object(
            'subscriber_no', line.subscriber_no, 'as_of', %(as_of)s::date, 'probability', s.probability,
            'tier', s.tier, 'decile', s.decile
        ) AS payload
    FROM scores_in s
    JOIN {Subscriber._meta.db_table} line ON line.id = s.subscriber_id
    LEFT JOIN LATERAL (
        SELECT r.tier, r.as_of FROM {RiskScore._meta.db_table} r
        WHERE r.subscriber_id = s.subscriber_id ORDER BY r.as_of DESC LIMIT 1
    ) newest ON true
    WHERE s.tier = ANY(%(alarming)s)
      AND (newest.tier IS NULL OR newest.as_of <= %(as_of)s AND newest.tier <> ALL(%(alarming)s))
    ORDER BY s.subscriber_id
"""


def tell_raised(*, as_of: date, now: datetime) -> int:
    """`warning.raised` for staged scores (`scores_in`) that are high where the line's last one was not.

    To be called before they are stored, in their transaction. Returns the number of deliveries.
    """
    params = {"as_of": as_of, "alarming": ALARMING}
    return publish_query(event=EventName.WARNING_RAISED, query=_RAISED, params=params, now=now)
