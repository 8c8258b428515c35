"""Circles of a million lines with ten million ties, beside plain work on the same ties.

Lines, numbers and ties are made in a transaction that is rolled back: households of one to four lines that call each
other, friends who do so less, and strangers at home and on other networks.
"""

import resource
from datetime import date

import numpy as np
import pyarrow as pa
from django.db import connection, transaction
from django.db.models import Count

from bench.measure import beside, seconds
from bench.night import last_day
from customers.circles.models import Circle
from customers.circles.queries import calling_month, params_of
from customers.circles.services import CirclesReport, record_circles
from customers.facts.models import Subscriber
from retention.core.db.copy import copy_in, copy_out

COPIES, TIES_A_LINE = 50, 10
MOST_SECONDS, MOST_LINES = 120, 1_000_000
_COPY_LINES = """
    WITH made AS (
        INSERT INTO customers_customer (customer_no, kind, name, gender, branch_id, tier, service_level, contact_phone,
                                        email, language, profiling_opt_out)
        SELECT 'bench-' || n, 'individual', 'Bench', '', (SELECT min(branch_id) FROM customers_subscriber), 'none', '',
               '', '', '', false
        FROM generate_series(1, %(lines)s) n RETURNING id, customer_no
    ), accounts AS (
        INSERT INTO customers_account (account_no, customer_id, pay_mode)
        SELECT customer_no, id, 'postpaid' FROM made RETURNING id, account_no
    )
    INSERT INTO customers_subscriber (id, subscriber_no, account_id, phone_number, line_type, plan_id, branch_id,
        channel, activated_on, status, status_reason, termination_reason, promotion_code, bundle_no, number_hash)
    SELECT %(low)s + substr(account_no, 7)::bigint, account_no, id, account_no, 'mobile',
           (SELECT min(plan_id) FROM customers_subscriber), (SELECT min(branch_id) FROM customers_subscriber), 'hall',
           %(joined)s, 'active', '', '', '', '', md5(account_no)
    FROM accounts
"""
_FLOOR = """
    SELECT t.subscriber_id, s.id, t.calls
    FROM customers_tie t JOIN customers_subscriber s ON s.number_hash = t.other_hash
    WHERE t.month = %(month)s AND s.number_hash <> ''
"""


def run(subscribers: int) -> dict:
    as_of = last_day()
    month = calling_month(as_of)
    lines = min(subscribers * COPIES, MOST_LINES)
    reports: list[CirclesReport] = []
    with transaction.atomic():
        ties = _make(lines, month)
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL work_mem = '256MB'")
        floor = seconds(lambda: copy_out(_FLOOR, params_of(as_of=as_of, month=month)))
        before = _most_memory()
        first = seconds(lambda: reports.append(record_circles(as_of=as_of)))
        peak = _most_memory()
        again = seconds(lambda: reports.append(record_circles(as_of=as_of)))
        sizes = dict(Circle.objects.standing().values_list("kind").annotate(Count("pk")))
        transaction.set_rollback(True)
    goal = MOST_SECONDS * lines / MOST_LINES
    return beside(
        figure=first, floor=floor, unit="s", floor_is="the own numbers among the same ties read out, nothing found",
        goal=f"<= {goal:.0f} s ({MOST_SECONDS} s a million lines)", reached=first <= goal and not reports[1].rows,
        lines=lines, ties=ties, circles=reports[0].circles, kinds=sizes, again_nothing_new=round(again, 2),
        memory_mb_before=before, memory_mb_peak=peak,
    )  # fmt: skip


def _most_memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _make(lines: int, month: date) -> int:
    """So many lines of customers of their own, and their ties of the month. Returns the number of ties."""
    low = Subscriber.objects.order_by("-pk").values_list("pk", flat=True)[0]
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM customers_tie WHERE month = %s", [month])
        cursor.execute(_COPY_LINES, {"lines": lines, "low": low, "joined": month.replace(year=month.year - 2)})
        ties = _ties(lines)
        cursor.execute("CREATE TEMP TABLE bench_ties (line int, other int, calls int, rival bool) ON COMMIT DROP")
        copy_in(cursor, "bench_ties", ties)
        cursor.execute(
            "INSERT INTO customers_tie (subscriber_id, month, other_hash, calls, minutes, network)"
            " SELECT %s + line, %s, md5('bench-' || other), calls, calls * 2,"
            " CASE WHEN rival THEN 'rival' ELSE 'own' END"
            " FROM bench_ties",
            [low, month],
        )
        cursor.execute("ANALYZE customers_tie, customers_subscriber, customers_account, customers_customer")
    return ties.num_rows


def _ties(lines: int) -> pa.Table:
    """TIES_A_LINE a line: its household (20 to 40 calls), two friends who call back (6 to 12), strangers."""
    rng = np.random.default_rng(11)
    line = np.repeat(np.arange(lines), TIES_A_LINE)
    rank = np.tile(np.arange(TIES_A_LINE), lines)
    home = np.repeat(np.arange(lines), rng.integers(1, 5, lines))[:lines]
    first = np.searchsorted(home, home)
    size = np.bincount(home, minlength=home[-1] + 1)[home]
    at_home = rank < size[line] - 1
    member = first[line] + (line - first[line] + 1 + rank) % size[line]
    # Friends sit a fixed step apart, so that both sides name each other.
    step = np.where(rank == TIES_A_LINE - 1, 1_009, -1_009)
    friend = (line + step) % lines
    is_friend = (rank >= TIES_A_LINE - 2) & ~at_home
    stranger = rng.integers(0, 2 * lines, len(line))
    other = np.where(at_home, member, np.where(is_friend, friend, stranger))
    calls = np.where(at_home, rng.integers(20, 41, len(line)), np.where(is_friend, rng.integers(6, 13, len(line)), 0))
    calls = np.where(calls == 0, rng.integers(1, 10, len(line)), calls)
    _key, kept = np.unique(line * np.int64(2 * lines) + other, return_index=True)
    rival = other >= lines
    columns = {"line": line + 1, "other": other + 1, "calls": calls, "rival": rival}
    return pa.table({name: column[kept] for name, column in columns.items()})
