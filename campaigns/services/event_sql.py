"""The one statement by which an event scenario looks at new events.

fresh   events of the scenario's kinds that it has not looked at yet
heard   the same with the answer of its rule
judged  what comes of each: a hit, or why not. A line without a profile is one whose every value is missing.
"""

from campaigns.models import EventReaction, ScenarioHit
from customers.models import Account, ContactRecord, StatusEvent, Subscriber, SubscriberProfile

_HITS, _REACTIONS = ScenarioHit._meta.db_table, EventReaction._meta.db_table
Result = EventReaction.Result

REACT = f"""
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
    -- LIMIT: one look by key for each event, never a pass over all profiles, whatever the planner believes.
    LEFT JOIN LATERAL (
        SELECT * FROM {SubscriberProfile._meta.db_table} x WHERE x.subscriber_id = e.subscriber_id LIMIT 1
    ) p ON true
    LEFT JOIN LATERAL (
        SELECT x.evidence FROM ({{evidence}}) x WHERE x.subscriber_id = e.subscriber_id LIMIT 1
    ) v ON true
),
-- Whoever was found lately rests, unless his order is still open: that one should know.
rested AS (
    SELECT h.*, holds AND EXISTS (
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
        WHEN %(left)s::int < row_number() OVER (PARTITION BY holds AND NOT resting ORDER BY at, event_id)
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
