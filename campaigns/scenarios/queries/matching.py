"""Whom a scenario finds, as CTEs of one statement.

found     every line the rule matches
judged    one line a customer, with what may keep that customer out, in the order in which it is asked: all lines
          opted out, a hit of tonight already, at rest, not worth a contact, not confirmed
fresh     those whom nothing keeps out, the most worthwhile first (`place`), and whether each is of the hold-out
callable  of these the first that may be treated and that the contact gate lets call, up to the nightly limit
taken     fresh down to the last of these: whom the gate refuses, or the hold-out leaves alone, is recorded, but does
          not use up the limit
staged    each customer with the place in the funnel: left out and why, or "taken"
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import JSONObject

from campaigns.audiences.occasions import due_lines
from campaigns.audiences.queries import EXPECTED_GAIN_ORDER, MATCH_COLUMNS
from campaigns.audiences.rules import Group, fields_of, profiles_of
from campaigns.audiences.rules.columns import operand
from campaigns.outreach.models import ContactPolicy, RefusalReason
from campaigns.outreach.queries import judged_requests, policy_parameters
from campaigns.scenarios.models import MatchStreak, Scenario, ScenarioHit, ScenarioRun
from campaigns.scenarios.queries.branch_numbers import rule_condition
from campaigns.scenarios.rules import asked_of
from customers.profile.models import SubscriberProfile
from retention.core.accounts.models import Branch
from retention.core.db.inline import inline

RETRY_REFUSED_DAYS = 7  # a customer the gate refused is not asked about every night
STREAKS, _HITS = MatchStreak._meta.db_table, ScenarioHit._meta.db_table
State = ScenarioHit.State

_CONTACT = """(
        SELECT f.customer_id, f.subscriber_id, %(channel)s::text AS channel, %(purpose)s::text AS purpose,
               ''::text AS source, ''::text AS order_no, %(by_risk)s AS by_risk, true AS holdable
    ) r"""
# The gate's answer about each row of `f`.
GATE = f"CROSS JOIN LATERAL ({judged_requests(_CONTACT)}) gate"
# After a restore the gate refuses everybody until the opt-outs are applied; the orders wait for that.
_ASKING = f"""
    {GATE}
    WHERE gate.reason IN ('', '{RefusalReason.RESTORED}')
      AND (gate.twins = '{{}}' OR NOT EXISTS (  -- of several at one number the first gets the order
          SELECT FROM fresh e
          WHERE e.subscriber_id = ANY(gate.twins) AND e.customer_id <> f.customer_id AND e.place < f.place))
"""
# The same customer has the same draw every night, and another one in each scenario.
_HELD_OUT = "abs(hashtextextended(%(scenario)s || ':' || customer_id, 0) %% 100) < %(holdout)s"
# With tonight; a streak that ended before its last run does not count.
_NIGHTS = f"""coalesce((
        SELECT CASE WHEN s."on" = %(on)s THEN s.nights WHEN s."on" >= %(last_run)s THEN s.nights + 1 END
        FROM {STREAKS} s WHERE s.scenario_id = %(scenario)s AND s.subscriber_id = f.subscriber_id
    ), 1)"""
_MATCHING_CTES = f"""
found AS MATERIALIZED ({{found}}),
judged AS (
    SELECT b.*, (NOT %(only_if_it_pays)s OR coalesce(b.expected_gain > 0, false)) AS pays,
    EXISTS (
        SELECT FROM {_HITS} h
        WHERE h.scenario_id = %(scenario)s AND h.customer_id = b.customer_id AND h."on" = %(on)s
    ) AS tonight,
    EXISTS (
        SELECT FROM {_HITS} h
        WHERE h.scenario_id = %(scenario)s AND h.customer_id = b.customer_id AND h."on" < %(on)s
          AND (h.state NOT IN ('{State.REFUSED}', '{State.CLEARED}') AND h."on" > %(on)s::date - %(rest)s
               OR h.state = '{State.REFUSED}' AND h."on" > %(on)s::date - %(rest_refused)s)
    ) AS resting
    FROM (
        SELECT DISTINCT ON (customer_id) f.*,
               %(by_risk)s AND coalesce(profiling_opt_out, false) AS opted_out, {{confirmed}} AS confirmed
        FROM found f
        ORDER BY customer_id, opted_out, confirmed DESC, {EXPECTED_GAIN_ORDER}
    ) b
),
fresh AS (
    SELECT *, row_number() OVER (ORDER BY {EXPECTED_GAIN_ORDER}) AS place, {_HELD_OUT} AS held_out FROM judged
    WHERE NOT opted_out AND NOT tonight AND NOT resting AND pays AND confirmed
),
-- In the order of `place`, so that the gate is asked no further than the limit.
callable AS (
    SELECT f.place FROM (SELECT * FROM fresh WHERE NOT held_out ORDER BY place) f {{asking}}
    ORDER BY f.place LIMIT %(cap)s
),
taken AS (
    SELECT * FROM fresh
    WHERE %(cap)s::int IS NULL OR (SELECT count(*) FROM callable) < %(cap)s
       OR place <= (SELECT max(place) FROM callable)
),
staged AS (
    SELECT j.customer_id, j.branch_id, t.place, CASE
        WHEN opted_out THEN 'opted_out' WHEN tonight THEN 'tonight' WHEN resting THEN 'cooled'
        WHEN NOT pays THEN 'unpaying' WHEN NOT confirmed THEN 'confirming'
        WHEN t.place IS NULL THEN 'capped' WHEN t.held_out THEN 'held_out' ELSE 'taken' END AS stage
    FROM judged j LEFT JOIN (SELECT customer_id, place, held_out FROM taken) t USING (customer_id)
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
    lines = profiles_of(tree).objects.all() if lines is None else lines
    lines = in_scope(scenario, lines.filter(rule_condition(scenario, tree), as_of=as_of))
    if scenario.occasion:
        due = due_lines(scenario.occasion, asked_of(scenario, as_of))
        lines = lines.filter(pk__in=due.values("subscriber_id"))
    sql, params = inline(lines.values(*MATCH_COLUMNS), "rule")
    settings = {
        "scenario": scenario.pk or 0,
        "on": as_of,
        "by_risk": any(field.is_risk for field in fields_of(tree)),
        "rest": scenario.cooldown_days,
        "rest_refused": min(scenario.cooldown_days, RETRY_REFUSED_DAYS),
        "only_if_it_pays": scenario.only_if_it_pays,
        "last_run": _last_run(scenario, as_of),
        "confirm": scenario.confirm_nights,
        "cap": scenario.daily_cap,
        "holdout": scenario.holdout_percent,
        "channel": scenario.channel,
        "purpose": scenario.purpose,
    }
    gate = policy_parameters(now, ContactPolicy.objects.current(), reserving=True)
    confirmed = "true" if scenario.confirm_nights <= 1 else f"{_NIGHTS} >= %(confirm)s"
    asking = _ASKING if asks_gate(scenario) else ""
    return MatchingSql(_MATCHING_CTES.format(found=sql, asking=asking, confirmed=confirmed), params | settings | gate)


def asks_gate(scenario: Scenario) -> bool:
    """Whether it contacts those whom it finds."""
    return scenario.action == Scenario.Action.OPEN_ORDER


def in_scope(scenario: Scenario, lines: QuerySet[SubscriberProfile]) -> QuerySet[SubscriberProfile]:
    """The lines of the scenario's branch and below."""
    if scenario.branch is None:
        return lines
    return lines.filter(branch__in=Branch.objects.under(scenario.branch).values("pk"))


def _last_run(scenario: Scenario, as_of: date) -> date | None:
    """Its newest night before this one on which it was not held."""
    if scenario.pk is None or scenario.confirm_nights <= 1:
        return None
    runs = ScenarioRun.objects.filter(scenario=scenario, on__lt=as_of, held_because="")
    return runs.order_by("-on").values_list("on", flat=True).first()


def evidence_query(tree: Group) -> QuerySet:
    """subscriber_id and the values of the rule's fields, as JSON."""
    values = {field.key: operand(field) for field in fields_of(tree)}
    return profiles_of(tree).objects.annotate(evidence=JSONObject(**values)).values("subscriber_id", "evidence")
