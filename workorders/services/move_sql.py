"""The text of the one statement that moves orders. Only what a move needs is in it: planning costs as much."""

from collections.abc import Sequence

from django.db import models

from customers.models import CustomerGrant
from retention.core.models import AuditEntry
from workorders.models import Transition, WorkOrder

# What comes back. The JSON fields would have to be decoded for every order moved; they are fetched when asked for.
FIELDS = [field.attname for field in WorkOrder._meta.concrete_fields if not isinstance(field, models.JSONField)]
_ORDERS, _GRANTS = WorkOrder._meta.db_table, CustomerGrant._meta.db_table
# The orders that the move may start from; {orders} and {legal} stand for these in a Pick.
LEGAL = "o.state = ANY(%(sources)s)"

# MATERIALIZED: the pick is made once, so a LIMIT inside it cannot claim more rows than it says.
_MOVED = f"""
pick AS MATERIALIZED (%s),
moved AS (
    UPDATE {_ORDERS} o SET %s, version = o.version + 1 FROM pick WHERE o.id = pick.id RETURNING o.*, pick.before
)"""
_TRAIL = f"""
trail AS (
    INSERT INTO {Transition._meta.db_table}
        (order_id, version, at, actor_id, actor_name, move, from_state, to_state, disposition_id, detail)
    SELECT id, version, %(at)s::timestamptz, %(actor)s::bigint, %(actor_name)s::text, %(move)s::text, before, state,
           %(disposition)s::bigint, %(detail)s::jsonb
    FROM moved
)"""
# Who may see the customer follows the order: its group and its agent, as long as it is open.
_GRANTED = f"""
granted AS (
    INSERT INTO {_GRANTS} (customer_id, user_id, team_id, order_no)
    SELECT customer_id, assignee_id, team_id, order_no FROM moved
    ON CONFLICT (order_no) DO UPDATE SET user_id = excluded.user_id, team_id = excluded.team_id
)"""
_ENDED = f"""
ended AS (DELETE FROM {_GRANTS} g USING moved WHERE g.order_no = moved.order_no)"""
_AUDITED = f"""
audited AS (
    INSERT INTO {AuditEntry._meta.db_table} (at, actor_id, actor_name, action, target, detail)
    SELECT %(at)s::timestamptz, %(actor)s::bigint, %(actor_name)s::text, %(action)s::text, 'workorder:' || order_no,
           jsonb_build_object('move', %(move)s::text, 'from', before, 'to', state)
    FROM moved
)"""


def statement(pick: str, sets: Sequence[str], *, stays_open: bool, by_person: bool) -> str:
    """The statement for one move: `pick` is a Pick's query, `sets` its assignments ("state = %(set_state)s")."""
    picked = pick.format(orders=_ORDERS, legal=LEGAL)
    parts = [_MOVED % (picked, ", ".join(sets)), _TRAIL, _GRANTED if stays_open else _ENDED]
    if by_person:
        parts.append(_AUDITED)
    return f"WITH {','.join(parts)}\nSELECT {', '.join(FIELDS)} FROM moved ORDER BY id"
