"""Re-rating a million lines on forty plans, beside plain SQL over a sample of the same lines; their savings must agree.

The simulated mobile lines of private customers are multiplied, with their last three months, in a transaction that is
rolled back.
"""

import os
import time
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from analytics.plan_fit.queries import newest_rated_month, rated_months
from analytics.plan_fit.services import LINES_PER_CHUNK, rate_base
from bench.measure import beside, seconds
from bench.night import last_day
from customers.facts.models import Plan, Subscriber
from customers.tariffs.models import PlanFit
from retention.core.jobs.models import ChunkedRun

COPIES, PLANS = 50, 40
MOST_SECONDS, MOST_LINES = 60, 1_000_000
SAMPLE = 20_000

_COPY_LINES = """
    INSERT INTO customers_subscriber (id, subscriber_no, phone_number, source_version, {columns})
    SELECT {low} + row_number() OVER (), 'bench-' || {low} + row_number() OVER (), phone_number, s.id, {columns}
    FROM customers_subscriber s CROSS JOIN generate_series(1, %(copies)s)
    WHERE s.id < {low} AND s.line_type = 'mobile' AND s.status <> 'terminated' AND s.activated_on <= %(joined)s
      AND s.plan_id IN (SELECT id FROM customers_plan WHERE market = 'consumer' AND NOT is_bundle)
      AND s.account_id IN (SELECT a.id FROM customers_account a JOIN customers_customer c ON c.id = a.customer_id
                           WHERE c.kind = 'individual')
    LIMIT %(lines)s
"""
_COPY_USE = """
    INSERT INTO customers_usagemonth (subscriber_id, month, {columns})
    SELECT s.id, u.month, {u_columns} FROM customers_subscriber s
    JOIN customers_usagemonth u ON u.subscriber_id = s.source_version AND u.month BETWEEN %(first)s AND %(last)s
    WHERE s.id >= {low}
"""
# The best of all plans for each line of the sample, by the same rules in plain SQL, in numbers as exact as a bill.
_BY_SQL = """
    WITH lines AS (
        SELECT s.id, s.plan_id, p.is_bundle, p.is_restricted, p.brand, c.kind <> 'individual' AS firm
        FROM customers_subscriber s JOIN customers_plan p ON p.id = s.plan_id
        JOIN customers_account a ON a.id = s.account_id JOIN customers_customer c ON c.id = a.customer_id
        WHERE s.id BETWEEN %(lo)s AND %(hi)s
    ), costs AS (
        SELECT l.id, p.id = l.plan_id AS present, p.monthly_fee + avg(
            round(greatest(coalesce(u.voice_out_s, 0) - 60 * p.voice_minutes, 0) * p.voice_rate / 60, 2)
            + round((greatest(coalesce(u.data_mb, 0) - p.data_mb, 0))::numeric * p.data_rate, 2)
            + round(greatest(coalesce(u.sms_out, 0) - p.sms_count, 0) * p.sms_rate, 2)) AS cost
        FROM lines l CROSS JOIN unnest(%(months)s::date[]) m(month)
        JOIN customers_plan p ON p.id = l.plan_id OR (p.line_type = 'mobile' AND p.is_bundle = l.is_bundle
            AND (p.on_sale_until IS NULL OR p.on_sale_until >= %(as_of)s)
            AND (NOT p.is_restricted OR (l.is_restricted AND p.brand = l.brand))
            AND p.market = ANY(CASE WHEN l.firm THEN ARRAY['business', 'all'] ELSE ARRAY['consumer', 'all'] END))
        LEFT JOIN customers_usagemonth u ON u.subscriber_id = l.id AND u.month = m.month
        GROUP BY l.id, p.id, p.monthly_fee, l.plan_id
    )
    SELECT count(*), sum(greatest(present - best, 0)) FILTER (WHERE round(present - best, 6) >= 1) FROM (
        SELECT id, min(cost) FILTER (WHERE present) AS present, min(cost) AS best FROM costs GROUP BY id
    ) found
"""


def run(subscribers: int) -> dict:
    as_of = last_day()
    last = newest_rated_month(as_of)
    assert last, "no use has been simulated"
    with transaction.atomic():
        low, lines = _multiply(rated_months(last), min(subscribers * COPIES, MOST_LINES))
        used = _processor_seconds()
        first = seconds(lambda: rate_base(as_of=as_of))
        used = _processor_seconds() - used
        changed = PlanFit.objects.count()
        again = seconds(lambda: rate_base(as_of=as_of))
        by_sql, sampled, differs = _floor(as_of, low, rated_months(last))
        ChunkedRun.objects.filter(kind="plan_fit").delete()
        transaction.set_rollback(True)
    goal = MOST_SECONDS * lines / MOST_LINES
    return beside(
        figure=first, floor=by_sql * lines / sampled, unit="s", floor_is=f"plain SQL on {sampled:,} lines, scaled up",
        goal=f"<= {goal:.0f} s ({MOST_SECONDS} s a million lines)", reached=first <= goal and abs(differs) < 1,
        lines=lines, plans=PLANS, rated=changed, processor_seconds=round(used, 1),
        lines_per_second=round(lines / first), again_nothing_new=round(again, 2),
        savings_differ_by_yuan=round(differs, 2), chunk=LINES_PER_CHUNK,
    )  # fmt: skip


def _processor_seconds() -> float:
    """Used by this process and the server process of its connection: what the work costs on a shared machine.

    Without the second where the server is not on this machine.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        stat = Path(f"/proc/{cursor.fetchone()[0]}/stat")
    if not stat.exists() or "postgres" not in stat.read_text():
        return time.process_time()
    ticks = stat.read_text().rsplit(")", 1)[1].split()[11:13]
    return time.process_time() + sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


def _multiply(months: list[date], lines: int) -> tuple[int, int]:
    """(first id, number) of the lines made; the catalogue then sells PLANS plans to private customers."""
    sold = Plan.objects.filter(line_type="mobile", market="consumer", is_bundle=False, is_restricted=False)
    for place in range(sold.filter(on_sale_until=None).count(), PLANS):
        Plan.objects.create(
            code=f"bench-{place}", name=f"Bench {place}", line_type="mobile", monthly_fee=Decimal(10 + 7 * place),
            voice_minutes=37 * place, data_mb=1_100 * place, sms_count=5 * place, voice_rate=Decimal("0.15"),
            data_rate=Decimal("0.0029"), sms_rate=Decimal("0.1"),
        )  # fmt: skip
    low = Subscriber.objects.order_by("-pk").values_list("pk", flat=True)[0] + 1
    own = {"id", "subscriber_no", "phone_number", "source_version"}
    columns = ", ".join(str(f.column) for f in Subscriber._meta.local_concrete_fields if f.column not in own)
    # Fewer than half of the lines are of this kind.
    params: dict[str, Any] = {"copies": COPIES * 4, "joined": months[0], "lines": lines}
    params |= {"first": months[0], "last": months[-1]}
    with connection.cursor() as cursor:
        cursor.execute(_COPY_LINES.format(columns=columns, low=low), params)
        made = cursor.rowcount
        use = _use_columns()
        cursor.execute(_COPY_USE.format(columns=use, u_columns=use, low=low), params)
        cursor.execute("ANALYZE customers_subscriber, customers_usagemonth, customers_plan")
    return low, made


def _use_columns() -> str:
    return (
        "voice_out_s, voice_in_s, calls_out, calls_in, sms_out, data_mb, roaming_s, forwarded_own,"
        " forwarded_rival, rival_hotline_calls, distinct_contacts, dropped_calls, rolled_up"
    )


def _floor(as_of: date, low: int, months: list[date]) -> tuple[float, int, float]:
    """(seconds of the SQL, lines, yuan a month by which the sums of the savings differ)."""
    high = low + SAMPLE - 1
    found: list[tuple[int, Decimal | None]] = []

    def by_sql() -> None:
        with connection.cursor() as cursor:
            cursor.execute(_BY_SQL, {"lo": low, "hi": high, "months": months, "as_of": as_of})
            found.append(cursor.fetchone())

    took = seconds(by_sql)
    ours = PlanFit.objects.filter(subscriber_id__gte=low, subscriber_id__lte=high).values_list("saving", flat=True)
    lines, theirs = found[0]
    return took, lines, float(sum(saving or 0 for saving in ours) - (theirs or 0))
