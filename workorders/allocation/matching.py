"""The rules as SQL: which one a new order has, and for which of them an agent fits. Read in the statements that open
and claim orders, so that a change of a rule, a skill or an absence holds from the next order on.
"""

from customers.cohorts.models import Cohort, CohortMember
from customers.facts.models import Attribute, CustomField
from customers.fields.spend import monthly_spend_sql
from retention.core.accounts.models import Branch, User
from workorders.allocation.models import Absence, AgentTerms, AllocationRule

_RULES, _NAMED = AllocationRule._meta.db_table, AllocationRule.agents.through._meta.db_table
_TERMS, _SKILLED = AgentTerms._meta.db_table, AgentTerms.skills.through._meta.db_table

# A LATERAL: who answers for the line `s`, in the cohort frozen last of those that run; no row without an owner.
OWNER_OF_LINE = f"""
    SELECT m.owner_id AS id FROM {CohortMember._meta.db_table} m
    JOIN {Cohort._meta.db_table} h ON h.id = m.cohort_id AND h.enabled
    JOIN {User._meta.db_table} u ON u.id = m.owner_id AND u.is_active
    WHERE m.subscriber_id = s.id ORDER BY h.frozen_on DESC, m.id LIMIT 1
"""
# A LATERAL over the new order `n`, its type `kind`, line `s`, branch `b`, customer `c`, profile `p` and `owner`: the
# first rule that holds, of the line's branch or the nearest above it. restricts: not everybody may take the order.
RULE_OF_ORDER = f"""
    SELECT r.id, r.code, r.team_id, r.minutes,
           CASE WHEN r.to_owner THEN owner.id END AS owner_id,
           r.skill_id IS NOT NULL OR r.speaks_id IS NOT NULL OR r.to_owner AND owner.id IS NOT NULL
               OR EXISTS (SELECT FROM {_NAMED} a WHERE a.allocationrule_id = r.id) AS restricts
    FROM {_RULES} r JOIN {Branch._meta.db_table} rb ON rb.id = r.branch_id
    WHERE r.active AND starts_with(b.path, rb.path)
      AND r.order_type IN ('', kind.code) AND r.origin IN ('', n.origin_kind) AND r.language IN ('', lower(c.language))
      AND (r.spend_from IS NULL OR {monthly_spend_sql("p")} >= r.spend_from)
      AND (r.spend_below IS NULL OR {monthly_spend_sql("p")} < r.spend_below)
      AND (r.ownership = '' OR (r.ownership = '{AllocationRule.Ownership.OWNED}') = (owner.id IS NOT NULL))
      AND (r.own_field = '' OR EXISTS (
          SELECT FROM {Attribute._meta.db_table} x JOIN {CustomField._meta.db_table} f ON f.id = x.field_id
          WHERE x.subscriber_id = s.id AND f.key = r.own_field AND x.value = r.own_value))
    ORDER BY length(rb.path) DESC, r.position, r.id LIMIT 1
"""


def _has(column: str) -> str:
    skilled = f"SELECT FROM {_TERMS} t JOIN {_SKILLED} k ON k.agentterms_id = t.id"
    return f"({column} IS NULL OR EXISTS ({skilled} WHERE t.user_id = %(agent)s AND k.skill_id = {column}))"


# The rules whose orders the agent may take at once; those of a rule that was switched off everybody may.
RULES_FOR_AGENT = f"""
    SELECT r.id FROM {_RULES} r
    WHERE NOT r.active OR {_has("r.skill_id")} AND {_has("r.speaks_id")} AND (
        NOT EXISTS (SELECT FROM {_NAMED} a WHERE a.allocationrule_id = r.id)
        OR EXISTS (SELECT FROM {_NAMED} a WHERE a.allocationrule_id = r.id AND a.user_id = %(agent)s))
"""
# The agent, and those whose cover the agent is today.
STANDS_FOR = f"""
    SELECT %(agent)s::bigint AS id
    UNION SELECT q.agent_id FROM {Absence._meta.db_table} q
    WHERE q.cover_id = %(agent)s AND %(today)s BETWEEN q.first_day AND q.last_day
"""
IS_ABSENT = f"""EXISTS (
    SELECT FROM {Absence._meta.db_table} q
    WHERE q.agent_id = %(agent)s AND %(today)s BETWEEN q.first_day AND q.last_day)"""
DAILY_CAP = f"(SELECT t.daily_cap FROM {_TERMS} t WHERE t.user_id = %(agent)s)"
