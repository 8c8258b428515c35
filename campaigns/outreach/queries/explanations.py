"""The gate's answers in full: the rule, the row behind it, since when it holds, and the first moment it would not."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.utils.dateparse import parse_date, parse_datetime

from campaigns.outreach.models import HOURS_OF, ContactPolicy, ContactPurpose, RefusalReason
from campaigns.outreach.queries.gate import (
    CALL,
    CAPPED,
    HOLDING,
    HOLDS,
    IS_BLOCKING,
    IS_CALL,
    IS_MESSAGE,
    IS_TALK,
    LEDGER,
    LISTS,
    MESSAGE,
    NOT_KEPT_FOR,
    OF_CUSTOMER,
    OF_NUMBER,
    OF_PURPOSE,
    OF_TWINS,
    ON_CHANNEL,
    PURPOSE_CAP,
    ContactRequest,
    consents,
    judged_requests,
    parameters,
)
from campaigns.outreach.rules import Period, first_allowed
from customers.contacts.models import ContactRecord
from customers.lists.models import ListEntry

OF_LISTS = (RefusalReason.BLACKLISTED, RefusalReason.FALSE_USER, RefusalReason.DO_NOT_DISTURB, RefusalReason.OWN_LIST)
OF_CAPS = (
    RefusalReason.ATTEMPTS_SPENT,
    RefusalReason.CONNECTED_LATELY,
    RefusalReason.MESSAGES_SPENT,
    RefusalReason.CONTACTS_SPENT,
    RefusalReason.PURPOSE_SPENT,
    RefusalReason.BUDGET_KEPT,
)


@dataclass(frozen=True)
class Answer:
    """The gate's answer to a request.

    reason: why not, None where it may be made now. since: from when the rule holds, None where nothing dates it.
    at: the first moment at which it may be made, within the hours of its channel; None while no end is known.
    policy: the one that was asked. behind: the row that the rule goes by, as the ledger keeps it:

    of a list     list (id), since, until, note, own (False: another customer's at the number, whose note is not shown)
    of a consent  consent (id), since, channel, purpose, source, proof, own
    of a hold-out origin ("universal" or "campaign:" and its code), since, until
    of a plan     contact (id), since, order_no, source, own
    of a cap      contact (id of the one that filled it), since, made, most, days, kept_for of a reserved budget
    """

    request: ContactRequest
    reason: RefusalReason | None
    at: datetime | None
    policy: ContactPolicy
    behind: Mapping[str, Any] = field(default_factory=dict)

    @property
    def allowed(self) -> bool:
        return self.reason is None

    @property
    def channel_label(self) -> str:
        return str(dict(ListEntry.Channel.choices)[self.request.channel])

    @property
    def since(self) -> date | datetime | None:
        """A day of lists, else an instant."""
        text = self.behind.get("since")
        return (parse_datetime(text) if "T" in text else parse_date(text)) if text else None


def _entry(kind: ListEntry.Kind, channels: str = "true", *, who: str = OF_NUMBER) -> str:
    """The entry that lasts longest, the customer's own before another's at the number."""
    own = "x.customer_id = r.customer_id"
    return f"""(
        SELECT jsonb_build_object('list', x.id, 'since', x.starts_on, 'until', x.ends_on, 'own', {own},
                                  'note', CASE WHEN {own} THEN x.reason ELSE '' END)
        FROM {LISTS} x
        WHERE x.customer_id = {who} AND x.kind = '{kind}' AND x.starts_on <= %(today)s
          AND (x.ends_on IS NULL OR x.ends_on >= %(today)s) AND {channels}
        ORDER BY {own} DESC, x.ends_on DESC NULLS FIRST, x.id LIMIT 1)"""


_CONSENT = f"""(
    SELECT jsonb_build_object('consent', c.id, 'since', c.at, 'channel', c.channel, 'purpose', c.purpose,
                              'source', c.source, 'proof', CASE WHEN c.subscriber_id = r.subscriber_id
                              THEN c.proof ELSE '' END, 'own', c.subscriber_id = r.subscriber_id)
    {consents(granted=False)} ORDER BY c.subscriber_id = r.subscriber_id DESC, c.at, c.id LIMIT 1)"""
_HELD_OUT = f"""(
    SELECT jsonb_build_object('origin', x.origin, 'since', x.since, 'until', x.until)
    {HOLDING} ORDER BY x.until DESC NULLS FIRST, x.id LIMIT 1)"""
_PLAN = f"""(
    SELECT jsonb_build_object('contact', h.id, 'since', h.at, 'source', CASE WHEN {OF_CUSTOMER} THEN h.source ELSE ''
                              END, 'order_no', CASE WHEN {OF_CUSTOMER} THEN h.order_no ELSE '' END,
                              'own', {OF_CUSTOMER})
    FROM (SELECT h.* FROM {LEDGER} h WHERE {OF_CUSTOMER} UNION ALL SELECT h.* FROM {LEDGER} h WHERE {OF_TWINS}) h
    WHERE h.state = '{ContactRecord.State.RESERVED}' AND {HOLDS} AND (%(reserving)s OR h.order_no <> r.order_no)
    ORDER BY {OF_CUSTOMER} DESC, h.at LIMIT 1)"""


@dataclass(frozen=True)
class _Cap:
    """A cap as the policy has it: `most` contacts (SQL) of the kind `which` since the parameter `window`_since."""

    window: str
    which: str
    most: str
    applies: str

    @property
    def rows(self) -> str:
        made = f"h.state = '{ContactRecord.State.USED}' AND h.at > %({self.window}_since)s AND h.at <= %(now)s"
        return " UNION ALL ".join(
            f"SELECT h.id, h.at FROM {LEDGER} h WHERE {whose} AND {made} AND {self.which}"
            for whose in (OF_CUSTOMER, OF_TWINS)
        )

    @property
    def room_again(self) -> str:
        """When fewer than `most` are made in as much time: NULL where they are so now; never for a cap of none."""
        last = f"(SELECT c.at FROM ({self.rows}) c ORDER BY c.at DESC OFFSET greatest({self.most} - 1, 0) LIMIT 1)"
        again = f"{last} + (%(now)s - %({self.window}_since)s)"
        return f"CASE WHEN {self.applies} THEN CASE WHEN {self.most} > 0 THEN {again} ELSE 'infinity' END END"

    def behind(self, *more: str) -> str:
        """The contact that filled the cap: the earliest with `most` made up to it. more: further names and values."""
        also = "".join(f", {one}" for one in more)
        return f"""(
            SELECT jsonb_build_object('contact', c.id, 'since', c.at, 'made', c.made, 'most', {self.most},
                                      'days', %({self.window}_days)s{also})
            FROM (SELECT c.*, row_number() OVER (ORDER BY c.at, c.id) AS place, count(*) OVER () AS made
                  FROM ({self.rows}) c) c
            WHERE c.place >= {self.most} ORDER BY c.place LIMIT 1)"""


_ATTEMPTS = _Cap("attempts", IS_CALL, "%(attempts)s", CALL)
_TALKS = _Cap("connected", IS_TALK, "%(connected)s", CALL)
_SENT = _Cap("messages", IS_MESSAGE, "%(messages)s", MESSAGE)
_ALL = _Cap("contacts", "true", "%(contacts)s", CAPPED)
_PURPOSE = _Cap("contacts", OF_PURPOSE, PURPOSE_CAP, f"{CAPPED} AND {PURPOSE_CAP} IS NOT NULL")
_UNKEPT_CALLS = _Cap("attempts", IS_CALL, "%(attempts_unkept)s", f"{CALL} AND {NOT_KEPT_FOR}")
_UNKEPT = _Cap("contacts", "true", "%(contacts_unkept)s", NOT_KEPT_FOR)
_CAPS = (_ATTEMPTS, _TALKS, _SENT, _ALL, _PURPOSE, _UNKEPT_CALLS, _UNKEPT)

_KEPT_FOR = "'kept_for', to_jsonb(%(kept_for)s::text[])"

_BEHIND: dict[RefusalReason, str] = {
    RefusalReason.BLACKLISTED: _entry(ListEntry.Kind.BLACKLIST),
    RefusalReason.FALSE_USER: _entry(ListEntry.Kind.FALSE_USER, who="r.customer_id"),
    RefusalReason.DO_NOT_DISTURB: _entry(ListEntry.Kind.DO_NOT_DISTURB, ON_CHANNEL),
    RefusalReason.OWN_LIST: _entry(ListEntry.Kind.OWN, IS_BLOCKING, who="r.customer_id"),
    RefusalReason.CONSENT_REFUSED: _CONSENT,
    RefusalReason.HELD_OUT: _HELD_OUT,
    RefusalReason.ALREADY_RESERVED: _PLAN,
    RefusalReason.ATTEMPTS_SPENT: _ATTEMPTS.behind(),
    RefusalReason.CONNECTED_LATELY: _TALKS.behind(),
    RefusalReason.MESSAGES_SPENT: _SENT.behind(),
    RefusalReason.CONTACTS_SPENT: _ALL.behind(),
    RefusalReason.PURPOSE_SPENT: _PURPOSE.behind(),
    RefusalReason.BUDGET_KEPT: f"CASE WHEN r.contacts >= %(contacts_unkept)s THEN {_UNKEPT.behind(_KEPT_FOR)}"
    f" ELSE {_UNKEPT_CALLS.behind(_KEPT_FOR)} END",
}
# The row behind `reason` of a judged request r, as Answer.behind; an empty object where there is none.
BEHIND = (
    "coalesce(CASE r.reason "
    + " ".join(f"WHEN '{reason.value}' THEN {row}" for reason, row in _BEHIND.items())
    + " END, '{}'::jsonb)"
)
# Days on which a list or a hold-out bars the request, from today on.
_BARRED = f"""(
    SELECT coalesce(jsonb_agg(jsonb_build_array(d.first, d.last)), '[]') FROM (
        SELECT x.starts_on AS first, x.ends_on AS last FROM {LISTS} x
        WHERE (x.ends_on IS NULL OR x.ends_on >= %(today)s) AND (
            x.customer_id = {OF_NUMBER} AND (x.kind = '{ListEntry.Kind.BLACKLIST}'
                OR x.kind = '{ListEntry.Kind.DO_NOT_DISTURB}' AND {ON_CHANNEL})
            OR x.customer_id = r.customer_id AND (x.kind = '{ListEntry.Kind.FALSE_USER}'
                OR x.kind = '{ListEntry.Kind.OWN}' AND {IS_BLOCKING}))
        UNION ALL SELECT x.since, x.until {HOLDING} AND r.reason = '{RefusalReason.HELD_OUT}') d)"""
_EXPLAIN = f"""
SELECT reason, behind, barred, nullif(free_at, 'infinity'), coalesce(free_at = 'infinity', false)
FROM (
    SELECT r.place, r.reason, {BEHIND} AS behind, {_BARRED} AS barred,
           greatest({", ".join(cap.room_again for cap in _CAPS)}) AS free_at
    FROM ({judged_requests()}) r
) answered ORDER BY place
"""


def explain(*, requests: Sequence[ContactRequest], now: datetime, reserving: bool = True) -> list[Answer]:
    """The gate's answers, in the order of the requests; two statements, however many there are.

    reserving: as for a new order. False asks whether the order of each request may make its contact: its own
    reservation is no obstacle then.
    """
    if not requests:
        return []
    policy = ContactPolicy.objects.current()
    with connection.cursor() as cursor:
        cursor.execute(_EXPLAIN, parameters(requests, now, policy, reserving=reserving))
        rows = cursor.fetchall()
    return [_answer(request, policy, now, *row) for request, row in zip(requests, rows, strict=True)]


def _answer(
    request: ContactRequest, policy: ContactPolicy, now: datetime, reason: str, behind: str, barred: str,
    free_at: datetime | None, never: bool,
) -> Answer:  # fmt: skip
    periods: list[Period] = [(date.fromisoformat(first), _day(last)) for first, last in json.loads(barred)]
    at = None
    if not never and (not reason or reason in {*OF_LISTS, *OF_CAPS, RefusalReason.HELD_OUT}):
        free_from = max(now, free_at) if reason and free_at else now
        at = first_allowed(free_from=free_from, barred=periods, hours=policy.hours(request.channel))
    why = RefusalReason(reason) if reason else None if at == now else RefusalReason.QUIET_HOURS
    return Answer(request, why, at, policy, json.loads(behind))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def explain_line(
    *, customer_id: int, subscriber_id: int, now: datetime, purposes: Sequence[str] = ContactPurpose.values
) -> list[Answer]:
    """The answers to a new contact with the line: for each purpose one a channel, in the order of HOURS_OF."""
    asked = [
        ContactRequest(customer_id, subscriber_id, channel, purpose, "") for purpose in purposes for channel in HOURS_OF
    ]
    return explain(requests=asked, now=now)


@dataclass(frozen=True)
class NextCall:
    """When the gate lets a call be made. reason: why not now, None where it may, if only in calling hours. at: from
    when on; None while no end is known."""

    reason: RefusalReason | None
    at: datetime | None


def next_calls(*, lines: Mapping[int, int], purpose: str, now: datetime) -> dict[int, NextCall]:
    """The gate's answer to a new order for each line, and when it changes; lines: {id: id of its customer}."""
    asked = [ContactRequest(customer, line, ListEntry.Channel.CALL, purpose, "") for line, customer in lines.items()]
    return {one.request.subscriber_id: _next_call(one) for one in explain(requests=asked, now=now)}


def _next_call(answer: Answer) -> NextCall:
    return NextCall(None if answer.reason == RefusalReason.QUIET_HOURS else answer.reason, answer.at)
