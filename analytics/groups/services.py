"""The night's judgement of every family and enterprise group: one pass over their lines, all in the database."""

from dataclasses import asdict, dataclass
from datetime import date, timedelta

from django.db import connection, transaction

from analytics.groups.models import GroupLevel, GroupNight, GroupPart, GroupRisk
from customers.facts.models import CustomerGroup, Subscriber
from customers.fields.spend import monthly_spend_sql
from customers.profile.models import SubscriberProfile
from retention.core.db.temporary_tables import TemporaryTable

RISKS, PARTS, NIGHTS = (model._meta.db_table for model in (GroupRisk, GroupPart, GroupNight))
LINES, PROFILES, GROUPS = (model._meta.db_table for model in (Subscriber, SubscriberProfile, CustomerGroup))


@dataclass(frozen=True)
class Limits:
    """From where on a group shows a sign. Smaller groups than `family` and `company` members are not judged: one person
    is no group, and in a family of two one leaver is weak evidence. risk: times the mean churn probability of the base.
    """

    family: int = 3
    company: int = 5
    left: int = 2
    left_share: float = 0.10
    alarm_share: float = 0.25
    forwarding: int = 2
    forwarding_share: float = 0.15
    spend: float = -0.2
    risk: float = 2.0


# A member of a group for 90 days after leaving; what left is counted, but has no use, spend or risk any more.
FOUND_PARTS = TemporaryTable(
    "found_parts",
    {
        "group_id": "bigint", "branch_id": "bigint", "members": "int", "left_90d": "int", "forwarding": "int",
        "expected_leavers": "float8", "spend": "numeric(12, 2)", "revenue_at_risk": "numeric(12, 2)",
        "bill_last": "numeric(12, 2)", "bill_base": "numeric(12, 2)",
    },
)  # fmt: skip
PARTS_SQL = f"""
    SELECT s.group_id, s.branch_id,
           count(*) FILTER (WHERE NOT w.gone) AS members,
           count(*) FILTER (WHERE w.gone) AS left_90d,
           count(*) FILTER (WHERE NOT w.gone AND p.forwarded_rival_recent > 0) AS forwarding,
           coalesce(sum(p.risk_probability) FILTER (WHERE NOT w.gone), 0) AS expected_leavers,
           coalesce(sum({monthly_spend_sql("p")}) FILTER (WHERE NOT w.gone), 0) AS spend,
           coalesce(sum({monthly_spend_sql("p")} * p.risk_probability::numeric) FILTER (WHERE NOT w.gone), 0)
               AS revenue_at_risk,
           coalesce(sum(coalesce(p.bill_last, 0)) FILTER (WHERE NOT w.gone AND p.bill_base IS NOT NULL), 0)
               AS bill_last,
           coalesce(sum(p.bill_base) FILTER (WHERE NOT w.gone), 0) AS bill_base
    FROM {LINES} s
    LEFT JOIN {PROFILES} p ON p.subscriber_id = s.id
    CROSS JOIN LATERAL (SELECT coalesce(s.terminated_on <= %(as_of)s, false) AS gone) w
    WHERE s.group_id IS NOT NULL AND s.activated_on <= %(as_of)s
      AND (s.terminated_on IS NULL OR s.terminated_on > %(as_of)s::date - 90)
    GROUP BY s.group_id, s.branch_id
"""
FOUND = TemporaryTable(
    "found",
    {
        "group_id": "bigint", "members": "int", "left_90d": "int", "forwarding": "int", "expected_leavers": "float8",
        "spend_change": "float8", "signs": "jsonb", "level": "text",
    },
)  # fmt: skip
RISKS_SQL = f"""
    WITH sums AS (
        SELECT q.group_id, sum(q.members)::int AS members, sum(q.left_90d)::int AS left_90d,
               sum(q.forwarding)::int AS forwarding, sum(q.expected_leavers) AS expected_leavers,
               (sum(q.bill_last) / nullif(sum(q.bill_base), 0) - 1)::float8 AS spend_change
        FROM {FOUND_PARTS} q GROUP BY q.group_id
    ), usual AS (
        SELECT avg(risk_probability)::float8 AS risk FROM {PROFILES}
    ), signed AS (
        SELECT m.*, m.left_90d::float8 / (m.members + m.left_90d) AS left_share, array_remove(ARRAY[
            CASE WHEN m.left_90d >= %(left)s AND m.left_90d >= %(left_share)s * (m.members + m.left_90d)
                 THEN 'left' END,
            CASE WHEN m.forwarding >= %(forwarding)s AND m.forwarding >= %(forwarding_share)s * m.members
                 THEN 'forwarding' END,
            CASE WHEN m.spend_change <= %(spend)s THEN 'spend' END,
            CASE WHEN m.members > 0 AND m.expected_leavers / m.members >= %(risk)s * usual.risk THEN 'risk' END
        ], NULL) AS signs
        FROM sums m JOIN {GROUPS} g ON g.id = m.group_id CROSS JOIN usual
        WHERE m.members + m.left_90d >= CASE WHEN g.kind = %(family_kind)s THEN %(family)s ELSE %(company)s END
          AND m.members > 0
    ), judged AS (
        SELECT *, CASE
            WHEN signs && ARRAY['left', 'forwarding'] AND (cardinality(signs) > 1 OR left_share >= %(alarm_share)s)
                THEN 'alarm'
            WHEN signs && ARRAY['left', 'forwarding'] OR signs @> ARRAY['spend', 'risk'] THEN 'watch'
        END AS level
        FROM signed
    )
    SELECT group_id, members, left_90d, forwarding, expected_leavers, spend_change, to_jsonb(signs) AS signs, level
    FROM judged WHERE level IS NOT NULL
"""
# Before the insert: all parts, groups that are no longer at risk, and an earlier run of the night.
DELETE_OLD = f"""
    DELETE FROM {PARTS};
    DELETE FROM {RISKS} t WHERE NOT EXISTS (SELECT 1 FROM {FOUND} f WHERE f.group_id = t.group_id);
    DELETE FROM {NIGHTS} WHERE as_of = %(as_of)s;
"""
UPSERT_RISKS = f"""
    INSERT INTO {RISKS} AS t
        (group_id, as_of, since, level, signs, members, left_90d, forwarding, expected_leavers, spend_change)
    SELECT group_id, %(as_of)s, %(as_of)s, level, signs, members, left_90d, forwarding, expected_leavers, spend_change
    FROM {FOUND}
    ON CONFLICT (group_id) DO UPDATE SET
        as_of = excluded.as_of, since = CASE WHEN t.level = excluded.level THEN t.since ELSE excluded.since END,
        level = excluded.level, signs = excluded.signs, members = excluded.members, left_90d = excluded.left_90d,
        forwarding = excluded.forwarding, expected_leavers = excluded.expected_leavers,
        spend_change = excluded.spend_change;
    INSERT INTO {PARTS} (risk_id, branch_id, members, left_90d, forwarding, expected_leavers, spend, revenue_at_risk,
                         bill_last, bill_base)
    SELECT q.group_id, q.branch_id, q.members, q.left_90d, q.forwarding, q.expected_leavers, q.spend, q.revenue_at_risk,
           q.bill_last, q.bill_base
    FROM {FOUND_PARTS} q JOIN {FOUND} USING (group_id);
"""
RECORD_NIGHTS = f"""
    WITH before AS (
        SELECT DISTINCT ON (group_id) group_id, level FROM {NIGHTS} WHERE as_of < %(as_of)s
        ORDER BY group_id, as_of DESC
    ), now AS (
        SELECT group_id, coalesce(f.level, %(calm)s) AS level, b.level AS was, f.members, f.left_90d, f.forwarding,
               f.expected_leavers
        FROM {FOUND} f FULL JOIN before b USING (group_id)
    )
    INSERT INTO {NIGHTS} (group_id, as_of, level, members, left_90d, forwarding, expected_leavers)
    SELECT n.group_id, %(as_of)s, n.level, coalesce(n.members, q.members, 0), coalesce(n.left_90d, q.left_90d, 0),
           coalesce(n.forwarding, q.forwarding, 0), coalesce(n.expected_leavers, q.expected_leavers, 0)
    FROM now n LEFT JOIN (
        SELECT group_id, sum(members) AS members, sum(left_90d) AS left_90d, sum(forwarding) AS forwarding,
               sum(expected_leavers) AS expected_leavers
        FROM {FOUND_PARTS} GROUP BY group_id
    ) q USING (group_id)
    WHERE n.level IS DISTINCT FROM coalesce(n.was, %(calm)s) OR %(month_end)s AND n.level <> %(calm)s
"""


@dataclass(frozen=True)
class GroupsReport:
    """rows: groups at a level; alarms: of them."""

    rows: int = 0
    alarms: int = 0


def record_groups(*, as_of: date, limits: Limits | None = None) -> GroupsReport:
    """Judge every group by its lines as profiled and scored on `as_of`.

    Running it again changes nothing; a night before the one that stands is left alone.
    """
    if GroupRisk.objects.filter(as_of__gt=as_of).exists():
        return GroupsReport()
    params = asdict(limits or Limits()) | {
        "as_of": as_of,
        "calm": GroupLevel.CALM.value,
        "family_kind": CustomerGroup.Kind.FAMILY.value,
        "month_end": (as_of + timedelta(days=1)).day == 1,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '128MB'")
        cursor.execute("SET LOCAL jit = off")
        FOUND_PARTS.create_as(cursor, PARTS_SQL, params)
        FOUND.create_as(cursor, RISKS_SQL, params)
        for statement in (DELETE_OLD, UPSERT_RISKS, RECORD_NIGHTS):
            cursor.execute(statement, params)
        cursor.execute(f"SELECT count(*), count(*) FILTER (WHERE level = %s) FROM {FOUND}", [GroupLevel.ALARM.value])
        return GroupsReport(*cursor.fetchone())
