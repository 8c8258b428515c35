"""Who a scenario finds on a night: the steps from the rule to the customers that are new, as CTEs of one statement.

found   every line the rule matches          judged  one line a customer, and whether that customer is resting
fresh   those who are not, the most worthwhile first (`place`)
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import JSONObject

from campaigns.models import Scenario, ScenarioHit
from campaigns.rules import Group, as_q, fields_of
from campaigns.rules.compile import operand
from customers.models import SubscriberProfile
from retention.core.models import Branch

RETRY_REFUSED_DAYS = 7  # a customer the gate refused is not asked about every night
COLUMNS = ("subscriber_id", "customer_id", "branch_id", "expected_gain", "arpu", "profiling_opt_out")
WORTH = "expected_gain DESC NULLS LAST, arpu DESC NULLS LAST, subscriber_id"

_CTES = f"""
found AS MATERIALIZED (%s),
judged AS (
    SELECT b.*, EXISTS (
        SELECT FROM {ScenarioHit._meta.db_table} h
        WHERE h.scenario_id = %%(scenario)s AND h.customer_id = b.customer_id AND h."on" <= %%(on)s
          AND (h."on" = %%(on)s
               OR h.state <> '{ScenarioHit.State.REFUSED}' AND h."on" > %%(on)s::date - %%(rest)s
               OR h.state = '{ScenarioHit.State.REFUSED}' AND h."on" > %%(on)s::date - %%(rest_refused)s)
    ) AS resting
    FROM (
        SELECT DISTINCT ON (customer_id) * FROM found
        WHERE NOT (%%(by_risk)s AND coalesce(profiling_opt_out, false))
        ORDER BY customer_id, {WORTH}
    ) b
),
fresh AS (SELECT *, row_number() OVER (ORDER BY {WORTH}) AS place FROM judged WHERE NOT resting)
"""


@dataclass(frozen=True)
class Finding:
    """The CTEs (without WITH) and their parameters, to which the statement around them adds its own."""

    ctes: str
    params: dict[str, Any]


def finding(
    *, scenario: Scenario, tree: Group, as_of: date, lines: QuerySet[SubscriberProfile] | None = None
) -> Finding:
    """`tree` is the scenario's rule, `lines` where to look (default: everywhere). Nobody rests for a new scenario."""
    lines = SubscriberProfile.objects.all() if lines is None else lines
    lines = lines.filter(as_q(tree), as_of=as_of)
    if scenario.branch is not None:
        lines = lines.filter(branch__in=Branch.objects.under(scenario.branch).values("pk"))
    sql, params = named(lines.values(*COLUMNS), "rule")
    settings = {
        "scenario": scenario.pk or 0,
        "on": as_of,
        "by_risk": any(field.is_risk for field in fields_of(tree)),
        "rest": scenario.cooldown_days,
        "rest_refused": min(scenario.cooldown_days, RETRY_REFUSED_DAYS),
    }
    return Finding(_CTES % sql, params | settings)


def evidence_of(tree: Group) -> QuerySet:
    """subscriber_id and the values of the rule's fields, as JSON."""
    values = {field.key: operand(field) for field in fields_of(tree)}
    return SubscriberProfile.objects.annotate(evidence=JSONObject(**values)).values("subscriber_id", "evidence")


def named(query: Any, prefix: str) -> tuple[str, dict[str, Any]]:
    """The SQL of a queryset with its parameters by name, so that it can stand inside a longer statement."""
    sql, params = query.query.sql_with_params()
    return with_names(sql, params, prefix)


def with_names(sql: str, params: Sequence[Any], prefix: str) -> tuple[str, dict[str, Any]]:
    """SQL whose %s have become %(prefix_0)s, %(prefix_1)s, ..., and its parameters."""
    numbers = count()
    text = re.sub(r"%[%s]", lambda m: f"%({prefix}_{next(numbers)})s" if m.group() == "%s" else "%%", sql)
    return text, {f"{prefix}_{place}": value for place, value in enumerate(params)}
