"""Event scenarios: one statement for each scenario over new status events.

fresh   events of the scenario's kinds that it has not looked at yet
heard   the same with the answer of its rule
judged  what comes of each: a hit, or why not. A line without a profile is one whose every value is missing."""

from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import connection, transaction
from django.utils import timezone

from campaigns.audiences.rules import Group, fields_of, parse
from campaigns.scenarios.models import EventReaction, Scenario, ScenarioHit
from campaigns.scenarios.queries import evidence_query
from campaigns.scenarios.queries.branch_numbers import rule_condition
from campaigns.scenarios.services.hits import first_state, list_hits
from customers.contacts.models import ContactRecord
from customers.facts.models import Account, StatusEvent, Subscriber
from customers.profile.models import SubscriberProfile
from retention.core.accounts.models import Branch
from retention.core.db.inline import inline, inline_condition
from retention.core.errors import Invalid

_HITS, _REACTIONS = ScenarioHit._meta.db_table, EventReaction._meta.db_table
Result = EventReaction.Result

REACTION_SQL = f"""
WITH fresh AS MATERIALIZED (
    SELECT e.id AS event_id, e.subscriber_id, a.customer_id, s.branch_id, e.kind, e.at, e.detail
    FROM {StatusEvent._meta.db_table} e
    JOIN {Subscriber._meta.db_table} s ON s.id = e.subscriber_id
    JOIN {Account._meta.db_table} a ON a.id = s.account_id
    WHERE e.kind = ANY(%(kinds)s) AND e.at > %(since)s
      AND (%(branches)s::bigint[] IS NULL OR s.branch_id = ANY(%(branches)s))
      AND NOT EXISTS (SELECT FROM {_REACTIONS} r WHERE r.event_id = e.id AND r.scenario_id = %(scenario)s)
),
heard AS MATERIALIZED (
    SELECT e.event_id, e.subscriber_id, e.customer_id, e.branch_id, e.kind, e.at, p.expected_gain,
           coalesce({{rule}}, false) AND NOT (%(by_risk)s AND coalesce(p.profiling_opt_out, false))
               -- Forwarding within the own network is no sign of leaving.
               AND coalesce(e.detail->>'network', '') <> 'own' AS holds,
           jsonb_build_object('event', e.kind, 'event_at', e.at) || coalesce(v.evidence::jsonb, '{{{{}}}}') AS evidence
    FROM fresh e
    -- LIMIT: one look by key for each event, never a pass over all profiles, whatever the planner estimates.
    LEFT JOIN LATERAL (
        SELECT * FROM {SubscriberProfile._meta.db_table} x WHERE x.subscriber_id = e.subscriber_id LIMIT 1
    ) p ON true
    LEFT JOIN LATERAL (
        SELECT x.evidence FROM ({{evidence}}) x WHERE x.subscriber_id = e.subscriber_id LIMIT 1
    ) v ON true
),
-- Customers found lately rest, except those with an open order: the event is added to that order.
rested AS (
    SELECT h.*, (NOT %(only_if_it_pays)s OR coalesce(expected_gain > 0, false)) AS pays, holds AND EXISTS (
        SELECT FROM {_HITS} x
        WHERE x.scenario_id = %(scenario)s AND x.customer_id = h.customer_id
          AND x.state <> '{ScenarioHit.State.REFUSED}' AND x."on" > %(on)s::date - %(rest)s
    ) AND NOT EXISTS (
        SELECT FROM {ContactRecord._meta.db_table} c
        WHERE c.customer_id = h.customer_id AND c.state = '{ContactRecord.State.RESERVED}'
    ) AS resting
    FROM heard h
),
judged AS (
    SELECT *, CASE
        WHEN NOT holds THEN '{Result.PASSED}'
        WHEN resting THEN '{Result.RESTING}'
        WHEN NOT pays THEN '{Result.UNPAYING}'
        WHEN %(left)s::int < row_number() OVER (PARTITION BY holds AND NOT resting AND pays ORDER BY at, event_id)
            THEN '{Result.CAPPED}'
        ELSE '{Result.HIT}' END AS result
    FROM rested
),
hits AS (
    INSERT INTO {_HITS}
        (scenario_id, subscriber_id, customer_id, branch_id, "on", version, gain, evidence, state, reason, order_no,
         event_id)
    SELECT %(scenario)s, subscriber_id, customer_id, branch_id, %(on)s, %(version)s, expected_gain, evidence,
           %(state)s, '', '', event_id
    FROM judged WHERE result = '{Result.HIT}' ORDER BY event_id
    ON CONFLICT (scenario_id, event_id) WHERE event_id IS NOT NULL DO NOTHING
    RETURNING id, event_id
),
written AS (
    INSERT INTO {_REACTIONS} (event_id, scenario_id, at, result, hit_id)
    SELECT j.event_id, %(scenario)s, %(now)s, j.result, h.id FROM judged j LEFT JOIN hits h USING (event_id)
    WHERE j.result <> '{Result.HIT}' OR h.id IS NOT NULL ORDER BY j.event_id
    ON CONFLICT (event_id, scenario_id) DO NOTHING
    RETURNING result
)
SELECT result, count(*) FROM written GROUP BY result
"""


log = structlog.get_logger("campaigns.events")
EVENT_WINDOW = timedelta(hours=24)


def react_to_events(*, now: datetime) -> dict[str, int]:
    """Let every event scenario look at the events of the last 24 hours that it has not seen; each is looked at once.

    Returns how many ended as "hit", "passed" (the rule does not hold), "resting", "unpaying" and "capped". The hits
    wait to be opened. May run any number of times and at once: each scenario is one transaction under its own lock.
    """
    totals = dict.fromkeys(Result.values, 0)
    for pk in Scenario.objects.on_events().values_list("pk", flat=True):
        for result, count in _react(pk, now).items():
            totals[result] += count
    return totals


@transaction.atomic
def _react(scenario_id: int, now: datetime) -> dict[str, int]:
    scenario = Scenario.objects.select_for_update(no_key=True).get(pk=scenario_id)
    if not scenario.event_kinds:
        return {}
    try:
        tree = parse(scenario.rule)
    except Invalid as problem:  # e.g. an own field was withdrawn; its events wait until a manager repairs the rule
        log.warning("event scenario is broken", code=scenario.code, why=str(problem.message))
        return {}
    matching = SubscriberProfile.objects.filter(rule_condition(scenario, tree))
    rule, rule_params = inline_condition(matching, "p", "rule")
    evidence, evidence_params = inline(evidence_query(tree), "evidence")
    params = _settings(scenario, tree, now) | rule_params | evidence_params
    with connection.cursor() as cursor:
        cursor.execute(REACTION_SQL.format(rule=rule, evidence=evidence), params)
        found = dict(cursor.fetchall())
    if found:
        list_hits(scenario=scenario, on=params["on"], now=now)
        log.info("event scenario", code=scenario.code, **found)
    return found


def _settings(scenario: Scenario, tree: Group, now: datetime) -> dict[str, Any]:
    on = timezone.localtime(now).date()
    branches = Branch.objects.under(scenario.branch).values_list("pk", flat=True) if scenario.branch else None
    # Whom the contact gate refused does not use up the limit.
    used = ScenarioHit.objects.filter(scenario=scenario, on=on).exclude(state=ScenarioHit.State.REFUSED)
    used_today = used.count() if scenario.daily_cap else 0
    return {
        "scenario": scenario.pk,
        "kinds": scenario.event_kinds,
        "since": now - EVENT_WINDOW,
        "now": now,
        "on": on,
        "version": scenario.version,
        "state": first_state(scenario),
        "rest": scenario.cooldown_days,
        "by_risk": any(field.is_risk for field in fields_of(tree)),
        "branches": list(branches) if branches is not None else None,
        "left": scenario.daily_cap - used_today if scenario.daily_cap else None,
        "only_if_it_pays": scenario.only_if_it_pays,
    }
