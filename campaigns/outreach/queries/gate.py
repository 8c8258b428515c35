"""The contact rules as one SQL expression over requests, in the order of RefusalReason. Read-only.

Several customers may have one telephone. Caps count what was done with the customer and at the number; who asked not to
be disturbed there, refused consent or is blacklisted is not rung through another customer's line.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from campaigns.outreach.models import HOLDS_FOR, ContactOutcome, ContactPolicy, HeldOut, RefusalReason
from campaigns.outreach.rules import ORDER_CALL, window_start
from customers.contacts.models import ContactRecord
from customers.contacts.numbers import call_number_sql
from customers.facts.models import Account, Consent, Customer, Subscriber
from customers.lists.models import ListEntry, OwnList
from retention.core.db.arrays import array
from retention.core.restores.queries import IS_RESTORED


@dataclass(frozen=True)
class ContactRequest:
    """One requested contact. channel: ListEntry.Channel. source: the requester, e.g. "scenario:S13". by_risk: whether
    the customer was chosen by a risk score; None: as the reservation of the order says. holdable: whether a hold-out
    refuses it; False for what the customer asked for, for orders that are open, and by hand with a reason."""

    customer_id: int
    subscriber_id: int
    channel: str
    purpose: str
    source: str
    order_no: str = ""
    by_risk: bool | None = False
    holdable: bool = True


@dataclass(frozen=True)
class Verdict:
    """reason: None when the contact is reserved. held_until: when its channel's hours begin, None while they run."""

    request: ContactRequest
    reason: RefusalReason | None
    held_until: datetime | None = None

    @property
    def allowed(self) -> bool:
        return self.reason is None


MESSAGE_CHANNELS = (ListEntry.Channel.SMS.value, ListEntry.Channel.EMAIL.value, ListEntry.Channel.APP.value)

LIVE = f"twin.status <> '{Subscriber.Status.TERMINATED}'"
LEDGER, LINES = ContactRecord._meta.db_table, Subscriber._meta.db_table
LISTS, CONSENTS = ListEntry._meta.db_table, Consent._meta.db_table
_TYPES = {
    "customer_id": "bigint", "subscriber_id": "bigint", "channel": "text", "purpose": "text", "source": "text",
    "order_no": "text", "by_risk": "boolean", "holdable": "boolean",
}  # fmt: skip
ASKED = f"""unnest({", ".join(f"%({name})s::{kind}[]" for name, kind in _TYPES.items())})
    WITH ORDINALITY AS r({", ".join(_TYPES)}, place)"""


# phone: the number that would be called. twins: the other lines with this number, whoever's. lines, customers: those
# for whom it rings now, the request's own included; it may have had an owner before. OFFSET: found but once.
_REQUESTS = f"""
    SELECT r.*, called.phone, coalesce(same.twins, '{{{{}}}}') AS twins,
           r.subscriber_id || same.live AS lines, r.customer_id || same.customers AS customers
    FROM {{source}}
    LEFT JOIN {LINES} own ON own.id = r.subscriber_id
    LEFT JOIN LATERAL (SELECT {call_number_sql("own")} AS phone) called ON true
    LEFT JOIN LATERAL (
        SELECT array_agg(twin.id) AS twins, array_agg(twin.id) FILTER (WHERE {LIVE}) AS live,
               array_agg(account.customer_id) FILTER (WHERE {LIVE}) AS customers
        FROM {LINES} twin JOIN {Account._meta.db_table} account ON account.id = twin.account_id
        WHERE twin.phone_number = called.phone AND called.phone <> '' AND twin.id <> own.id
    ) same ON true
    OFFSET 0
"""

OF_CUSTOMER = "h.customer_id = r.customer_id"
OF_TWINS = "h.subscriber_id = ANY(r.twins) AND h.customer_id <> r.customer_id"  # other customers at the same number
IS_CALL, IS_MESSAGE = f"h.channel = '{ListEntry.Channel.CALL}'", "h.channel = ANY(%(message_channels)s)"
IS_TALK = f"h.purpose = r.purpose AND h.outcome = '{ContactOutcome.CONNECTED}'"
OF_PURPOSE = "h.purpose = r.purpose"
_RESERVED, _MADE = f"h.state = '{ContactRecord.State.RESERVED}'", f"h.state = '{ContactRecord.State.USED}'"
OF_CALL, HOLDS = f"starts_with(r.source, '{ORDER_CALL}:')", f"NOT starts_with(h.source, '{ORDER_CALL}:')"
_IN_TIME = f"{_MADE} AND h.at > %(first_since)s AND h.at <= %(now)s"
_OF_ORDER = "r.order_no <> '' AND h.order_no = r.order_no"
_COLUMNS = "h.customer_id, h.channel, h.purpose, h.state, h.outcome, h.at, h.source, h.order_no, h.by_risk"
_HISTORY = f"""
    SELECT {_COLUMNS} FROM {LEDGER} h WHERE {OF_CUSTOMER} AND ({_IN_TIME} OR {_RESERVED} OR {_OF_ORDER})
    UNION ALL
    SELECT {_COLUMNS} FROM {LEDGER} h WHERE {OF_TWINS} AND ({_IN_TIME} OR {_RESERVED})
"""


def _contacts_made(since: str, which: str) -> str:
    return f"count(*) FILTER (WHERE {_MADE} AND h.at > %({since})s AND h.at <= %(now)s AND {which})"


# One look at the ledger for each request: contacts made with the customer and at the number, within their windows.
# Two customers at one number never have a reservation each; should they come to share it later, the caps decide.
# reached: the order's customer was spoken to. profiled: the order was asked for by a risk score.
_COUNTS = f"""
    SELECT {_contacts_made("attempts_since", IS_CALL)} AS calls,
           {_contacts_made("connected_since", IS_TALK)} AS talks,
           {_contacts_made("messages_since", IS_MESSAGE)} AS sent,
           {_contacts_made("contacts_since", "true")} AS contacts,
           {_contacts_made("contacts_since", OF_PURPOSE)} AS for_purpose,
           coalesce(bool_or({_RESERVED} AND {HOLDS}
               AND (%(reserving)s OR {OF_CUSTOMER} AND h.order_no <> r.order_no)), false) AS planned,
           coalesce(bool_or({_MADE} AND {_OF_ORDER} AND {OF_CUSTOMER} AND h.outcome = '{ContactOutcome.CONNECTED}'),
               false) AS reached,
           coalesce(bool_or({_RESERVED} AND {_OF_ORDER} AND h.by_risk), false) AS profiled
    FROM ({_HISTORY}) h
"""

OF_NUMBER = "ANY(r.customers)"


def listed(kind: ListEntry.Kind, channels: str = "true", *, who: str = OF_NUMBER) -> str:
    return f"""EXISTS (
        SELECT FROM {LISTS} x
        WHERE x.customer_id = {who} AND x.kind = '{kind}' AND x.starts_on <= %(today)s
          AND (x.ends_on IS NULL OR x.ends_on >= %(today)s) AND {channels})"""


def consents(*, granted: bool) -> str:
    """FROM and WHERE of consents: granted for the request's own line; refused for any line at the number."""
    which = "r.subscriber_id" if granted else "ANY(r.lines)"
    return f"""FROM {CONSENTS} c
        WHERE c.subscriber_id = {which} AND c.purpose IN (r.purpose, 'any') AND c.channel IN (r.channel, 'any')
          AND c.granted = {granted}"""


ON_CHANNEL = "x.channel IN ('any', r.channel)"
# A list of the operator's own that blocks contact: over its channels and for its purposes, or all where it names none.
IS_BLOCKING = f"""{ON_CHANNEL} AND EXISTS (
    SELECT FROM {OwnList._meta.db_table} l
    WHERE l.id = x.own_list_id AND l.enabled AND l.effect = '{OwnList.Effect.BLOCK}'
      AND (l.channels = '[]' OR l.channels @> to_jsonb(r.channel))
      AND (l.purposes = '[]' OR l.purposes @> to_jsonb(r.purpose)))"""
# Of a customer who is left alone so that an effect can be measured: the rows that forbid the request.
HOLDING = f"""FROM {HeldOut._meta.db_table} x
    WHERE x.customer_id = r.customer_id AND {HOLDS_FOR.format(purpose="r.purpose")} AND x.since <= %(today)s
      AND (x.until IS NULL OR x.until >= %(today)s)"""
OPTED_OUT = f"EXISTS (SELECT FROM {Customer._meta.db_table} o WHERE o.id = r.customer_id AND o.profiling_opt_out)"
# The caps do not apply to an order whose customer was reached, nor to a message during its call: it is expected.
CAPPED = f"NOT r.purpose = ANY(%(uncapped)s) AND NOT r.reached AND NOT {OF_CALL}"
CALL = f"r.channel = '{ListEntry.Channel.CALL}' AND {CAPPED}"
MESSAGE = f"r.channel = ANY(%(message_channels)s) AND {CAPPED}"
PURPOSE_CAP = "(%(purpose_caps)s::jsonb ->> r.purpose)::int"
NOT_KEPT_FOR = f"{CAPPED} AND NOT r.purpose = ANY(%(kept_for)s)"

CASES: tuple[tuple[str, RefusalReason], ...] = (
    (IS_RESTORED, RefusalReason.RESTORED),
    (listed(ListEntry.Kind.BLACKLIST), RefusalReason.BLACKLISTED),
    (listed(ListEntry.Kind.FALSE_USER, who="r.customer_id"), RefusalReason.FALSE_USER),
    (listed(ListEntry.Kind.DO_NOT_DISTURB, ON_CHANNEL), RefusalReason.DO_NOT_DISTURB),
    (listed(ListEntry.Kind.OWN, IS_BLOCKING, who="r.customer_id"), RefusalReason.OWN_LIST),
    (f"EXISTS (SELECT {consents(granted=False)})", RefusalReason.CONSENT_REFUSED),
    (
        f"r.purpose = ANY(%(consent_needed)s) AND NOT EXISTS (SELECT {consents(granted=True)})",
        RefusalReason.CONSENT_MISSING,
    ),
    (f"coalesce(r.by_risk, r.profiled) AND {OPTED_OUT}", RefusalReason.PROFILING_OPT_OUT),
    (f"r.holdable AND EXISTS (SELECT {HOLDING})", RefusalReason.HELD_OUT),
    (f"r.planned AND NOT {OF_CALL}", RefusalReason.ALREADY_RESERVED),
    (f"{CALL} AND r.calls >= %(attempts)s", RefusalReason.ATTEMPTS_SPENT),
    (f"{CALL} AND r.talks >= %(connected)s", RefusalReason.CONNECTED_LATELY),
    (f"{MESSAGE} AND r.sent >= %(messages)s", RefusalReason.MESSAGES_SPENT),
    (f"{CAPPED} AND r.contacts >= %(contacts)s", RefusalReason.CONTACTS_SPENT),
    (f"{CAPPED} AND r.for_purpose >= {PURPOSE_CAP}", RefusalReason.PURPOSE_SPENT),
    (
        f"{NOT_KEPT_FOR} AND (r.contacts >= %(contacts_unkept)s"
        f" OR r.channel = '{ListEntry.Channel.CALL}' AND r.calls >= %(attempts_unkept)s)",
        RefusalReason.BUDGET_KEPT,
    ),
)
REASON = "CASE " + " ".join(f"WHEN {test} THEN '{reason.value}'" for test, reason in CASES) + " ELSE '' END"


def judged_requests(source: str = ASKED) -> str:
    """SQL of requests, each with `phone`, `twins`, the counts and the gate's `reason`, '' where it allows the contact.

    source: a FROM item named r with the fields of ContactRequest as columns; by default that of `parameters`.
    """
    counted = f"SELECT * FROM ({_REQUESTS.format(source=source)}) r CROSS JOIN LATERAL ({_COUNTS}) counts"
    return f"SELECT r.*, {REASON} AS reason FROM ({counted}) r"


def calls_resume_at(now: datetime) -> datetime | None:
    """When calls are allowed again; None while they are."""
    return resume_at(ContactPolicy.objects.current(), ListEntry.Channel.CALL, now)


def resume_at(policy: ContactPolicy, channel: str, now: datetime) -> datetime | None:
    """When contacts over the channel are made again; None while they are."""
    at = policy.hours(channel).open_from(now)
    return None if at == now else at


def may_call_now(
    *, customer_id: int, subscriber_id: int, now: datetime, purpose: str, order_no: str = "", at_any_hour: bool = False
) -> RefusalReason | None:
    """Why the customer may not be called now, None if allowed. The order's own reservation does not count.

    at_any_hour: whatever the time of the day.
    """
    request = ContactRequest(
        customer_id, subscriber_id, ListEntry.Channel.CALL, purpose, "", order_no, None, holdable=not order_no
    )
    return refusals_now(requests=[request], now=now, at_any_hour=at_any_hour)[0]


def refusals_now(
    *, requests: Sequence[ContactRequest], now: datetime, at_any_hour: bool = True
) -> list[RefusalReason | None]:
    """As may_call_now for many calls, in their order; one statement besides the policy's."""
    policy = ContactPolicy.objects.current()
    if not at_any_hour and resume_at(policy, ListEntry.Channel.CALL, now) is not None:
        return [RefusalReason.QUIET_HOURS] * len(requests)
    with connection.cursor() as cursor:
        asked = parameters(requests, now, policy, reserving=False)
        cursor.execute(f"SELECT reason FROM ({judged_requests()}) judged ORDER BY place", asked)
        return [RefusalReason(reason) if reason else None for (reason,) in cursor.fetchall()]


def parameters(
    requests: Sequence[ContactRequest], now: datetime, policy: ContactPolicy, *, reserving: bool
) -> dict[str, Any]:
    """Parameters of `judged_requests`. reserving: the order's own reservation blocks another one too."""
    asked = {one.name: array(getattr(request, one.name) for request in requests) for one in fields(ContactRequest)}
    return asked | policy_parameters(now, policy, reserving=reserving)


def policy_parameters(now: datetime, policy: ContactPolicy, *, reserving: bool) -> dict[str, Any]:
    """What `judged_requests` needs besides its source."""
    windows = ("attempts", "connected", "messages", "contacts")
    days = {f"{name}_days": getattr(policy, f"{name}_days") for name in windows}
    since = {f"{name}_since": window_start(now, days[f"{name}_days"]) for name in windows}
    return (
        days
        | since
        | {
            "reserving": reserving,
            "now": now,
            "today": timezone.localtime(now).date(),
            "first_since": min(since.values()),
            "consent_needed": policy.consent_needed,
            "uncapped": policy.uncapped,
            "attempts": policy.attempts,
            "connected": policy.connected,
            "messages": policy.messages,
            "contacts": policy.contacts,
            "purpose_caps": json.dumps(policy.purpose_caps),
            "kept_for": policy.kept_for,
            "attempts_unkept": policy.attempts - policy.kept,
            "contacts_unkept": policy.contacts - policy.kept,
            "message_channels": list(MESSAGE_CHANNELS),
        }
    )
