"""Fifty agents press "next" at once, beside a bare SKIP LOCKED claim on a table of the same orders."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier

from django.db import connection

from bench.database import AGENTS
from bench.measure import beside, percentile
from bench.night import last_day
from customers.facts.models import Subscriber
from retention.core import clock
from retention.core.accounts.models import User
from workorders.order_types.models import OrderType
from workorders.orders.models import WorkOrder
from workorders.orders.origins import OriginKind
from workorders.orders.services.claiming import claim_next
from workorders.orders.services.insertion import NewOrder, insert_orders, new_numbers
from workorders.orders.states import State

MOST_ORDERS = 10_000
AT_MOST_SECONDS = 60
MOST_MS = 100
RAW = """
CREATE TABLE bench_queue AS SELECT id, team_id, state, priority, due_at, expected_gain, assignee_id
    FROM workorders_workorder WHERE state = 'queued';
CREATE INDEX ON bench_queue (team_id, priority, due_at, expected_gain DESC NULLS LAST, id) WHERE state = 'queued';
ALTER TABLE bench_queue ADD PRIMARY KEY (id);
ANALYZE bench_queue
"""
RAW_CLAIM = """
WITH pick AS MATERIALIZED (
    SELECT id FROM bench_queue WHERE team_id = %s AND state = 'queued'
    ORDER BY priority, due_at, expected_gain DESC NULLS LAST, id LIMIT 1 FOR UPDATE SKIP LOCKED
)
UPDATE bench_queue q SET state = 'assigned', assignee_id = %s FROM pick WHERE q.id = pick.id RETURNING q.id
"""
Claim = Callable[[User], int | None]


def run(subscribers: int) -> dict:
    now = clock.now()
    orders = _make_orders(now)
    agents = list(User.objects.filter(role="agent").prefetch_related("teams").order_by("pk")[:AGENTS])
    team = agents[0].teams.get().pk
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS bench_queue; {RAW}")
    raw, _raw_ids, raw_wall = _all_at_once(agents, lambda agent: _raw(agent, team), "bench_queue")
    took, claimed, wall = _all_at_once(agents, lambda agent: _ours(agent, now), "workorders_workorder")
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE bench_queue")
    doubles = len(claimed) - len(set(claimed))
    p95, floor = percentile(took, 95) * 1000, percentile(raw, 95) * 1000
    return beside(
        figure=p95, floor=floor, unit="ms (p95)", floor_is="bare SKIP LOCKED claim",
        goal=f"0 doubles, p95 <= {MOST_MS} ms", reached=doubles == 0 and p95 <= MOST_MS,
        doubles=doubles, orders=orders, claimed=len(claimed), left=_left(), agents=len(agents),
        p50=round(percentile(took, 50) * 1000, 1), floor_p50=round(percentile(raw, 50) * 1000, 1),
        per_second=round(len(claimed) / wall), floor_per_second=round(len(raw) / raw_wall),
    )  # fmt: skip


def _make_orders(now: datetime) -> int:
    """One order for each customer, up to MOST_ORDERS, in the queue of the agents' group."""
    WorkOrder.objects.all().delete()
    lines = Subscriber.objects.filter(status=Subscriber.Status.ACTIVE).order_by("account__customer_id", "pk")
    ids = list(lines.distinct("account__customer_id").values_list("pk", flat=True)[:MOST_ORDERS])
    kind, on = OrderType.objects.current().filter(code="churn_retention").first(), last_day()
    assert kind
    insert_orders(
        [
            NewOrder(
                id=pk,
                order_no=number,
                type_id=kind.pk,
                subscriber_id=line,
                purpose=kind.purpose,
                priority=1 + place % 9,
                origin_kind=OriginKind.SCENARIO.value,
                origin_key="bench",
                evidence="[]",
                expected_gain=None,
                opened_on=on,
                due_minutes=1 + place % 48 * 60,
            )  # fmt: skip
            for place, ((pk, number), line) in enumerate(zip(new_numbers(len(ids), on=on), ids, strict=True))
        ],
        now=now,
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE workorders_workorder")
    return len(ids)


def _all_at_once(agents: list[User], claim: Claim, table: str) -> tuple[list[float], list[int], float]:
    """(seconds of each claim, what was claimed, seconds of all). After each claim the order leaves the agent's desk."""
    start = Barrier(len(agents))
    until = time.monotonic() + AT_MOST_SECONDS
    away = "appointment_at = '2999-01-01', lease_until = NULL, " if table != "bench_queue" else ""

    def work(agent: User) -> list[tuple[float, int]]:
        done = []
        connection.ensure_connection()
        start.wait()
        while time.monotonic() < until:
            begun = time.perf_counter()
            order = claim(agent)
            took = time.perf_counter() - begun
            if order is None:
                break
            done.append((took, order))
            with connection.cursor() as cursor:
                cursor.execute(f"UPDATE {table} SET {away} state = 'waiting' WHERE id = %s", [order])
        connection.close()
        return done

    begun = time.perf_counter()
    with ThreadPoolExecutor(len(agents)) as pool:
        found = [one for done in pool.map(work, agents) for one in done]
    wall = time.perf_counter() - begun
    return [took for took, _ in found], [order for _, order in found], wall


def _ours(agent: User, now: datetime) -> int | None:
    order = claim_next(agent=agent, now=now)
    return order.pk if order else None


def _raw(agent: User, team: int) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(RAW_CLAIM, [team, agent.pk])
        row = cursor.fetchone()
    return row[0] if row else None


def _left() -> int:
    return WorkOrder.objects.filter(state=State.QUEUED).count()
