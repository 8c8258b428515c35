"""What became of every line of a snapshot, set-wise, from facts: one pass an outcome, into a temporary table.

The first test that holds names the fate. Who must not be judged comes first, then who was gone too early, then who went
for reasons that are no churn, then the churn itself.
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from analytics.churn.labels import usage_known
from analytics.churn.labels.outcome import Outcome
from analytics.models import CHURNED, Fate, Meaning
from customers.profile import past

TABLE = "outcome_fates"
PROMOTION_DAYS = 92
FROM = """
    FROM customers_profilesnapshot p
    JOIN customers_subscriber s ON s.id = p.subscriber_id
    JOIN customers_account a ON a.id = s.account_id JOIN customers_customer c ON c.id = a.customer_id
"""
WHERE = """
    WHERE p.as_of = %(snapshot)s AND (p.line_type = ANY(%(line_types)s) OR %(line_types)s = '{}')
      AND NOT p.line_type = ANY(%(other_than)s)
"""
# A type of line of which nothing is ever used or told (IPTV of some operators) is not silent, its use is not known.
JUDGED = f"""
    WHEN coalesce(p.profiling_opt_out, false) OR c.profiling_opt_out THEN '{Fate.OPTED_OUT}'
    WHEN p.false_user THEN '{Fate.LISTED_FALSE}'
    WHEN NOT %(facts_there)s THEN '{{facts}}'
    WHEN p.stopped_now OR p.status = 'stopped' THEN '{Fate.STOPPED}'
    WHEN p.silent AND p.line_type = ANY(%(types_in_use)s) THEN '{Fate.SILENT_BEFORE}'
    WHEN p.promotion AND p.tenure_days < {PROMOTION_DAYS} THEN '{Fate.PROMOTION}'
"""
GONE = f"""
    WHEN s.terminated_on <= %(known_until)s THEN '{Fate.LEFT_IN_GAP}'
    WHEN s.terminated_on <= %(ends_on)s THEN CASE s.termination_reason
        WHEN 'voluntary' THEN '{{voluntary}}' WHEN 'port_out' THEN '{{port_out}}'
        WHEN 'arrears' THEN '{Fate.ARREARS}' WHEN 'false_user' THEN '{Fate.FALSE_USER}' ELSE '{Fate.OTHER_END}' END
"""
LEAVES = """
    LEFT JOIN customers_usagemonth u ON u.subscriber_id = p.subscriber_id AND u.month = %(silent_month)s
    LEFT JOIN (
        SELECT DISTINCT v.subscriber_id FROM customers_statusevent v
        WHERE v.kind = 'stop' AND v.at >= %(after)s AND v.at < %(until)s
    ) stop ON stop.subscriber_id = p.subscriber_id
"""
# Where the feed of the month is there, a line without a row has not been used; else only a row of noughts says so.
FELL_SILENT = f"""
    WHEN NOT coalesce(p.silent, false) AND NOT coalesce(p.stopped_now, false) AND stop.subscriber_id IS NULL
        AND (u.subscriber_id IS NOT NULL OR p.line_type = ANY(%(types_in_use)s))
        AND coalesce(u.calls_out + u.calls_in + u.sms_out, 0) = 0 AND coalesce(u.data_mb, 0) = 0 THEN '{Fate.SILENT}'
"""
FALLS = """
    JOIN plan_before x ON x.subscriber_id = p.subscriber_id JOIN customers_plan f ON f.id = x.plan_id
    JOIN plan_after y ON y.subscriber_id = p.subscriber_id JOIN customers_plan g ON g.id = y.plan_id
"""
FELL = f"""
    WHEN f.id <> g.id AND array_position(%(brands)s, g.brand::text) > array_position(%(brands)s, f.brand::text)
        THEN '{Fate.LOWER_BRAND}'
    WHEN f.id <> g.id AND g.monthly_fee < f.monthly_fee THEN '{Fate.LOWER_FEE}'
"""
SPENDS_LESS = """
    LEFT JOIN (
        SELECT l.subscriber_id, avg(l.total) FILTER (WHERE l.month <= %(snapshot)s) AS before,
               avg(l.total) FILTER (WHERE l.month >= %(first_bill)s) AS after,
               count(*) FILTER (WHERE l.month >= %(first_bill)s) AS bills
        FROM customers_bill l WHERE l.month BETWEEN %(first_observed)s AND %(ends_on)s GROUP BY l.subscriber_id
    ) b ON b.subscriber_id = p.subscriber_id
"""
SPENT = f"""
    WHEN b.before IS NULL OR b.bills < %(bills)s THEN '{Fate.NO_BILLS}'
    WHEN b.before < (%(edges)s::float8[])[1] THEN '{Fate.LOWEST_TIER}'
    WHEN width_bucket(b.after::float8, %(edges)s::float8[]) < width_bucket(b.before::float8, %(edges)s::float8[])
        AND b.after <= b.before * (1 - %(fall_share)s) THEN '{Fate.SPEND_FELL}'
"""
LABEL = f"CASE WHEN f.fate = ANY(ARRAY{[str(one) for one in CHURNED]}) THEN 1 WHEN f.fate = '{Fate.STAYS}' THEN 0 END"


@transaction.atomic
def find_fates(*, snapshot: date, outcomes: list[Outcome]) -> None:
    """Fill the temporary table TABLE: subscriber_id, line_type, cohort, fate of every line that an outcome is for."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '256MB'")
        cursor.execute("SET LOCAL jit = off")
        cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{TABLE}")
        cursor.execute(f"CREATE TEMP TABLE {TABLE} (subscriber_id bigint, line_type text, cohort text, fate text)")
        for outcome in outcomes:
            if outcome.meaning == Meaning.FALLS:
                _plans_at(cursor, "plan_before", outcome.known_until(snapshot))
                _plans_at(cursor, "plan_after", outcome.ends_on(snapshot))
            cursor.execute(_sql(outcome), _params(snapshot, outcome))
        cursor.execute(f"ANALYZE {TABLE}")


def _sql(outcome: Outcome) -> str:
    joins, tests, facts = {
        Meaning.LEAVES: (LEAVES, FELL_SILENT, Fate.NO_USAGE),
        Meaning.FALLS: (FALLS, FELL, Fate.NO_USAGE),
        Meaning.SPENDS_LESS: (SPENDS_LESS, SPENT, Fate.NO_BILLS),
    }[Meaning(outcome.meaning)]
    leaves = outcome.meaning == Meaning.LEAVES
    gone = GONE.format(
        voluntary=Fate.VOLUNTARY if leaves else Fate.LEFT, port_out=Fate.PORT_OUT if leaves else Fate.LEFT
    )
    judged = JUDGED.format(facts=facts) if outcome.observation else ""
    return (
        f"INSERT INTO {TABLE} SELECT p.subscriber_id, p.line_type, p.tenure_cohort,"
        f" CASE {judged} {gone} {tests} ELSE '{Fate.STAYS}' END {FROM} {joins} {WHERE}"
    )


def _params(snapshot: date, outcome: Outcome) -> dict:
    ends_on = outcome.ends_on(snapshot)
    return {
        "snapshot": snapshot,
        "known_until": outcome.known_until(snapshot),
        "ends_on": ends_on,
        "after": _midnight(snapshot + timedelta(days=1)),
        "until": _midnight(ends_on + timedelta(days=1)),
        "silent_month": outcome.silent_month(snapshot),
        "first_observed": outcome.first_observed(snapshot),
        "first_bill": outcome.first_bill(snapshot),
        "bills": outcome.bills,
        "fall_share": outcome.fall_share,
        "edges": list(outcome.edges) or [0.0],
        "brands": list(outcome.brands),
        "line_types": list(outcome.line_types),
        "other_than": list(outcome.other_than),
        "facts_there": usage_known.facts_there(snapshot=snapshot, outcome=outcome),
        "types_in_use": usage_known.types_in_use(snapshot=snapshot, outcome=outcome) if outcome.observation else [],
    }


def _plans_at(cursor: CursorWrapper, name: str, day: date) -> None:
    """The plan of every line at the end of a day, as it stood then."""
    until = _midnight(day + timedelta(days=1))
    shadow = past.shadows(cursor, until=until)[past.SUBSCRIBERS]
    cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{name}")
    cursor.execute(
        f"CREATE TEMP TABLE {name} ON COMMIT DROP AS SELECT t.id AS subscriber_id, t.plan_id FROM ({shadow}) t",
        {"until": until, "as_of": day},
    )
    cursor.execute(f"ANALYZE {name}")


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(settings.TIME_ZONE))
