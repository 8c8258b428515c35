"""A customer's contact budget: reserve, use, release (the only writer of the contact ledger); the contact policy."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.declarations import CONTACT_LOCK, NUMBER_LOCK
from campaigns.outreach.models import (
    HOLDS_FOR,
    POLICY_ACTION,
    POLICY_TARGET,
    ContactOutcome,
    ContactPolicy,
    Contamination,
    HeldOut,
    RefusalReason,
)
from campaigns.outreach.queries import BEHIND, ContactRequest, Verdict, judged_requests, parameters, resume_at
from customers.contacts.models import ContactRecord
from customers.contacts.numbers import call_number_sql
from customers.facts.models import Subscriber
from retention.core.accounts.models import User
from retention.core.administration.services import Seen, apply_values
from retention.core.audit import services as audit
from retention.core.db import transaction_locks
from retention.core.db.arrays import array
from retention.core.errors import Conflict, Refused
from retention.core.restores.services import refuse_restored

_LEDGER = ContactRecord._meta.db_table
# Of so many customers each is locked, so that several workers open the orders of one campaign side by side; of more all
# are: the server's lock table has room for some thousands.
LOCKED_EACH = 1_000
_LOCK_NUMBERS = f"""
SELECT pg_advisory_xact_lock({NUMBER_LOCK}, number) FROM (
    SELECT DISTINCT hashtext(called.phone) AS number
    FROM {Subscriber._meta.db_table} own CROSS JOIN LATERAL (SELECT {call_number_sql("own")} AS phone) called
    WHERE own.id = ANY(%s::bigint[]) AND called.phone <> '' ORDER BY number
) numbers
"""

# Of several requests for one customer or number the first one not refused gets the reservation. A refusal is kept with
# the row behind it, which may change later.
_RESERVE = f"""
WITH judged AS ({judged_requests()}),
turns AS (SELECT *, row_number() OVER (PARTITION BY customer_id, reason = '' ORDER BY place) AS turn FROM judged),
rings AS (
    SELECT *, row_number() OVER (
        PARTITION BY coalesce(nullif(phone, ''), place::text), reason = '' AND turn = 1 ORDER BY place
    ) AS ring FROM turns
),
verdicts AS (
    SELECT *, CASE WHEN reason = '' AND (turn > 1 OR ring > 1) THEN '{RefusalReason.ALREADY_RESERVED}'
                   ELSE reason END AS verdict
    FROM rings
),
written AS (
    INSERT INTO {_LEDGER}
        (customer_id, subscriber_id, channel, purpose, state, reason, at, source, order_no, outcome, actor_id, by_risk,
         behind)
    SELECT customer_id, subscriber_id, channel, purpose,
           CASE verdict WHEN '' THEN '{ContactRecord.State.RESERVED}' ELSE '{ContactRecord.State.REFUSED}' END,
           verdict, %(now)s, source, CASE verdict WHEN '' THEN order_no ELSE '' END, '', NULL, by_risk, {BEHIND}
    FROM verdicts r ORDER BY place
)
SELECT verdict FROM verdicts ORDER BY place
"""


@transaction.atomic
def reserve(*, requests: Sequence[ContactRequest], now: datetime) -> list[Verdict]:
    """Request contacts; returns the verdicts in the order of the requests, and writes all to the ledger.

    Call it once, inside the transaction that opens the orders: its lock keeps others from reserving the same
    customers and numbers until the end, so two sources cannot both take the last contact. Many requests cost one
    statement. Unavailable after a restore until its opt-outs are applied: nothing is decided without them.
    """
    if not requests:
        return []
    _serialise(requests)
    with connection.cursor() as cursor:
        policy = ContactPolicy.objects.current()
        cursor.execute(_RESERVE, parameters(list(requests), now, policy, reserving=True))
        reasons = [reason for (reason,) in cursor.fetchall()]
    if RefusalReason.RESTORED in reasons:
        refuse_restored()  # and with it goes what the statement has written
    held = {channel: resume_at(policy, channel, now) for channel in {request.channel for request in requests}}
    return [
        Verdict(request, RefusalReason(reason) if reason else None, held[request.channel])
        for request, reason in zip(requests, reasons, strict=True)
    ]


# The reservation that an order holds goes over to another request for the same line, where the gate allows that one.
_TAKE_OVER = f"""
WITH allowed AS (SELECT * FROM ({judged_requests()}) r WHERE reason = ''),
displaced AS (
    UPDATE {_LEDGER} h SET state = '{ContactRecord.State.RELEASED}', at = %(now)s, displaced_by = r.source
    FROM allowed r
    WHERE h.customer_id = r.customer_id AND h.subscriber_id = r.subscriber_id AND h.order_no = r.order_no
      AND h.state = '{ContactRecord.State.RESERVED}'
    RETURNING h.order_no
)
INSERT INTO {_LEDGER}
    (customer_id, subscriber_id, channel, purpose, state, reason, at, source, order_no, outcome, actor_id, by_risk)
SELECT r.customer_id, r.subscriber_id, r.channel, r.purpose, '{ContactRecord.State.RESERVED}', '', %(now)s, r.source,
       r.order_no, '', NULL, r.by_risk
FROM allowed r JOIN displaced USING (order_no) ORDER BY r.place
RETURNING order_no
"""


@transaction.atomic
def take_over(*, requests: Sequence[ContactRequest], now: datetime) -> set[str]:
    """Give the reservations of these orders to more urgent requests; returns the orders whose request was allowed.

    order_no: of the order that gives way; the caller has locked it and knows that its contact is not begun. The ledger
    keeps the reservation that gave way, with the source that displaced it. The customer holds one reservation before
    and after, in one statement, so nobody else can get in between and the gate's lock is not needed.
    """
    if not requests:
        return set()
    with connection.cursor() as cursor:
        asked = parameters(requests, now, ContactPolicy.objects.current(), reserving=False)
        cursor.execute(_TAKE_OVER, asked)
        return {order_no for (order_no,) in cursor.fetchall()}


@transaction.atomic
def use(
    *, order_no: str, outcome: ContactOutcome, now: datetime, actor: User | None, goes_on: bool = False
) -> ContactRecord:
    """Record that the reserved contact was made. `goes_on`: one attempt of several, the order keeps its reservation.

    Raises Conflict when the order holds no reservation.
    """
    reserved = ContactRecord.objects.select_for_update(no_key=True).filter(
        order_no=order_no, state=ContactRecord.State.RESERVED
    )
    record = reserved.first() if order_no else None
    if record is None:
        raise Conflict(_("The order %(number)s holds no reserved contact.") % {"number": order_no}, code="not_reserved")
    if goes_on:
        record.pk = None
    record.state, record.outcome = ContactRecord.State.USED, ContactOutcome(outcome)
    record.at, record.actor = now, actor
    record.save(force_insert=goes_on)
    return record


_SETTLE_MANY = f"""
UPDATE {_LEDGER} h SET
    at = CASE h.state WHEN '{ContactRecord.State.RESERVED}' THEN %(now)s ELSE h.at END,
    state = '{ContactRecord.State.USED}', outcome = s.outcome
FROM unnest(%(order_nos)s::text[], %(outcomes)s::text[]) s(order_no, outcome)
WHERE h.order_no = s.order_no AND h.state IN ('{ContactRecord.State.RESERVED}', '{ContactRecord.State.USED}')
"""


def use_many(*, outcomes: Mapping[str, ContactOutcome], now: datetime) -> int:
    """Record that the reserved contacts of many orders or messages were made, by their number; one made before keeps
    its time and gets the new outcome. Returns how many there were."""
    made = {order_no: outcome for order_no, outcome in outcomes.items() if order_no}
    if not made:
        return 0
    with connection.cursor() as cursor:
        given: dict[str, Any] = {
            "now": now,
            "order_nos": list(made),
            "outcomes": [str(one.value) for one in made.values()],
        }
        cursor.execute(_SETTLE_MANY, given)
        return cursor.rowcount


def record_made(
    *, request: ContactRequest, outcome: ContactOutcome, now: datetime, actor: User | None
) -> ContactRecord:
    """Record a contact that was made without a reservation: of an order about a fault or an inspection."""
    return ContactRecord.objects.create(
        customer_id=request.customer_id, subscriber_id=request.subscriber_id, channel=request.channel,
        purpose=request.purpose, state=ContactRecord.State.USED, at=now, source=request.source,
        order_no=request.order_no, outcome=ContactOutcome(outcome), actor=actor, by_risk=bool(request.by_risk),
    )  # fmt: skip


def take_back_use(*, order_no: str, now: datetime, reserve: bool = True) -> bool:
    """The order's last contact was recorded by mistake: its reservation is there again, unless it had none (`reserve`).
    False when there is no contact."""
    records = ContactRecord.objects.select_for_update(no_key=True).filter(order_no=order_no)
    last = records.filter(state=ContactRecord.State.USED).order_by("-at", "-pk").first()
    if last is None:
        return False
    kept = not reserve or records.filter(state=ContactRecord.State.RESERVED).exists()
    last.state = ContactRecord.State.RELEASED if kept else ContactRecord.State.RESERVED
    last.outcome, last.at, last.actor = "", now, None
    last.save(update_fields=["state", "outcome", "at", "actor"])
    return True


def name_sender(*, order_no: str, actor: User) -> None:
    """Say who asked for the contact that is reserved under this number."""
    ContactRecord.objects.filter(order_no=order_no, state=ContactRecord.State.RESERVED).update(actor=actor)


def release(*, order_no: str, now: datetime) -> bool:
    """Release the order's unused reservation. False when it holds none."""
    return release_many(order_nos=[order_no], now=now) == 1


def release_many(*, order_nos: Collection[str], now: datetime) -> int:
    """Release the reservations of many orders; returns how many there were."""
    reserved = ContactRecord.objects.filter(order_no__in=set(order_nos) - {""}, state=ContactRecord.State.RESERVED)
    return reserved.update(state=ContactRecord.State.RELEASED, at=now)


_CONTAMINATE = f"""
INSERT INTO {Contamination._meta.db_table} (customer_id, origin, purpose, at, order_no, actor_id, reason)
SELECT x.customer_id, x.origin, r.purpose, %(now)s, r.order_no, %(actor)s, %(reason)s
FROM {_LEDGER} r JOIN {HeldOut._meta.db_table} x ON x.customer_id = r.customer_id
WHERE r.order_no = ANY(%(orders)s) AND r.state = '{ContactRecord.State.RESERVED}'
  AND {HOLDS_FOR.format(purpose="r.purpose")} AND x.since <= %(today)s
  AND (x.until IS NULL OR x.until >= %(today)s)
"""


def record_contaminations(*, order_nos: Collection[str], actor: User, reason: str, now: datetime) -> int:
    """Note which of these orders, opened by hand with a reason, are for customers who are held out for their purpose:
    one row a hold-out. Returns how many."""
    asked: dict[str, Any] = {
        "orders": list(order_nos), "actor": actor.pk, "reason": reason, "now": now,
        "today": timezone.localtime(now).date(),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_CONTAMINATE, asked)
        return int(cursor.rowcount)


def _serialise(requests: Sequence[ContactRequest]) -> None:
    """Wait only for those who want the same customers, or others at the same numbers; where they are many, for all who
    open anything. Held to the end of the transaction."""
    customers, lines = {request.customer_id for request in requests}, {request.subscriber_id for request in requests}
    if len(customers) > LOCKED_EACH:
        transaction_locks.lock_all(CONTACT_LOCK)
        return
    transaction_locks.lock_each(CONTACT_LOCK, customers)
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_NUMBERS, [array(lines)])


@transaction.atomic
def change_policy(*, actor: User, values: Mapping[str, Any], seen: Seen) -> ContactPolicy:
    """Change the policy, which holds from the next contact on. StaleRow when somebody else has changed it since.

    Refused without the permission, Invalid for values that make no sense beside each other.
    """
    if not actor.may("contact_policy.edit"):
        raise Refused(_("Your role does not include this."))
    ContactPolicy.objects.get_or_create()
    policy = ContactPolicy.objects.select_for_update().get()
    changes = apply_values(row=policy, values=values, seen=seen, action=POLICY_ACTION, target=POLICY_TARGET)
    if changes:
        policy.require_sense()
        policy.save()
        audit.record(actor=actor, action=POLICY_ACTION, target=POLICY_TARGET, changes=changes)
    return policy
