"""What a contact policy would have changed: contacts made that it would have refused."""

import json
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from campaigns.outreach.models import HOURS_OF, ContactOutcome, ContactPolicy, RefusalReason
from campaigns.outreach.queries.gate import LEDGER, MESSAGE_CHANNELS
from campaigns.outreach.rules import ORDER_CALL
from customers.contacts.models import ContactRecord
from customers.lists.models import ListEntry

EFFECT_DAYS = 30
_FRAME = "ORDER BY at RANGE BETWEEN make_interval(days => %({days})s) PRECEDING AND CURRENT ROW EXCLUDE CURRENT ROW"
_OF_CALLS, _OF_ALL = _FRAME.format(days="attempts_days"), _FRAME.format(days="contacts_days")
_CALL = f"channel = '{ListEntry.Channel.CALL}'"
_QUIET = " OR ".join(
    f"channel = '{channel}' AND (clock < %({prefix}_from)s OR clock >= %({prefix}_until)s"
    f" OR weekday = ANY(%({prefix}_quiet_days)s::text[]))"
    for channel, prefix in HOURS_OF.items()
)
# Contacts made, each with those that its customer had had before: what the caps would have counted at that moment.
_EFFECT = f"""
WITH counted AS (
    SELECT channel, purpose, at,
        count(*) FILTER (WHERE {_CALL}) OVER (PARTITION BY customer_id {_OF_CALLS}) AS calls,
        count(*) FILTER (WHERE outcome = '{ContactOutcome.CONNECTED}')
            OVER (PARTITION BY customer_id, purpose {_FRAME.format(days="connected_days")}) AS talks,
        count(*) FILTER (WHERE channel = ANY(%(message_channels)s))
            OVER (PARTITION BY customer_id {_FRAME.format(days="messages_days")}) AS sent,
        count(*) OVER (PARTITION BY customer_id {_OF_ALL}) AS contacts,
        count(*) OVER (PARTITION BY customer_id, purpose {_OF_ALL}) AS for_purpose,
        purpose = ANY(%(uncapped)s) OR starts_with(source, '{ORDER_CALL}:')
            OR order_no <> '' AND coalesce(bool_or(outcome = '{ContactOutcome.CONNECTED}')
            OVER (PARTITION BY customer_id, order_no ORDER BY at ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
            false) AS free,
        (at AT TIME ZONE %(zone)s)::time AS clock,
        extract(isodow FROM at AT TIME ZONE %(zone)s)::int::text AS weekday
    FROM {LEDGER} WHERE state = '{ContactRecord.State.USED}' AND at > %(first)s AND at <= %(now)s
), judged AS (
    SELECT CASE
        WHEN {_CALL} AND NOT free AND calls >= %(attempts)s THEN '{RefusalReason.ATTEMPTS_SPENT}'
        WHEN {_CALL} AND NOT free AND talks >= %(connected)s THEN '{RefusalReason.CONNECTED_LATELY}'
        WHEN channel = ANY(%(message_channels)s) AND NOT free AND sent >= %(messages)s
            THEN '{RefusalReason.MESSAGES_SPENT}'
        WHEN NOT free AND contacts >= %(contacts)s THEN '{RefusalReason.CONTACTS_SPENT}'
        WHEN NOT free AND for_purpose >= (%(purpose_caps)s::jsonb ->> purpose)::int
            THEN '{RefusalReason.PURPOSE_SPENT}'
        WHEN NOT free AND NOT purpose = ANY(%(kept_for)s)
            AND (contacts >= %(contacts)s - %(kept)s OR {_CALL} AND calls >= %(attempts)s - %(kept)s)
            THEN '{RefusalReason.BUDGET_KEPT}'
        WHEN {_QUIET} THEN '{RefusalReason.QUIET_HOURS}'
        ELSE '' END AS reason
    FROM counted WHERE at > %(since)s
)
SELECT reason, count(*) FROM judged GROUP BY reason
"""


def count_refused(policy: ContactPolicy, *, now: datetime) -> dict[str, int]:
    """{RefusalReason: contacts made in the last EFFECT_DAYS that the caps and hours of `policy` would have refused};
    "": those they would have let pass. One pass over the ledger; contacts through another customer's line at the
    number are not counted, and consent and lists of that time are not known.
    """
    since = now - timedelta(days=EFFECT_DAYS)
    longest = max(policy.attempts_days, policy.connected_days, policy.messages_days, policy.contacts_days)
    given = {name: getattr(policy, name) for name in EFFECT_FIELDS} | {
        "purpose_caps": json.dumps(policy.purpose_caps),
        "message_channels": list(MESSAGE_CHANNELS),
        "zone": timezone.get_default_timezone_name(),
        "first": since - timedelta(days=longest),
        "since": since,
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(_EFFECT, given)
        return dict(cursor.fetchall())


EFFECT_FIELDS = (
    "attempts", "attempts_days", "connected", "connected_days", "messages", "messages_days", "contacts",
    "contacts_days", "kept", "kept_for", "uncapped",
    *(f"{prefix}_{what}" for prefix in HOURS_OF.values() for what in ("from", "until", "quiet_days")),
)  # fmt: skip
