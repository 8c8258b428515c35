"""The scenarios of a night: one INSERT ... SELECT each, in the order of their priority."""

import json
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

import structlog
from django.db import connection, transaction

from campaigns.audiences.occasions import OCCASION, due_lines
from campaigns.audiences.rules import Group, parse
from campaigns.scenarios.models import Scenario, ScenarioHit, ScenarioRun
from campaigns.scenarios.queries import evidence_query, matching_sql
from campaigns.scenarios.rules import asked_of
from retention.core.db.inline import inline
from retention.core.errors import Invalid

log = structlog.get_logger("campaigns.nightly")
HITS = ScenarioHit._meta.db_table
RUN_COUNTS = ("found", "new", "opted_out", "cooled", "unpaying", "capped")

_INSERT = f"""
WITH {{ctes}},
written AS (
    INSERT INTO {HITS}
        (scenario_id, subscriber_id, customer_id, branch_id, "on", version, gain, evidence, state, reason, order_no)
    SELECT %(scenario)s, f.subscriber_id, f.customer_id, f.branch_id, %(on)s, %(version)s, f.expected_gain, e.evidence,
           %(state)s, '', ''
    FROM taken f JOIN ({{evidence}}) e ON e.subscriber_id = f.subscriber_id
    ORDER BY f.place
    ON CONFLICT DO NOTHING
    RETURNING 1
)
SELECT (SELECT count(*) FROM found),
       (SELECT count(*) FROM written),
       (SELECT count(DISTINCT customer_id) FROM found) - (SELECT count(*) FROM judged),
       (SELECT count(*) FROM judged WHERE resting),
       (SELECT count(*) FROM judged WHERE NOT resting AND NOT pays),
       (SELECT count(*) FROM fresh) - (SELECT count(*) FROM taken),
       (SELECT coalesce(jsonb_object_agg(branch_id, n), '{{{{}}}}')
        FROM (SELECT branch_id, count(*) AS n FROM found GROUP BY branch_id) b)
"""


@dataclass(frozen=True)
class ScenarioReport:
    """What one call did for one scenario. held: why it did not run."""

    found: int
    new: int
    opted_out: int
    cooled: int
    unpaying: int
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
    capped: int
    held: dict[str, str]
    scenarios: dict[str, ScenarioReport]


def run_scenarios(*, as_of: date, now: datetime, held: Mapping[str, str] | None = None) -> ScenariosReport:
    """Run every enabled nightly scenario for the night of `as_of`; one that has run for it adds nothing.

    now: of the contact gate: whom it refuses does not use up a nightly limit, and the next best move up.
    held: {fact: reason} of facts that did not arrive; scenarios that need one are held.
    Each scenario is one transaction: a run that was killed goes on with the next one.
    """
    missing = dict(held or {})
    runs = {scenario.code: _run_one(scenario.pk, as_of, now, missing) for scenario in Scenario.objects.nightly()}
    return ScenariosReport(
        **{name: sum(getattr(run, name) for run in runs.values()) for name in RUN_COUNTS},
        held={code: run.held for code, run in runs.items() if run.held},
        scenarios=runs,
    )


@transaction.atomic
def _run_one(scenario_id: int, as_of: date, now: datetime, missing: Mapping[str, str]) -> ScenarioReport:
    """Counts of what this call did. The lock on the scenario keeps a second run and an edit out meanwhile."""
    scenario = Scenario.objects.select_for_update(no_key=True).get(pk=scenario_id)
    earlier = ScenarioRun.objects.filter(scenario=scenario, on=as_of).first()
    if earlier and earlier.version == scenario.version and not earlier.held_because:
        return replace(_report(earlier), new=0)
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
    log.info("scenario", code=scenario.code, on=str(as_of), **asdict(report))
    return report


def _find(scenario: Scenario, tree: Group, run: ScenarioRun, now: datetime) -> None:
    """Write the hits of the night and count them into `run`."""
    part = matching_sql(scenario=scenario, tree=tree, as_of=run.on, now=now)
    evidence, evidence_params = _evidence_sql(scenario, tree, run.on)
    waits = scenario.action != Scenario.Action.REPORT_ONLY
    params = part.params | evidence_params | {
        "version": scenario.version,
        "state": ScenarioHit.State.PENDING if waits else ScenarioHit.State.REPORTED,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_INSERT.format(ctes=part.ctes, evidence=evidence), params)
        *counts, by_branch = cursor.fetchone()
    for name, value in zip(RUN_COUNTS, counts, strict=True):
        setattr(run, name, value or 0)
    run.found_by_branch = json.loads(by_branch)


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
        run.pk, run.new = earlier.pk, run.new + earlier.new
    run.save()


def _report(run: ScenarioRun) -> ScenarioReport:
    counts = {name: getattr(run, name) for name in RUN_COUNTS}
    return ScenarioReport(**counts, held=run.held_because, seconds=run.seconds)
