"""Two workers reckon the clocks of all open orders anew after a calendar has changed, beside one bare pass over their
trails.

The orders are of customers made for them: a working day of trails, four lines each, every tenth with an appointment.
"""

from datetime import timedelta
from functools import partial
from typing import Any

from django.db import connection

from bench.measure import beside, seconds
from bench.night import last_day
from bench.workers import WORKERS, together
from customers.facts.models import Customer, Subscriber
from retention.core import clock
from retention.core.accounts.models import Team, User
from retention.core.accounts.roles import Role
from retention.core.jobs.models import ChunkedRun
from workorders.clocks.models import OrderClock, WorkCalendar
from workorders.clocks.services.recomputing import reckon_stale
from workorders.order_types.models import Disposition, OrderType
from workorders.orders.models import Transition, WorkOrder

MOST_ORDERS, MOST_SECONDS = 200_000, 20
CLOCKS = [
    {"kind": "accept", "minutes": 60, "calendar": "working"},
    {"kind": "attempt", "minutes": 240, "calendar": "working"},
    {"kind": "close", "minutes": 1440, "calendar": "working", "pauses_in": ["waiting"]},
]
CUSTOMER = "bench-clock-"
# One order a customer, all on one line: what the line is does not matter to a clock.
_MAKE_ORDERS = f"""
INSERT INTO {WorkOrder._meta.db_table}
    (order_no, type_id, subscriber_id, customer_id, branch_id, team_id, state, priority, purpose, origin_kind,
     origin_key, evidence, opened_on, opened_at, due_at, attempts, answers, version, appointment_at, assignee_id)
SELECT 'C' || c.id, %(type)s, %(line)s, c.id, c.branch_id, %(team)s,
       CASE WHEN c.id %% 10 = 0 THEN 'waiting' ELSE 'queued' END, 5, 'care', 'scenario', 'bench', '[]', %(on)s, o.at,
       o.at + interval '3 days', 1, '{{}}', 4,
       CASE WHEN c.id %% 10 = 0 THEN o.at + interval '2 days' END, CASE WHEN c.id %% 10 = 0 THEN %(agent)s END
FROM {Customer._meta.db_table} c, LATERAL (SELECT %(now)s::timestamptz - c.id %% 1440 * interval '1 minute' AS at) o
WHERE c.customer_no LIKE '{CUSTOMER}%%'
"""
_MAKE_TRAILS = f"""
INSERT INTO {Transition._meta.db_table}
    (order_id, version, at, actor_name, move, from_state, to_state, disposition_id, detail)
SELECT o.id, t.version, o.opened_at + t.minutes * interval '1 minute', 'bench', t.move, '', t.state,
       CASE WHEN t.contact THEN %(disposition)s END,
       CASE WHEN t.move = 'open' THEN jsonb_build_object('source', 'bench', 'due_minutes', 1440)
            WHEN t.move = 'schedule' THEN jsonb_build_object('appointment_at', o.appointment_at) ELSE '{{}}' END
FROM {WorkOrder._meta.db_table} o
JOIN (VALUES (1, 0, 'open', 'queued', false, NULL), (2, 200, 'claim', 'assigned', false, NULL),
             (3, 202, 'start', 'in_progress', false, NULL), (4, 210, 'retry', 'queued', true, false),
             (4, 210, 'schedule', 'waiting', true, true)) AS t(version, minutes, move, state, contact, waits)
    ON t.waits IS NULL OR t.waits = (o.state = 'waiting')
"""


def run(subscribers: int) -> dict:
    orders = min(subscribers, MOST_ORDERS)
    _make_orders(orders)
    reckoning = partial(reckon_stale, now=clock.now())
    first = seconds(lambda: together(reckoning))
    row = WorkCalendar.objects.get(code="bench")
    row.hours, row.version = ["08:30-12:00, 13:30-17:30"] * 5 + ["", ""], row.version + 1
    row.save()
    reckoned = 0

    def again() -> None:
        nonlocal reckoned
        reckoned = max(together(reckoning))

    took = seconds(again)
    left = seconds(reckoning)  # nothing is stale any more
    floor = seconds(_floor)
    rate = reckoned / took
    return beside(
        figure=took, floor=floor, unit="s", floor_is="reading the trails in order",
        goal=f"{MOST_ORDERS:,} orders <= {MOST_SECONDS} s", reached=rate >= MOST_ORDERS / MOST_SECONDS,
        workers=WORKERS, orders=reckoned, per_second=round(rate), extrapolated=round(MOST_ORDERS / rate, 1),
        first_time=round(first, 2), nothing_stale=round(left, 2), clocks=OrderClock.objects.count(),
    )  # fmt: skip


def _make_orders(count: int) -> None:
    ChunkedRun.objects.filter(kind="order_clocks").delete()
    WorkOrder.objects.all().delete()
    OrderType.objects.filter(code="bench").delete()
    WorkCalendar.objects.filter(code="bench").delete()
    line = Subscriber.objects.select_related("account__customer").order_by("pk").first()
    agent = User.objects.filter(role=Role.AGENT).first()
    assert line and agent
    like = line.account.customer
    missing = count - Customer.objects.filter(customer_no__startswith=CUSTOMER).count()
    made = (
        Customer(customer_no=f"{CUSTOMER}{missing}-{place}", kind=like.kind, name="bench", branch=like.branch)
        for place in range(missing)
    )
    Customer.objects.bulk_create(made, batch_size=5_000)
    kind = OrderType.objects.create(code="bench", name="bench", purpose="care", due_hours=24, clocks=CLOCKS)
    WorkCalendar.objects.create(code="bench", name="bench", holidays="CN", enabled=True)
    params: dict[str, Any] = {
        "type": kind.pk, "line": line.pk, "team": Team.objects.values_list("pk", flat=True)[0], "agent": agent.pk,
        "on": last_day(), "now": clock.now() - timedelta(days=1),
        "disposition": Disposition.objects.values_list("pk", flat=True).get(code="no_answer"),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_MAKE_ORDERS, params)
        cursor.execute(_MAKE_TRAILS, params)
        for table in (WorkOrder, Transition):
            cursor.execute(f"ANALYZE {table._meta.db_table}")


def _floor() -> None:
    """The trails, in order, into Python: what any reckoning has to read."""
    with connection.cursor() as cursor:
        columns = "order_id, at, move, to_state, detail"
        cursor.execute(f"SELECT {columns} FROM {Transition._meta.db_table} ORDER BY order_id, version")
        cursor.fetchall()
