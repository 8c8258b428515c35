"""Whom a scenario finds, as CTEs of one statement.

found     every line the rule matches
judged    one line a customer: whether that customer is resting, and whether the contact pays as far as it has to
fresh     those who are not resting and pay, the most worthwhile first (`place`)
callable  of these the first that the contact gate lets call, up to the nightly limit
taken     fresh down to the last of these: whom the gate refuses is recorded, but does not use up the limit"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import JSONObject

from campaigns.audiences.queries import EXPECTED_GAIN_ORDER, MATCH_COLUMNS
from campaigns.audiences.rules import Group, as_q, fields_of
from campaigns.audiences.rules.columns import operand
from campaigns.outreach.models import ContactPolicy, RefusalReason
from campaigns.outreach.queries import judged_requests, policy_parameters
from campaigns.scenarios.models import Scenario, ScenarioHit
from customers.profile.models import SubscriberProfile
from retention.core.accounts.models import Branch
from retention.core.db.inline import inline

RETRY_REFUSED_DAYS = 7  # a customer the gate refused is not asked about every night

_CONTACT = """(
        SELECT f.customer_id, f.subscriber_id, %(channel)s::text AS channel, %(purpose)s::text AS purpose,
               ''::text AS source, ''::text AS order_no
    ) r"""
# After a restore the gate refuses everybody until the opt-outs are applied; the orders wait for that.
_ASKING = f"""
    CROSS JOIN LATERAL ({judged_requests(_CONTACT)}) gate
    WHERE gate.reason IN ('', '{RefusalReason.RESTORED}')
      AND (gate.twins = '{{}}' OR NOT EXISTS (  -- of several at one number the first gets the order
          SELECT FROM fresh e
          WHERE e.subscriber_id = ANY(gate.twins) AND e.customer_id <> f.customer_id AND e.place < f.place))
"""
_MATCHING_CTES = f"""
found AS MATERIALIZED ({{found}}),
judged AS (
    SELECT b.*, (NOT %(only_if_it_pays)s OR coalesce(b.expected_gain > 0, false)) AS pays, EXISTS (
        SELECT FROM {ScenarioHit._meta.db_table} h
        WHERE h.scenario_id = %(scenario)s AND h.customer_id = b.customer_id AND h."on" <= %(on)s
          AND (h."on" = %(on)s
               OR h.state <> '{ScenarioHit.State.REFUSED}' AND h."on" > %(on)s::date - %(rest)s
               OR h.state = '{ScenarioHit.State.REFUSED}' AND h."on" > %(on)s::date - %(rest_refused)s)
    ) AS resting
    FROM (
        SELECT DISTINCT ON (customer_id) * FROM found
        WHERE NOT (%(by_risk)s AND coalesce(profiling_opt_out, false))
        ORDER BY customer_id, {EXPECTED_GAIN_ORDER}
    ) b
),
fresh AS (
    SELECT *, row_number() OVER (ORDER BY {EXPECTED_GAIN_ORDER}) AS place FROM judged WHERE NOT resting AND pays
),
-- In the order of `place`, so that the gate is asked no further than the limit.
callable AS (
    SELECT f.place FROM (SELECT * FROM fresh ORDER BY place) f {{asking}} ORDER BY f.place LIMIT %(cap)s
),
taken AS (
    SELECT * FROM fresh
    WHERE %(cap)s::int IS NULL OR (SELECT count(*) FROM callable) < %(cap)s
       OR place <= (SELECT max(place) FROM callable)
)
"""


@dataclass(frozen=True)
class MatchingSql:
    """The CTEs (without WITH) and their parameters, to which the statement around them adds its own."""

    ctes: str
    params: dict[str, Any]


def matching_sql(
    *, scenario: Scenario, tree: Group, as_of: date, now: datetime, lines: QuerySet[SubscriberProfile] | None = None
) -> MatchingSql:
    """`tree` is the scenario's rule, `lines` where to look (default: everywhere). A new scenario has no cooldowns.

    now: of the contact gate, which only a scenario that opens orders asks.
    """
    lines = SubscriberProfile.objects.all() if lines is None else lines
    lines = lines.filter(as_q(tree), as_of=as_of)
    if scenario.branch is not None:
        lines = lines.filter(branch__in=Branch.objects.under(scenario.branch).values("pk"))
    sql, params = inline(lines.values(*MATCH_COLUMNS), "rule")
    settings = {
        "scenario": scenario.pk or 0,
        "on": as_of,
        "by_risk": any(field.is_risk for field in fields_of(tree)),
        "rest": scenario.cooldown_days,
        "rest_refused": min(scenario.cooldown_days, RETRY_REFUSED_DAYS),
        "only_if_it_pays": scenario.only_if_it_pays,
        "cap": scenario.daily_cap,
        "channel": scenario.channel,
        "purpose": scenario.purpose,
    }
    gate = policy_parameters(now, ContactPolicy.objects.current(), reserving=True)
    asking = "" if scenario.action == Scenario.Action.REPORT_ONLY else _ASKING
    return MatchingSql(_MATCHING_CTES.format(found=sql, asking=asking), params | settings | gate)


def evidence_query(tree: Group) -> QuerySet:
    """subscriber_id and the values of the rule's fields, as JSON."""
    values = {field.key: operand(field) for field in fields_of(tree)}
    return SubscriberProfile.objects.annotate(evidence=JSONObject(**values)).values("subscriber_id", "evidence")
