"""Which order "next" gives an agent: the statement that finds it, for taking it and for a look at it beforehand."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from retention.core import clock
from retention.core.accounts.models import User
from workorders.allocation.matching import DAILY_CAP, IS_ABSENT, RULES_FOR_AGENT, STANDS_FOR
from workorders.order_types.models import OrderType
from workorders.orders.models import CLAIM_ORDER_SQL, Transition, WorkOrder
from workorders.orders.queries import skips_of_day
from workorders.orders.stage_access import barred_stages, workable_by
from workorders.orders.states import MOVES, State

# First the agent's own orders: due appointments, then assigned ones; then the best of the queues: of the agent's
# groups, of the rules that the agent fits, of the owners that the agent is or stands for. Nothing while an order is on
# the desk or the agent is absent, and none of the queues once the cap of the day is reached. One LATERAL a queue: each
# reads the head of an index and stops, so that what is reserved for others is never passed over.
_HEAD = "SELECT o.id, o.state AS before, o.priority, o.due_at, o.expected_gain FROM {orders} o"
_READY = (
    "o.state = 'queued' AND (o.not_before IS NULL OR o.not_before <= %(at)s) {of_stage}\n"
    f"          AND NOT EXISTS (SELECT 1 FROM {Transition._meta.db_table} s WHERE s.order_id = o.id\n"
    "                          AND s.move = 'skip' AND s.actor_id = %(agent)s AND s.at >= %(midnight)s)\n"
    f"        ORDER BY {CLAIM_ORDER_SQL} LIMIT 1 FOR UPDATE SKIP LOCKED"
)
# Orders that the agent has taken from a queue today; what was promised or given does not count.
TAKEN_TODAY = f"""(
    SELECT count(*) FROM {Transition._meta.db_table} x
    WHERE x.actor_id = %(agent)s AND x.at >= %(midnight)s AND x.move = 'claim' AND x.from_state = 'queued')"""
_LOCK, _ORDERS = "FOR UPDATE SKIP LOCKED", WorkOrder._meta.db_table
_NEXT = f"""
WITH free AS MATERIALIZED (
    SELECT 1 WHERE NOT {IS_ABSENT}{{free_desk}}
),
own AS MATERIALIZED (
    SELECT o.id, o.state AS before FROM {{orders}} o
    WHERE o.assignee_id = %(agent)s AND {{legal}} AND EXISTS (SELECT 1 FROM free)
      AND (o.state = 'assigned' AND (o.not_before IS NULL OR o.not_before <= %(at)s)
           OR o.state = 'waiting' AND o.appointment_at <= %(at)s) {{of_stage}}
    ORDER BY appointment_at NULLS LAST, {CLAIM_ORDER_SQL}
    LIMIT 1 FOR UPDATE SKIP LOCKED
),
asks AS MATERIALIZED (
    SELECT 1 WHERE EXISTS (SELECT 1 FROM free) AND NOT EXISTS (SELECT 1 FROM own)
      AND CASE WHEN {DAILY_CAP} IS NULL THEN true ELSE {TAKEN_TODAY} < {DAILY_CAP} END
),
mine AS MATERIALIZED (
    SELECT t.team_id FROM {User.teams.through._meta.db_table} t
    WHERE t.user_id = %(agent)s AND EXISTS (SELECT 1 FROM asks)
),
queue AS MATERIALIZED (
    SELECT head.* FROM mine CROSS JOIN LATERAL (
        {_HEAD} WHERE o.team_id = mine.team_id AND o.reserved_until IS NULL AND {_READY}
    ) head
),
reserved AS MATERIALIZED (
    SELECT head.* FROM ({RULES_FOR_AGENT}) fits CROSS JOIN mine CROSS JOIN LATERAL (
        {_HEAD} WHERE o.rule_id = fits.id AND o.team_id = mine.team_id
          AND o.reserved_until IS NOT NULL AND o.reserved_for_id IS NULL AND {_READY}
    ) head
),
owned AS MATERIALIZED (
    SELECT head.* FROM ({STANDS_FOR}) person CROSS JOIN LATERAL (
        {_HEAD} WHERE o.reserved_for_id = person.id AND o.reserved_until IS NOT NULL AND {_READY}
    ) head WHERE EXISTS (SELECT 1 FROM asks)
)
SELECT id, before FROM own
UNION ALL
(SELECT id, before FROM (SELECT * FROM queue UNION ALL SELECT * FROM reserved UNION ALL SELECT * FROM owned) heads
 ORDER BY {CLAIM_ORDER_SQL} LIMIT 1)
"""
_FREE_DESK = f"""
      AND NOT EXISTS (SELECT 1 FROM {_ORDERS} o WHERE o.assignee_id = %(agent)s AND o.lease_until IS NOT NULL)"""
# As shipped no type has a stage that is barred to anybody. The statement itself asks, and else finds nothing: one
# question more before every claim would cost a fifth of it.
_NONE_GUARDED = f"\n      AND NOT EXISTS (SELECT 1 FROM {OrderType._meta.db_table} WHERE guarded)"
# For people for whom some stages are barred.
_OF_STAGE = """AND (o.type_id, o.stage, o.state) NOT IN (
    SELECT * FROM unnest(%(barred_types)s::bigint[], %(barred_stages)s::text[], %(barred_states)s::text[]))"""

_CHOSEN = "o.id = %(chosen)s::bigint"
_CLAIM = _NEXT.replace("{free_desk}", _FREE_DESK)
_CLAIM_UNGUARDED = _NEXT.replace("{free_desk}", _FREE_DESK + _NONE_GUARDED).replace("{of_stage}", "")


def next_statements(agent: User, *, now: datetime) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Statements that find the agent's next order and lock it, with parameters and the name to prepare each under; the
    second is for when the first has found nothing.

    They select id and state (`before`); {orders} and {legal} are filled in by who runs them, see transitions.Pick.
    """
    yield _CLAIM_UNGUARDED, _given(agent, now), "claim_next_order"
    if OrderType.objects.guarded().exists():
        condition, barred = _barred(agent)
        name = "claim_next_of_stages" if condition else "claim_next_of_all"
        yield _CLAIM.replace("{of_stage}", condition), _given(agent, now) | barred, name


def look_ahead(agent: User, *, now: datetime, passed: Sequence[int] = ()) -> WorkOrder | None:
    """The order that "next" would give the agent with an empty desk; nothing is locked or written.

    passed: orders that are out of the question, such as the one on the desk.
    """
    found = _look(agent, "o.id <> ALL(%(passed)s::bigint[])", {"passed": list(passed)}, now)
    return None if found is None else WorkOrder.objects.for_preview().get(pk=found)


def chosen_statement(order: WorkOrder, agent: User, *, now: datetime) -> tuple[str, dict[str, Any]]:
    """As next_statements, of this order alone, whatever else waits: nothing where "next" would never give it now."""
    condition, barred = _barred(agent)
    text = _CLAIM.replace("{of_stage}", f"{condition} AND {_CHOSEN}")
    return text, _given(agent, now) | barred | {"chosen": order.pk}


def may_claim(order: WorkOrder, agent: User, *, now: datetime) -> bool:
    """Whether the agent, with an empty desk, may take this order out of its queue; nothing is locked or written."""
    return _look(agent, _CHOSEN, {"chosen": order.pk}, now) is not None


def _look(agent: User, condition: str, given: dict[str, Any], now: datetime) -> int | None:
    """The order that "next" would give an empty desk of those that meet a condition; nothing is locked."""
    of_stage, barred = _barred(agent)
    given = _given(agent, now) | barred | given | {"sources": sorted(MOVES["claim"].sources)}
    text = _NEXT.replace(_LOCK, "").replace("{free_desk}", "").replace("{of_stage}", f"{of_stage} AND {condition}")
    with connection.cursor() as cursor:
        cursor.execute(text.format(orders=_ORDERS, legal="o.state = ANY(%(sources)s)"), given)
        row = cursor.fetchone()
    return row[0] if row else None


def _given(agent: User, now: datetime) -> dict[str, Any]:
    return {"agent": agent.pk, "at": now} | day_of(now)


def _barred(agent: User) -> tuple[str, dict[str, Any]]:
    """The condition of the stages barred to the agent, "" without any, and its parameters."""
    barred = barred_stages(agent)
    if not barred:
        return "", {}
    types, stages, states = (list(column) for column in zip(*barred, strict=True))
    return _OF_STAGE, {"barred_types": types, "barred_stages": stages, "barred_states": states}


def day_of(now: datetime) -> dict[str, Any]:
    """What the statements about an agent's day are given: the operator's day, and when it began."""
    today = timezone.localdate(now)
    return {"today": today, "midnight": clock.midnight(today)}


def count_queued_for(agent: User, *, now: datetime) -> int:
    """Orders of the agent's groups that could come to the agent now."""
    ready = Q(not_before=None) | Q(not_before__lte=now)
    queued = WorkOrder.objects.filter(ready, team__in=agent.teams.values("pk"), state=State.QUEUED)
    queued = workable_by(queued, agent)
    return queued.exclude(pk__in=skips_of_day(agent, day=timezone.localtime(now).date()).values("order")).count()
