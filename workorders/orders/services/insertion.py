"""Writes new orders: rows, first line of the trail, group and customer grant, in one statement for any number.

An order goes to the group that a rule of the allocation names, else to a group of the line's branch, else of the
nearest branch above it that has one. One that is given to a group by name has no rule.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from customers.facts.models import Account, Customer, Subscriber
from customers.grants.models import CustomerGrant
from customers.profile.models import SubscriberProfile
from retention.core.accounts.models import Branch, Team
from retention.core.db.arrays import array
from workorders.allocation.matching import OWNER_OF_LINE, RULE_OF_ORDER
from workorders.allocation.models import AllocationRule
from workorders.order_types.models import OrderType
from workorders.orders.models import Transition, WorkOrder
from workorders.orders.origins import CAMPAIGN_MARK, OF_SCENARIOS, OriginKind
from workorders.orders.services.follow_ups import Changed, follow
from workorders.orders.services.transitions import Pick, Sql, move_in_batches
from workorders.orders.states import OPENED, State

# A LATERAL over the branch `b` and the customer `customer_id`. Groups of one branch share its customers evenly, and a
# customer is always assigned to the same one.
NEAREST_TEAM = f"""
    SELECT t.id FROM {Team._meta.db_table} t JOIN {Branch._meta.db_table} tb ON tb.id = t.branch_id
    WHERE starts_with(b.path, tb.path)
    ORDER BY length(tb.path) DESC, hashint8extended(customer_id, t.id), t.id LIMIT 1
"""
_TEAM = f"""(
    SELECT team.id FROM {Branch._meta.db_table} b CROSS JOIN LATERAL (
        {NEAREST_TEAM.replace("customer_id", "o.customer_id")}
    ) team WHERE b.id = o.branch_id
)"""
_ORPHANS = f"""
SELECT o.id, o.state AS before FROM {{orders}} o
WHERE o.team_id IS NULL AND {{legal}} AND {_TEAM} IS NOT NULL ORDER BY o.id LIMIT %(batch)s FOR UPDATE SKIP LOCKED
"""


def adopt_orphans(*, now: datetime) -> int:
    """Assign queued orders without a group to the nearest group. Returns how many."""
    return move_in_batches(name="adopt", pick=Pick(_ORPHANS), now=now, changes={"team_id": Sql(_TEAM)})


@dataclass(frozen=True)
class NewOrder:
    """An order to be written; customer, branch, group and risk are looked up. evidence: JSON text, see WorkOrder.
    due_minutes: until it is to be closed, counted as its type counts; see workorders.clocks. own_team: another group
    than the nearest."""

    id: int
    order_no: str
    type_id: int
    subscriber_id: int
    purpose: str
    priority: int
    origin_kind: str
    origin_key: str
    evidence: str
    expected_gain: Decimal | None
    opened_on: date
    due_minutes: int
    one_open: bool = True
    own_team: int | None = None


_TYPES = {
    "id": "bigint", "order_no": "text", "type_id": "bigint", "subscriber_id": "bigint", "purpose": "text",
    "priority": "smallint", "origin_kind": "text", "origin_key": "text", "evidence": "text", "expected_gain": "numeric",
    "opened_on": "date", "due_minutes": "integer", "one_open": "boolean", "own_team": "bigint",
}  # fmt: skip

_INSERT = f"""
WITH opened AS (
    INSERT INTO {WorkOrder._meta.db_table}
        (id, order_no, type_id, subscriber_id, customer_id, branch_id, team_id, state, purpose, priority, origin_kind,
         origin_key, evidence, probability, expected_gain, opened_on, opened_at, due_at, attempts, answers, version,
         stage, one_open, rule_id, reserved_for_id, reserved_until)
    SELECT n.id, n.order_no, n.type_id, n.subscriber_id, a.customer_id, coalesce(own.branch_id, s.branch_id),
           coalesce(own.id, rule.team_id, team.id), '{State.QUEUED}',
           n.purpose, n.priority, n.origin_kind, n.origin_key, n.evidence::jsonb, p.risk_probability,
           coalesce(n.expected_gain, p.expected_gain), n.opened_on, %(now)s,
           %(now)s + n.due_minutes * interval '1 minute', 0, '{{}}', 1,
           coalesce(kind.routes -> '' -> '{State.QUEUED}' ->> 0, ''), n.one_open, rule.id, rule.owner_id,
           CASE WHEN rule.restricts THEN %(now)s + rule.minutes * interval '1 minute' END
    FROM unnest({", ".join(f"%({name})s::{kind}[]" for name, kind in _TYPES.items())}) AS n({", ".join(_TYPES)})
    JOIN {Subscriber._meta.db_table} s ON s.id = n.subscriber_id
    JOIN {Account._meta.db_table} a ON a.id = s.account_id
    JOIN {Customer._meta.db_table} c ON c.id = a.customer_id
    JOIN {Branch._meta.db_table} b ON b.id = s.branch_id
    JOIN {OrderType._meta.db_table} kind ON kind.id = n.type_id
    LEFT JOIN {Team._meta.db_table} own ON own.id = n.own_team
    LEFT JOIN {SubscriberProfile._meta.db_table} p ON p.subscriber_id = s.id
    LEFT JOIN LATERAL ({NEAREST_TEAM.replace("customer_id", "a.customer_id")}) team ON true
    LEFT JOIN LATERAL ({OWNER_OF_LINE}) owner ON own.id IS NULL
    LEFT JOIN LATERAL ({RULE_OF_ORDER}) rule ON own.id IS NULL
    RETURNING id, order_no, customer_id, team_id, state, stage, rule_id,
              round(extract(epoch FROM due_at - opened_at) / 60)::int AS due_minutes,
              CASE WHEN origin_kind = ANY(%(of_scenarios)s) THEN origin_key
                   WHEN origin_kind = '{OriginKind.CAMPAIGN}' THEN '{CAMPAIGN_MARK}' || origin_key
                   ELSE origin_kind END AS source
),
trail AS (
    INSERT INTO {Transition._meta.db_table}
        (order_id, version, at, actor_name, move, from_state, to_state, detail, stage)
    SELECT opened.id, 1, %(now)s, 'system', '{OPENED}', '', state,
           jsonb_strip_nulls(jsonb_build_object('source', source, 'due_minutes', due_minutes, 'rule', r.code)), stage
    FROM opened LEFT JOIN {AllocationRule._meta.db_table} r ON r.id = rule_id
)
INSERT INTO {CustomerGrant._meta.db_table} (customer_id, team_id, order_no)
SELECT customer_id, team_id, order_no FROM opened
"""


def new_numbers(count: int, *, on: date) -> list[tuple[int, str]]:
    """`count` fresh (id, order number) pairs. The number contains the day and nothing about the customer."""
    if not count:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [WorkOrder._meta.db_table, count],
        )
        return [(pk, f"W{on:%y%m%d}-{pk:06d}") for (pk,) in cursor.fetchall()]


def insert_orders(orders: Sequence[NewOrder], *, now: datetime) -> None:
    """Write the orders, queued for the nearest group. The contact gate was asked before, in the same transaction."""
    if not orders:
        return
    columns: dict[str, Any] = {
        one.name: array(getattr(order, one.name) for order in orders) for one in fields(NewOrder)
    }
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, columns | {"now": now, "of_scenarios": [kind.value for kind in OF_SCENARIOS]})
    follow([Changed(order.id, order.type_id, OPENED, "", State.QUEUED) for order in orders], now=now)
