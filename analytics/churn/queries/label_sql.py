"""The outcome of every line of a snapshot, set-based, from facts: one pass for each outcome, into a temporary table.

The first test that holds names the outcome: lines that must not be judged come first, then those that left inside
the gap, then ends that are no churn, then churn itself. Months whose facts have not arrived yield no label: missing
usage must not look like silence, nor missing top-ups like none.

A prepaid line has left silently when it was neither used nor topped up: no use in the last whole month of the outcome
window and no top-up from its first day to the end of the window. Spend is the bills, or the top-ups of lines that are
not billed (`customers.fields.spend`)."""

from datetime import date, timedelta
from itertools import pairwise

from django.conf import settings
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from analytics.churn.models import CHURNED, Meaning, OutcomeStatus
from analytics.churn.queries.definitions import Outcome
from customers.facts.models import Account, Bill, Customer, Payment, Plan, StatusEvent, Subscriber, UsageMonth
from customers.fields.choices import VOLUNTARY_REASONS
from customers.fields.spend import given_up_sql, topups_cte
from customers.profile.models import ProfileSnapshot
from customers.profile.queries import point_in_time
from customers.profile.queries.windows import ARRIVED_SHARE, is_far_short, months_before, payment_counts
from retention.core import clock
from retention.core.db.temporary_tables import SESSION, TemporaryTable

USAGE, BILLS, PAYMENTS, SNAPSHOTS = (model._meta.db_table for model in (UsageMonth, Bill, Payment, ProfileSnapshot))
LINES, ACCOUNTS, CUSTOMERS = (model._meta.db_table for model in (Subscriber, Account, Customer))
PLANS, EVENTS = Plan._meta.db_table, StatusEvent._meta.db_table


def facts_available(*, snapshot: date, outcome: Outcome) -> bool:
    """Usage (for spend: bills or top-ups) of every month of the observation and of those that the label needs."""
    month = snapshot.replace(day=1)
    observed = _months(outcome.first_observed(snapshot), month)
    if outcome.meaning == Meaning.SPENDS_LESS:
        return _arrived(BILLS, observed, _spend_months(snapshot, outcome)) or bool(_topup_months(snapshot, outcome))
    if outcome.meaning == Meaning.FALLS:
        return _arrived(USAGE, observed, [])
    silent = outcome.silent_month(snapshot)
    return _arrived(USAGE, observed, [silent]) and _topups_arrived([months_before(silent, 1), silent])


def _spend_months(snapshot: date, outcome: Outcome) -> list[date]:
    """The months after the gap of which the spend is compared with that of the months observed."""
    first = outcome.first_bill(snapshot)
    return _months(first, months_before(first, 1 - outcome.bills))


def _topup_months(snapshot: date, outcome: Outcome) -> list[date]:
    """The months compared if the top-ups of all of them have arrived, else none."""
    observed = _months(outcome.first_observed(snapshot), snapshot.replace(day=1))
    months = [*observed, *_spend_months(snapshot, outcome)]
    sent = payment_counts(months[0], months[0], prepaid_only=True)
    return months if sent and _topups_arrived(months) else []


def _topups_arrived(months: list[date]) -> bool:
    """Of each month but the first nearly as many as of the one before it; so they have where none are ever sent."""
    counts = payment_counts(months[0], months[-1], prepaid_only=True)
    return not any(is_far_short(counts.get(now, 0), counts.get(before, 0)) for before, now in pairwise(months))


def types_in_use(*, snapshot: date, outcome: Outcome) -> list[str]:
    """The line types with any line in use on the snapshot and any in the month in which silence is measured."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT t.line_type FROM (SELECT DISTINCT line_type FROM {SNAPSHOTS}"
            f" WHERE as_of = %(snapshot)s AND NOT silent) t WHERE EXISTS (SELECT FROM {USAGE} u"
            f" JOIN {SNAPSHOTS} p ON p.subscriber_id = u.subscriber_id AND p.as_of = %(snapshot)s"
            " WHERE u.month = %(month)s AND p.line_type = t.line_type"
            " AND (u.calls_out + u.calls_in > 0 OR u.data_mb > 0))",
            {"snapshot": snapshot, "month": outcome.silent_month(snapshot)},
        )
        return [line_type for (line_type,) in cursor.fetchall()]


def _months(first: date, last: date) -> list[date]:
    found = []
    while first <= last:
        found.append(first)
        first = months_before(first, -1)
    return found


def _arrived(table: str, observed: list[date], needed: list[date]) -> bool:
    """Any row of each observed month, and of each needed one nearly as many as of the last observed one."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT m.month::date FROM unnest(%s::date[]) AS m(month),"
            f" LATERAL (SELECT FROM {table} f WHERE f.month = m.month LIMIT 1) AS hit",
            [observed],
        )
        if len(cursor.fetchall()) < len(observed):
            return False
        if not needed:
            return True
        cursor.execute(
            f"SELECT month, count(*) FROM {table} WHERE month = ANY(%s::date[]) GROUP BY 1",
            [[observed[-1], *needed]],
        )
        rows = dict(cursor.fetchall())
    return all(rows.get(month, 0) >= ARRIVED_SHARE * rows[observed[-1]] for month in needed)


# Filled in one transaction and read after it.
OUTCOMES_TABLE = TemporaryTable(
    "outcome_fates",
    {"subscriber_id": "bigint", "line_type": "text", "cohort": "text", "fate": "text"},
    on_commit=SESSION,
)
PLAN_BEFORE, PLAN_AFTER = (
    TemporaryTable(name, {"subscriber_id": "bigint", "plan_id": "bigint"}) for name in ("plan_before", "plan_after")
)
PROMOTION_DAYS = 92
FROM = f"""
    FROM {SNAPSHOTS} p
    JOIN {LINES} s ON s.id = p.subscriber_id
    JOIN {ACCOUNTS} a ON a.id = s.account_id JOIN {CUSTOMERS} c ON c.id = a.customer_id
"""
WHERE = """
    WHERE p.as_of = %(snapshot)s AND (p.line_type = ANY(%(line_types)s) OR %(line_types)s = '{}')
      AND NOT p.line_type = ANY(%(other_than)s)
"""
# A line type without any usage records (IPTV of some operators) is not silent: its use is unknown.
JUDGED = f"""
    WHEN coalesce(p.profiling_opt_out, false) OR c.profiling_opt_out THEN '{OutcomeStatus.OPTED_OUT}'
    WHEN p.false_user THEN '{OutcomeStatus.LISTED_FALSE}'
    WHEN NOT %(facts_there)s THEN '{{facts}}'
    WHEN p.stopped_now OR p.status = 'stopped' THEN '{OutcomeStatus.STOPPED}'
    WHEN {given_up_sql("p")} AND p.line_type = ANY(%(types_in_use)s) THEN '{OutcomeStatus.SILENT_BEFORE}'
    WHEN p.promotion AND p.tenure_days < {PROMOTION_DAYS} THEN '{OutcomeStatus.PROMOTION}'
"""
GONE = f"""
    WHEN s.terminated_on <= %(known_until)s THEN '{OutcomeStatus.LEFT_IN_GAP}'
    WHEN s.terminated_on <= %(ends_on)s THEN CASE s.termination_reason
        {{voluntary}}
        WHEN 'arrears' THEN '{OutcomeStatus.ARREARS}'
        WHEN 'false_user' THEN '{OutcomeStatus.FALSE_USER}' ELSE '{OutcomeStatus.OTHER_END}' END
"""
LEAVES = f"""
    LEFT JOIN {USAGE} u ON u.subscriber_id = p.subscriber_id AND u.month = %(silent_month)s
    LEFT JOIN (
        SELECT DISTINCT v.subscriber_id FROM {EVENTS} v
        WHERE v.kind = 'stop' AND v.at >= %(after)s AND v.at < %(until)s
    ) stop ON stop.subscriber_id = p.subscriber_id
    LEFT JOIN (
        SELECT DISTINCT m.account_id FROM {PAYMENTS} m WHERE m.paid_at >= %(silent_from)s AND m.paid_at < %(until)s
    ) paid ON paid.account_id = s.account_id AND p.pay_mode = 'prepaid'
"""
# Where the month's feed has arrived, a line without a row was not used; otherwise only a row of zeros shows that.
FELL_SILENT = f"""
    WHEN NOT {given_up_sql("p")} AND NOT coalesce(p.stopped_now, false) AND stop.subscriber_id IS NULL
        AND paid.account_id IS NULL
        AND (u.subscriber_id IS NOT NULL OR p.line_type = ANY(%(types_in_use)s))
        AND coalesce(u.calls_out + u.calls_in + u.sms_out, 0) = 0 AND coalesce(u.data_mb, 0) = 0
        THEN '{OutcomeStatus.SILENT}'
"""
FALLS = f"""
    JOIN {PLAN_BEFORE} x ON x.subscriber_id = p.subscriber_id JOIN {PLANS} f ON f.id = x.plan_id
    JOIN {PLAN_AFTER} y ON y.subscriber_id = p.subscriber_id JOIN {PLANS} g ON g.id = y.plan_id
"""
FELL = f"""
    WHEN f.id <> g.id AND array_position(%(brands)s, g.brand::text) > array_position(%(brands)s, f.brand::text)
        THEN '{OutcomeStatus.LOWER_BRAND}'
    WHEN f.id <> g.id AND g.monthly_fee < f.monthly_fee THEN '{OutcomeStatus.LOWER_FEE}'
"""
SPENDS_LESS = f"""
    LEFT JOIN (
        WITH {topups_cte("true")}
        SELECT l.subscriber_id, avg(l.total) FILTER (WHERE l.month <= %(snapshot)s) AS before,
               avg(l.total) FILTER (WHERE l.month >= %(first_bill)s) AS after,
               count(*) FILTER (WHERE l.month >= %(first_bill)s) AS bills
        FROM (
            SELECT subscriber_id, month, total FROM {BILLS} WHERE month BETWEEN %(bill_from)s AND %(bill_month)s
            UNION ALL SELECT subscriber_id, month, total FROM topups
        ) l GROUP BY l.subscriber_id
    ) b ON b.subscriber_id = p.subscriber_id
"""
SPENT = f"""
    WHEN b.before IS NULL OR b.bills < %(bills)s THEN '{OutcomeStatus.NO_BILLS}'
    WHEN b.before < (%(edges)s::float8[])[1] THEN '{OutcomeStatus.LOWEST_TIER}'
    WHEN width_bucket(b.after::float8, %(edges)s::float8[]) < width_bucket(b.before::float8, %(edges)s::float8[])
        AND b.after <= b.before * (1 - %(fall_share)s) THEN '{OutcomeStatus.SPEND_FELL}'
"""
LABEL_SQL = (
    f"CASE WHEN f.fate = ANY(ARRAY{[str(one) for one in CHURNED]}) THEN 1"
    f" WHEN f.fate = '{OutcomeStatus.STAYS}' THEN 0 END"
)


@transaction.atomic
def find_outcomes(*, snapshot: date, outcomes: list[Outcome]) -> None:
    """Fill OUTCOMES_TABLE: the fate of every line that an outcome is for."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '256MB'")
        cursor.execute("SET LOCAL jit = off")
        OUTCOMES_TABLE.create(cursor)
        for outcome in outcomes:
            if outcome.meaning == Meaning.FALLS:
                _plans_at(cursor, PLAN_BEFORE, outcome.known_until(snapshot))
                _plans_at(cursor, PLAN_AFTER, outcome.ends_on(snapshot))
            cursor.execute(_sql(outcome), _params(snapshot, outcome))
        OUTCOMES_TABLE.analyze(cursor)


def _sql(outcome: Outcome) -> str:
    joins, tests, facts = {
        Meaning.LEAVES: (LEAVES, FELL_SILENT, OutcomeStatus.NO_USAGE),
        Meaning.FALLS: (FALLS, FELL, OutcomeStatus.NO_USAGE),
        Meaning.SPENDS_LESS: (SPENDS_LESS, SPENT, OutcomeStatus.NO_BILLS),
    }[Meaning(outcome.meaning)]
    leaves = outcome.meaning == Meaning.LEAVES
    # A status of its own for each way to leave has the code of the reason.
    voluntary = (
        f"WHEN '{one}' THEN '{OutcomeStatus(one) if leaves else OutcomeStatus.LEFT}'" for one in VOLUNTARY_REASONS
    )
    gone = GONE.format(voluntary=" ".join(voluntary))
    judged = JUDGED.format(facts=facts) if outcome.observation else ""
    return (
        f"INSERT INTO {OUTCOMES_TABLE} SELECT p.subscriber_id, p.line_type, p.tenure_cohort,"
        f" CASE {judged} {gone} {tests} ELSE '{OutcomeStatus.STAYS}' END {FROM} {joins} {WHERE}"
    )


def _params(snapshot: date, outcome: Outcome) -> dict:
    ends_on = outcome.ends_on(snapshot)
    return {
        "snapshot": snapshot,
        "known_until": outcome.known_until(snapshot),
        "ends_on": ends_on,
        "after": clock.midnight(snapshot + timedelta(days=1)),
        "until": clock.midnight(ends_on + timedelta(days=1)),
        "silent_month": outcome.silent_month(snapshot),
        "silent_from": clock.midnight(outcome.silent_month(snapshot)),
        **_spend_params(snapshot, outcome),
        "first_bill": outcome.first_bill(snapshot),
        "bills": outcome.bills,
        "fall_share": outcome.fall_share,
        "edges": list(outcome.edges) or [0.0],
        "brands": list(outcome.brands),
        "line_types": list(outcome.line_types),
        "other_than": list(outcome.other_than),
        "facts_there": facts_available(snapshot=snapshot, outcome=outcome),
        "types_in_use": types_in_use(snapshot=snapshot, outcome=outcome) if outcome.observation else [],
    }


def _spend_params(snapshot: date, outcome: Outcome) -> dict:
    """Of `topups_cte`."""
    ends_on = outcome.ends_on(snapshot)
    return {
        "as_of": snapshot,
        "zone": settings.TIME_ZONE,
        "bill_from": outcome.first_observed(snapshot),
        "bill_month": ends_on,
        "topup_months": _topup_months(snapshot, outcome) if outcome.meaning == Meaning.SPENDS_LESS else [],
        "topup_from": clock.midnight(outcome.first_observed(snapshot)),
        "topup_until": clock.midnight(ends_on + timedelta(days=1)),
    }


def _plans_at(cursor: CursorWrapper, table: TemporaryTable, day: date) -> None:
    """The plan of every line at the end of a day, as it stood then."""
    until = clock.midnight(day + timedelta(days=1))
    shadow = point_in_time.shadow_tables(cursor, until=until)[point_in_time.SUBSCRIBER_TABLE]
    table.create_as(
        cursor, f"SELECT t.id AS subscriber_id, t.plan_id FROM ({shadow}) t", {"until": until, "as_of": day}
    )
