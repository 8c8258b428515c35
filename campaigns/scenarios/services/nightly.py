"""The scenarios of a night: one INSERT ... SELECT each, in the order of their priority."""

import json
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import structlog
from django.db import connection, transaction

from campaigns.audiences.occasions import OCCASION, due_lines
from campaigns.audiences.rules import Group, parse
from campaigns.scenarios.models import Scenario, ScenarioHit, ScenarioRun
from campaigns.scenarios.queries import evidence_query, matching_sql
from campaigns.scenarios.queries.matching import STREAKS
from campaigns.scenarios.rules import asked_of
from campaigns.scenarios.schedules import first_due
from campaigns.scenarios.services.hits import first_state, list_hits
from retention.core.db.inline import inline
from retention.core.errors import Invalid

log = structlog.get_logger("campaigns.nightly")
HITS = ScenarioHit._meta.db_table
RUN_COUNTS = ("found", "new", *ScenarioRun.LEFT_OUT)

# Hits of the nights before that wait or have an order, and whether their rule still holds tonight.
CLEAR_WINDOW = timedelta(days=60)
_CLEARING = f"""
cleared AS (
    UPDATE {HITS} h SET
        cleared_on = CASE WHEN NOT x.holds THEN %(on)s::date END,
        state = CASE WHEN NOT x.holds AND h.state <> '{ScenarioHit.State.OPENED}'
                     THEN '{ScenarioHit.State.CLEARED}' ELSE h.state END
    FROM (
        SELECT w.id, EXISTS (SELECT FROM found f WHERE f.subscriber_id = w.subscriber_id) AS holds FROM {HITS} w
        WHERE w.scenario_id = %(scenario)s AND w."on" < %(on)s AND w."on" > %(clear_since)s
          AND w.state IN ('{ScenarioHit.State.PENDING}', '{ScenarioHit.State.HELD}', '{ScenarioHit.State.OPENED}')
    ) x
    WHERE h.id = x.id AND x.holds = (h.cleared_on IS NOT NULL)
),
"""
_STREAKS = f"""
kept_up AS (
    INSERT INTO {STREAKS} AS s (scenario_id, subscriber_id, since, "on", nights)
    SELECT %(scenario)s, subscriber_id, %(on)s, %(on)s, 1 FROM found
    ON CONFLICT (scenario_id, subscriber_id) DO UPDATE SET
        "on" = excluded."on",
        since = CASE WHEN s."on" >= %(last_run)s THEN s.since ELSE excluded.since END,
        nights = CASE WHEN s."on" >= %(last_run)s THEN s.nights + 1 ELSE 1 END
    WHERE s."on" < excluded."on"
),
ended AS (
    DELETE FROM {STREAKS} s
    WHERE s.scenario_id = %(scenario)s AND NOT EXISTS (SELECT FROM found f WHERE f.subscriber_id = s.subscriber_id)
),
"""
_INSERT = f"""
WITH {{ctes}},
{{also}}
written AS (
    INSERT INTO {HITS}
        (scenario_id, subscriber_id, customer_id, branch_id, "on", version, gain, evidence, state, reason, order_no,
         holdout_percent)
    SELECT %(scenario)s, f.subscriber_id, f.customer_id, f.branch_id, %(on)s, %(version)s, f.expected_gain, e.evidence,
           CASE WHEN f.held_out THEN '{ScenarioHit.State.HELD_OUT}' ELSE %(state)s END, '', '', %(holdout)s
    FROM taken f JOIN ({{evidence}}) e ON e.subscriber_id = f.subscriber_id
    WHERE %(keeps_hits)s
    ORDER BY f.place
    ON CONFLICT DO NOTHING
    RETURNING 1
)
SELECT (SELECT count(*) FROM written),
       (SELECT coalesce(jsonb_object_agg(branch_id, n), '{{{{}}}}')
        FROM (SELECT branch_id, count(*) AS n FROM found GROUP BY branch_id) b),
       (SELECT coalesce(jsonb_agg(jsonb_build_array(branch_id, stage, n)), '[]')
        FROM (SELECT branch_id, stage, count(*) AS n FROM staged GROUP BY branch_id, stage) c)
"""


@dataclass(frozen=True)
class ScenarioReport:
    """What one call did for one scenario. held: why it did not run."""

    found: int
    new: int
    opted_out: int
    cooled: int
    unpaying: int
    confirming: int
    capped: int
    held: str
    seconds: float


@dataclass(frozen=True)
class ScenariosReport:
    """The counts over all scenarios; held: {code: why it did not run}; scenarios: by code."""

    found: int
    new: int
    opted_out: int
    cooled: int
    unpaying: int
    confirming: int
    capped: int
    held: dict[str, str]
    scenarios: dict[str, ScenarioReport]


def run_scenarios(*, as_of: date, now: datetime, held: Mapping[str, str] | None = None) -> ScenariosReport:
    """Run every enabled scenario that is due on the night of `as_of`; one that has run for it adds nothing.

    now: of the contact gate: whom it refuses does not use up a nightly limit, and the next best move up.
    held: {fact: reason} of facts that did not arrive; scenarios that need one are held.
    Each scenario is one transaction: a run that was killed goes on with the next one.
    """
    missing = dict(held or {})
    # Nights are not owed for the time in which a scenario was off.
    Scenario.objects.filter(enabled=False, next_on__isnull=False).update(next_on=None)
    reports = {scenario.code: _run_one(scenario.pk, as_of, now, missing) for scenario in Scenario.objects.nightly()}
    runs = {code: report for code, report in reports.items() if report is not None}
    return ScenariosReport(
        **{name: sum(getattr(run, name) for run in runs.values()) for name in RUN_COUNTS},
        held={code: run.held for code, run in runs.items() if run.held},
        scenarios=runs,
    )


@transaction.atomic
def _run_one(scenario_id: int, as_of: date, now: datetime, missing: Mapping[str, str]) -> ScenarioReport | None:
    """Counts of what this call did, None on a night on which it is not due. The lock on the scenario keeps a second
    run and an edit out meanwhile."""
    scenario = Scenario.objects.select_for_update(no_key=True).get(pk=scenario_id)
    earlier = ScenarioRun.objects.filter(scenario=scenario, on=as_of).first()
    if earlier and earlier.version == scenario.version and not earlier.held_because:
        return replace(_report(earlier), new=0)
    if not earlier and not _is_due(scenario, as_of):
        return None
    started = time.perf_counter()
    run = ScenarioRun(scenario=scenario, on=as_of, version=scenario.version, rule=scenario.rule)
    run.held_because = _held_because(scenario, missing)
    if not run.held_because:
        try:
            _find(scenario, parse(scenario.rule), run, now)
        except Invalid as problem:
            # E.g. an own field was withdrawn. The other scenarios still run; the page shows the reason.
            run.held_because = str(problem.message)[:300]
    run.seconds = round(time.perf_counter() - started, 3)
    report = _report(run)
    _save_run(run, earlier)
    if not run.held_because:
        _set_next(scenario, as_of + timedelta(days=1))
    log.info("scenario", code=scenario.code, on=str(as_of), **asdict(report))
    return report


def _is_due(scenario: Scenario, as_of: date) -> bool:
    """A night that was missed or held is owed: it is made up, once, by the next night that comes."""
    if scenario.next_on is None:
        _set_next(scenario, as_of)
    return scenario.next_on is None or scenario.next_on <= as_of


def _set_next(scenario: Scenario, on: date) -> None:
    scenario.next_on = None if scenario.trigger == Scenario.Trigger.NIGHTLY else first_due(scenario, on=on)
    Scenario.objects.filter(pk=scenario.pk).update(next_on=scenario.next_on)


def _find(scenario: Scenario, tree: Group, run: ScenarioRun, now: datetime) -> None:
    """Write the hits of the night and count them into `run`."""
    part = matching_sql(scenario=scenario, tree=tree, as_of=run.on, now=now)
    evidence, evidence_params = _evidence_sql(scenario, tree, run.on)
    params = part.params | evidence_params | {
        "version": scenario.version,
        "state": first_state(scenario),
        "keeps_hits": scenario.action != Scenario.Action.COUNT_ONLY,
        "clear_since": run.on - CLEAR_WINDOW,
    }  # fmt: skip
    also = (_CLEARING if scenario.auto_clear else "") + (_STREAKS if scenario.confirm_nights > 1 else "")
    with connection.cursor() as cursor:
        cursor.execute(_INSERT.format(ctes=part.ctes, also=also, evidence=evidence), params)
        run.new, by_branch, stages = cursor.fetchone()
    run.found_by_branch = json.loads(by_branch)
    run.found = sum(run.found_by_branch.values())
    counts_only = scenario.action == Scenario.Action.COUNT_ONLY
    _count_left_out(run, json.loads(stages), counts_only=counts_only)
    if counts_only:
        run.new = sum(counts.get(ScenarioRun.COUNTED, 0) for counts in run.left_out.values())
    list_hits(scenario=scenario, on=run.on, now=now)


def _count_left_out(run: ScenarioRun, stages: list[tuple[int, str, int]], *, counts_only: bool) -> None:
    run.left_out = {}
    for branch, stage, customers in stages:
        if stage in ScenarioRun.LEFT_OUT:
            setattr(run, stage, getattr(run, stage) + customers)
        elif not counts_only:
            continue  # they are hits, which are counted where they stand
        kept = run.left_out.setdefault(str(branch), {})
        kept[stage if stage in ScenarioRun.LEFT_OUT else ScenarioRun.COUNTED] = customers


def _evidence_sql(scenario: Scenario, tree: Group, as_of: date) -> tuple[str, dict[str, Any]]:
    """The SELECT of subscriber_id and evidence, and its parameters; what the occasion adds has a key of its own."""
    sql, params = inline(evidence_query(tree), "evidence")
    if not scenario.occasion:
        return sql, params
    due, due_params = inline(due_lines(scenario.occasion, asked_of(scenario, as_of)), "due")
    with_occasion = f"""
        SELECT v.subscriber_id, v.evidence::jsonb || jsonb_build_object('{OCCASION}', d.evidence) AS evidence
        FROM ({sql}) v JOIN ({due}) d USING (subscriber_id)
    """
    return with_occasion, params | due_params


def _held_because(scenario: Scenario, missing: Mapping[str, str]) -> str:
    return "; ".join(f"{fact}: {missing[fact]}" for fact in scenario.needs if fact in missing)[:300]


def _save_run(run: ScenarioRun, earlier: ScenarioRun | None) -> None:
    if earlier:
        run.pk = earlier.pk
        if run.scenario.action != Scenario.Action.COUNT_ONLY:
            run.new += earlier.new  # the hits that an earlier version of it has found tonight
    run.save()


def _report(run: ScenarioRun) -> ScenarioReport:
    counts = {name: getattr(run, name) for name in RUN_COUNTS}
    return ScenarioReport(**counts, held=run.held_because, seconds=run.seconds)
