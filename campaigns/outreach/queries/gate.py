"""The contact rules as one SQL expression over requests, in the order of RefusalReason. Read-only.

Several customers may have one telephone. Caps count what was done with the customer and at the number; who asked not to
be disturbed there, refused consent or is blacklisted is not rung through another customer's line.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from campaigns.outreach.models import ContactOutcome, ContactPolicy, RefusalReason
from customers.contacts.models import ContactRecord
from customers.facts.models import Account, Consent, Subscriber
from customers.lists.models import ListEntry, OwnList
from retention.core import clock
from retention.core.restores.queries import IS_RESTORED


@dataclass(frozen=True)
class ContactRequest:
    """One requested contact. channel: ListEntry.Channel. source: the requester, e.g. "scenario:S13"."""

    customer_id: int
    subscriber_id: int
    channel: str
    purpose: str
    source: str
    order_no: str = ""


@dataclass(frozen=True)
class Verdict:
    """reason: None when the contact is reserved."""

    request: ContactRequest
    reason: RefusalReason | None

    @property
    def allowed(self) -> bool:
        return self.reason is None


MESSAGE_CHANNELS = (ListEntry.Channel.SMS.value, ListEntry.Channel.EMAIL.value)

LIVE = f"twin.status <> '{Subscriber.Status.TERMINATED}'"
LEDGER, LINES = ContactRecord._meta.db_table, Subscriber._meta.db_table
ASKED = """unnest(
        %(customer_id)s::bigint[], %(subscriber_id)s::bigint[], %(channel)s::text[], %(purpose)s::text[],
        %(source)s::text[], %(order_no)s::text[]
    ) WITH ORDINALITY AS r(customer_id, subscriber_id, channel, purpose, source, order_no, place)"""


# phone: the number that would be called. twins: the other lines with this number, whoever's. lines, customers: those
# for whom it rings now, the request's own included; it may have had an owner before. OFFSET: found but once.
_REQUESTS = f"""
    SELECT r.*, own.phone_number AS phone, coalesce(same.twins, '{{{{}}}}') AS twins,
           r.subscriber_id || same.live AS lines, r.customer_id || same.customers AS customers
    FROM {{source}}
    LEFT JOIN {LINES} own ON own.id = r.subscriber_id
    LEFT JOIN LATERAL (
        SELECT array_agg(twin.id) AS twins, array_agg(twin.id) FILTER (WHERE {LIVE}) AS live,
               array_agg(account.customer_id) FILTER (WHERE {LIVE}) AS customers
        FROM {LINES} twin JOIN {Account._meta.db_table} account ON account.id = twin.account_id
        WHERE twin.phone_number = own.phone_number AND own.phone_number <> '' AND twin.id <> own.id
    ) same ON true
    OFFSET 0
"""


OF_NUMBER = "ANY(r.customers)"


def listed(kind: ListEntry.Kind, channels: str = "true", *, who: str = OF_NUMBER) -> str:
    return f"""EXISTS (
        SELECT FROM {ListEntry._meta.db_table} x
        WHERE x.customer_id = {who} AND x.kind = '{kind}' AND x.starts_on <= %(today)s
          AND (x.ends_on IS NULL OR x.ends_on >= %(today)s) AND {channels})"""


# A list of the operator's own that blocks contact: over its channels and for its purposes, or all where it names none.
ON_OWN_LIST = listed(
    ListEntry.Kind.OWN,
    f"""x.channel IN ('any', r.channel) AND EXISTS (
        SELECT FROM {OwnList._meta.db_table} l
        WHERE l.id = x.own_list_id AND l.enabled AND l.effect = '{OwnList.Effect.BLOCK}'
          AND (l.channels = '[]' OR l.channels @> to_jsonb(r.channel))
          AND (l.purposes = '[]' OR l.purposes @> to_jsonb(r.purpose)))""",
    who="r.customer_id",
)


def consent(*, granted: bool) -> str:
    """Granted for the request's own line; refused for any line at the number."""
    which = "r.subscriber_id" if granted else "ANY(r.lines)"
    return f"""EXISTS (
        SELECT FROM {Consent._meta.db_table} c
        WHERE c.subscriber_id = {which} AND c.purpose IN (r.purpose, 'any') AND c.channel IN (r.channel, 'any')
          AND c.granted = {granted})"""


OF_CUSTOMER = "h.customer_id = r.customer_id"
OF_TWINS = "h.subscriber_id = ANY(r.twins) AND h.customer_id <> r.customer_id"  # other customers at the same number


def _made(since: str, which: str) -> str:
    return f"h.at > %({since})s AND h.at <= %(now)s AND h.state = 'used' AND {which}"


def contacts_made(since: str, which: str) -> str:
    """Contacts of the kind `which` made after the parameter `since`, with the customer or at the number: how many."""
    made = _made(since, which)
    counts = (f"(SELECT count(*) FROM {LEDGER} h WHERE {whose} AND {made})" for whose in (OF_CUSTOMER, OF_TWINS))
    return f"({' + '.join(counts)})"


def room_again(since: str, which: str, limit: str) -> str:
    """When fewer than the parameter `limit` of these contacts are made in as much time: NULL where they are so now."""
    made = _made(since, which)
    both = " UNION ALL ".join(
        f"SELECT h.at FROM {LEDGER} h WHERE {whose} AND {made}" for whose in (OF_CUSTOMER, OF_TWINS)
    )
    last = f"(SELECT c.at FROM ({both}) c ORDER BY c.at DESC OFFSET greatest(%({limit})s - 1, 0) LIMIT 1)"
    return f"CASE WHEN {CAPPED} THEN {last} + (%(now)s - %({since})s) END"


# Two customers at one number never have a reservation each; should they come to share it later, the caps decide.
ANOTHER_RESERVED = f"""(EXISTS (
    SELECT FROM {LEDGER} h
    WHERE {OF_CUSTOMER} AND h.state = 'reserved' AND (%(reserving)s OR h.order_no <> r.order_no))
  OR %(reserving)s AND EXISTS (SELECT FROM {LEDGER} h WHERE {OF_TWINS} AND h.state = 'reserved'))"""
# The caps do not apply to an order whose customer was reached: the customer expects the follow-up.
CAPPED = f"""NOT r.purpose = ANY(%(uncapped)s) AND NOT (r.order_no <> '' AND EXISTS (
    SELECT FROM {LEDGER} h
    WHERE h.customer_id = r.customer_id AND h.order_no = r.order_no AND h.state = 'used'
      AND h.outcome = '{ContactOutcome.CONNECTED}'))"""
CALL = f"r.channel = '{ListEntry.Channel.CALL}' AND {CAPPED}"
MESSAGE = f"r.channel = ANY(%(message_channels)s) AND {CAPPED}"
IS_CALL = f"h.channel = '{ListEntry.Channel.CALL}'"
IS_TALK = f"h.purpose = r.purpose AND h.outcome = '{ContactOutcome.CONNECTED}'"
CALLS, TALKS = contacts_made("attempts_since", IS_CALL), contacts_made("connected_since", IS_TALK)
SENT = contacts_made("messages_since", "h.channel = ANY(%(message_channels)s)")

CASES: tuple[tuple[str, RefusalReason], ...] = (
    (IS_RESTORED, RefusalReason.RESTORED),
    (listed(ListEntry.Kind.BLACKLIST), RefusalReason.BLACKLISTED),
    (listed(ListEntry.Kind.FALSE_USER, who="r.customer_id"), RefusalReason.FALSE_USER),
    (listed(ListEntry.Kind.DO_NOT_DISTURB, "x.channel IN ('any', r.channel)"), RefusalReason.DO_NOT_DISTURB),
    (ON_OWN_LIST, RefusalReason.OWN_LIST),
    (consent(granted=False), RefusalReason.CONSENT_REFUSED),
    (f"r.purpose = ANY(%(consent_needed)s) AND NOT {consent(granted=True)}", RefusalReason.CONSENT_MISSING),
    (ANOTHER_RESERVED, RefusalReason.ALREADY_RESERVED),
    (f"{CALL} AND {CALLS} >= %(attempts)s", RefusalReason.ATTEMPTS_SPENT),
    (f"{CALL} AND {TALKS} >= %(connected)s", RefusalReason.CONNECTED_LATELY),
    (f"{MESSAGE} AND {SENT} >= %(messages)s", RefusalReason.MESSAGES_SPENT),
)
REASON = "CASE " + " ".join(f"WHEN {test} THEN '{reason.value}'" for test, reason in CASES) + " ELSE '' END"


def judged_requests(source: str = ASKED) -> str:
    """SQL of requests, each with `phone`, `twins` and the gate's `reason`, '' where it allows the contact.

    source: a FROM item named r with the fields of ContactRequest as columns; by default that of `parameters`.
    """
    return f"SELECT r.*, {REASON} AS reason FROM ({_REQUESTS.format(source=source)}) r"


def calls_resume_at(now: datetime) -> datetime | None:
    """When calls are allowed again; None while they are."""
    return _resume_at(ContactPolicy.objects.current(), now)


def _resume_at(policy: ContactPolicy, now: datetime) -> datetime | None:
    here = timezone.localtime(now)
    if policy.calls_from <= here.time() < policy.calls_until:
        return None
    first = here.replace(hour=policy.calls_from.hour, minute=policy.calls_from.minute, second=0, microsecond=0)
    return first if here < first else first + timedelta(days=1)


def may_call_now(
    *, customer_id: int, subscriber_id: int, now: datetime, purpose: str, order_no: str = "", at_any_hour: bool = False
) -> RefusalReason | None:
    """Why the customer may not be called now, None if allowed. The order's own reservation does not count.

    at_any_hour: whatever the time of the day.
    """
    policy = ContactPolicy.objects.current()
    if not at_any_hour and _resume_at(policy, now) is not None:
        return RefusalReason.QUIET_HOURS
    request = ContactRequest(customer_id, subscriber_id, ListEntry.Channel.CALL, purpose, "", order_no)
    with connection.cursor() as cursor:
        asked = parameters([request], now, policy, reserving=False)
        cursor.execute(f"SELECT reason FROM ({judged_requests()}) judged", asked)
        (reason,) = cursor.fetchone()
    return RefusalReason(reason) if reason else None


@dataclass(frozen=True)
class NextCall:
    """When the gate lets a call be made. reason: why not now, None where it may, if only in calling hours. at: from
    when on; None while no end is known."""

    reason: RefusalReason | None
    at: datetime | None


OF_LISTS = (RefusalReason.BLACKLISTED, RefusalReason.FALSE_USER, RefusalReason.DO_NOT_DISTURB)
OF_CAPS = (RefusalReason.ATTEMPTS_SPENT, RefusalReason.CONNECTED_LATELY)
_BARRED = f"""
    SELECT bool_or(x.ends_on IS NULL) AS endless, max(x.ends_on) AS until FROM {ListEntry._meta.db_table} x
    WHERE x.starts_on <= %(today)s AND (x.ends_on IS NULL OR x.ends_on >= %(today)s) AND (
        x.customer_id = {OF_NUMBER} AND (x.kind = '{ListEntry.Kind.BLACKLIST}'
            OR x.kind = '{ListEntry.Kind.DO_NOT_DISTURB}' AND x.channel IN ('any', r.channel))
        OR x.customer_id = r.customer_id AND x.kind = '{ListEntry.Kind.FALSE_USER}')
"""
_NEXT_CALLS = f"""
SELECT r.subscriber_id, r.reason, listed.endless, listed.until,
       {room_again("attempts_since", IS_CALL, "attempts")}, {room_again("connected_since", IS_TALK, "connected")}
FROM ({judged_requests()}) r LEFT JOIN LATERAL ({_BARRED}) listed ON true
"""


def next_calls(*, lines: Mapping[int, int], purpose: str, now: datetime) -> dict[int, NextCall]:
    """The gate's answer to a new order for each line, and when it changes; lines: {id: id of its customer}."""
    policy = ContactPolicy.objects.current()
    requests = [ContactRequest(customer, line, ListEntry.Channel.CALL, purpose, "") for line, customer in lines.items()]
    with connection.cursor() as cursor:
        cursor.execute(_NEXT_CALLS, parameters(requests, now, policy, reserving=True))
        rows = cursor.fetchall()
    return {
        line: _next_call(reason, endless, [*times], until, policy, now) for line, reason, endless, until, *times in rows
    }


def _next_call(
    reason: str,
    endless: bool | None,
    times: list[datetime | None],
    until: date | None,
    policy: ContactPolicy,
    now: datetime,
) -> NextCall:
    if not reason:
        return NextCall(None, _resume_at(policy, now) or now)
    if endless or reason not in {*OF_LISTS, *OF_CAPS}:
        return NextCall(RefusalReason(reason), None)
    ends = [clock.midnight(until + timedelta(days=1))] if until else []
    known = [*ends, *(one for one in times if one is not None)]
    return NextCall(RefusalReason(reason), max(known, default=None))


def parameters(
    requests: list[ContactRequest], now: datetime, policy: ContactPolicy, *, reserving: bool
) -> dict[str, Any]:
    """Parameters of `judged_requests`. reserving: the order's own reservation blocks another one too."""
    rows = [asdict(request) for request in requests]
    columns = ("customer_id", "subscriber_id", "channel", "purpose", "source", "order_no")
    asked = {name: [row[name] for row in rows] for name in columns}
    return asked | policy_parameters(now, policy, reserving=reserving)


def policy_parameters(now: datetime, policy: ContactPolicy, *, reserving: bool) -> dict[str, Any]:
    """What `judged_requests` needs besides its source."""
    return {
        "reserving": reserving,
        "now": now,
        "today": timezone.localtime(now).date(),
        "consent_needed": policy.consent_needed,
        "uncapped": policy.uncapped,
        "attempts": policy.attempts,
        "attempts_since": now - timedelta(days=policy.attempts_days),
        "connected": policy.connected,
        "connected_since": now - timedelta(days=policy.connected_days),
        "messages": policy.messages,
        "messages_since": now - timedelta(days=policy.messages_days),
        "message_channels": list(MESSAGE_CHANNELS),
    }
