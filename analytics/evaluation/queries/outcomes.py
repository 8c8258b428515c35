"""Leaving, acceptance and spend of both arms."""

from datetime import date

import numpy as np

from analytics.evaluation.queries.members import VERDICT_DAYS, WINDOWS, Followed
from analytics.evaluation.rules.adjustment import Moments
from analytics.evaluation.rules.arms import Arm
from campaigns.offers.models import Decision
from customers.facts.models import Account, Bill, Payment, Subscriber
from customers.profile.queries.windows import BILL_LAG, last_complete_month, months_before, newest_month

Pair = tuple[Arm, Arm]  # treated, control
_LEFT = """
WITH {followed}
SELECT w.days, treated, count(*), count(*) FILTER (WHERE left_after <= w.days)
FROM followed JOIN unnest(%(windows)s::int[]) w(days) ON "on" + w.days <= %(known)s
GROUP BY w.days, treated
"""
_ACCEPTED = f"""
WITH {{followed}}, took AS (
    SELECT f.id, min((d.accepted_at AT TIME ZONE %(zone)s)::date - f."on") AS after
    FROM followed f JOIN {Decision._meta.db_table} d ON d.subscriber_id = f.subscriber_id
    WHERE d.accepted_at >= f."on"::timestamp AT TIME ZONE %(zone)s
    GROUP BY f.id
)
SELECT w.days, f.treated, count(*), count(*) FILTER (WHERE t.after <= w.days)
FROM followed f LEFT JOIN took t USING (id)
JOIN unnest(%(windows)s::int[]) w(days) ON f."on" + w.days <= %(known)s
GROUP BY w.days, f.treated
"""
_BY_DAY = """
WITH {followed}
SELECT "on", treated, count(*), 0 FROM followed GROUP BY "on", treated
UNION ALL
SELECT "on" + left_after, treated, 0, count(*) FROM followed WHERE left_after <= %(most)s GROUP BY 1, treated
"""
# Months that are over and whose bills have come; a line that left pays nothing. A prepaid line without bills pays its
# part of what its account was topped up with.
_SPEND = f"""
WITH {{followed}}, paid AS (
    SELECT f.treated, coalesce(f.arpu, 0)::float8 AS before, w.months,
           coalesce(b.total, CASE WHEN coalesce(s.terminated_on >= m.first, true) THEN t.total END, 0)::float8 AS total
    FROM followed f
    JOIN {Subscriber._meta.db_table} s ON s.id = f.subscriber_id
    JOIN {Account._meta.db_table} a ON a.id = s.account_id
    CROSS JOIN LATERAL (SELECT (date_trunc('month', f."on") + interval '1 month')::date AS first) m
    JOIN unnest(%(months)s::int[]) w(months) ON m.first + make_interval(months => w.months) <= %(billed_until)s::date
    LEFT JOIN LATERAL (
        SELECT sum(greatest(b.total, 0)) AS total FROM {Bill._meta.db_table} b
        WHERE b.subscriber_id = f.subscriber_id AND b.month >= m.first
          AND b.month < m.first + make_interval(months => w.months)
    ) b ON true
    LEFT JOIN LATERAL (
        SELECT sum(p.amount) / (SELECT count(*) FROM {Subscriber._meta.db_table} q WHERE q.account_id = a.id) AS total
        FROM {Payment._meta.db_table} p
        WHERE a.pay_mode = 'prepaid' AND p.account_id = a.id
          AND p.paid_at >= m.first::timestamp AT TIME ZONE %(zone)s
          AND p.paid_at < (m.first + make_interval(months => w.months)) AT TIME ZONE %(zone)s
    ) t ON true
)
SELECT months, treated, count(*), avg(total), coalesce(var_samp(total), 0), avg(before), coalesce(var_samp(before), 0),
       coalesce(covar_samp(total, before), 0)
FROM paid GROUP BY months, treated
"""


def left_by_window(seen: Followed) -> dict[int, Pair]:
    """Leaving by choice within each window, of members known for so long."""
    return _pairs(seen.rows(_LEFT, windows=list(WINDOWS)))


def accepted_by_window(seen: Followed) -> dict[int, Pair]:
    """Members whose line took an offer, over whatever channel, within each window."""
    return _pairs(seen.rows(_ACCEPTED, windows=list(WINDOWS)))


def _pairs(rows: list[tuple]) -> dict[int, Pair]:
    found = {(days, treated): Arm(members, events) for days, treated, members, events in rows}
    return {days: (found.get((days, True), Arm()), found.get((days, False), Arm())) for days in WINDOWS}


def arms_by_day(seen: Followed) -> list[tuple[date, Arm, Arm]]:
    """(day, treated, control) of each day on which something changed: members whose wave has begun, and of these those
    who have left by choice within the days of the verdict. What was known then, as it is known now.
    """
    changes: dict[date, list[int]] = {}
    for day, treated, members, left in seen.rows(_BY_DAY, most=VERDICT_DAYS):
        row = changes.setdefault(day, [0, 0, 0, 0])
        place = 0 if treated else 2
        row[place] += members
        row[place + 1] += left
    days = sorted(changes)
    totals = np.cumsum([changes[day] for day in days], axis=0).tolist() if days else []
    return [(day, Arm(n, left), Arm(m, alone)) for day, (n, left, m, alone) in zip(days, totals, strict=True)]


def spend_by_months(seen: Followed) -> dict[int, dict[bool, Moments]]:
    """{whole months after the one of the beginning: {treated: spend with that of before}}, of months whose bills have
    come.
    """
    billed = newest_month(Bill, last_complete_month(seen.known - BILL_LAG))
    billed_until = months_before(billed, -1) if billed else None
    months = [days // 30 for days in WINDOWS]
    found: dict[int, dict[bool, Moments]] = {count: {} for count in months}
    for count, treated, *figures in seen.rows(_SPEND, months=months, billed_until=billed_until):
        found[count][treated] = Moments(figures[0], *map(float, figures[1:]))
    return found
