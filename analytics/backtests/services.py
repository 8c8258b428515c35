"""The back-tests of all scenarios, kept with the night; a month end is counted again only when more of it is known."""

from datetime import date, timedelta
from typing import Any

import pandas as pd
import structlog
from django.db import transaction

from analytics.backtests.models import ScenarioBacktest
from analytics.backtests.queries.base import count_lines, live_lines, snapshot_shares
from analytics.backtests.queries.replay import gain_of_lines, left_by_choice, recent_month_ends, why_nothing
from analytics.backtests.queries.scope import Scope
from analytics.backtests.queries.snapshots import hits, require_known
from analytics.backtests.rules import HEADLINE, Lines
from analytics.valuation.models import TreatmentKind
from analytics.valuation.rules.economics import Economics
from campaigns.audiences.rules import Group, parse
from campaigns.scenarios.models import Scenario
from campaigns.scenarios.queries.branch_numbers import rule_condition
from retention.core.errors import Invalid

log = structlog.get_logger("analytics.backtests")


def record_backtests(*, as_of: date) -> int:
    """Count what is missing of the last month ends: those of a new version, and those whose window is over by `as_of`.

    Rows written. Scenarios on events or occasions are left out, since a month end knows neither; so is a rule that
    cannot be read.
    One transaction a scenario and month end: a killed run goes on with the next one.
    """
    days = recent_month_ends(as_of)
    ScenarioBacktest.objects.exclude(month__in=days).delete()
    pending = _pending(days, as_of)
    if not pending:
        return 0
    counted, economics = count_lines(days), Economics.current()
    shares = snapshot_shares(counted)
    bases: dict[tuple[int | None, tuple[str, ...]], dict[date, dict[int, Lines]]] = {}
    written = 0
    for scenario, months in pending.items():
        try:
            tree = parse(scenario.rule)
            require_known(tree)
        except Invalid as problem:
            log.info("no_backtest", code=scenario.code, why=str(problem.message))
            continue
        scope = Scope.of(tree, branch=scenario.branch)
        key = (scenario.branch_id, scope.line_types)
        if key not in bases:
            bases[key] = live_lines(counted, scope)
        for day in months:
            if not why_nothing(tree, day, shares[day]):
                known = _is_known(day, as_of)
                rows = _rows(scenario, tree, day, scope, bases[key][day], known=known, economics=economics)
                written += _keep(scenario, day, rows, share=shares[day])
    return written


def _pending(days: list[date], as_of: date) -> dict[Scenario, list[date]]:
    """{scenario: month ends that are missing, of an older version, or known by now}."""
    kept = set(ScenarioBacktest.objects.values_list("scenario_id", "version", "month", "known").distinct())
    scenarios = Scenario.objects.exclude(trigger=Scenario.Trigger.EVENT).filter(occasion="").select_related("branch")
    found = {
        one: [day for day in days if (one.pk, one.version, day, _is_known(day, as_of)) not in kept] for one in scenarios
    }
    return {one: months for one, months in found.items() if months}


def _is_known(day: date, as_of: date) -> bool:
    return day + timedelta(days=HEADLINE) <= as_of


def _rows(
    scenario: Scenario, tree: Group, day: date, scope: Scope, base: dict[int, Lines], *, known: bool,
    economics: Economics,
) -> list[ScenarioBacktest]:  # fmt: skip
    """A row for each branch with live lines, also where nothing was found."""
    lines = hits(tree, day, scope, condition=rule_condition(scenario, tree, path="subscriber__"))
    judged = pd.DataFrame({"branch": lines["branch"], "found": 1})
    judged["left"] = left_by_choice(lines, HEADLINE) if known else 0
    judged["gain"] = gain_of_lines(lines, economics, TreatmentKind.CONTACT) if known else 0.0
    sums: dict[int, dict[str, Any]] = judged.groupby("branch").sum().to_dict("index")
    nothing = {"found": 0, "left": 0, "gain": 0.0}
    rows = []
    for branch, standing in base.items():
        here = sums.get(branch, nothing)
        rows.append(
            ScenarioBacktest(
                scenario=scenario, branch_id=branch, month=day, version=scenario.version, known=known,
                found=here["found"], left=here["left"], gain=round(here["gain"], 2), base=standing.lines,
                base_left=standing.left[HEADLINE] if known else 0,
            )
        )  # fmt: skip
    return rows


@transaction.atomic
def _keep(scenario: Scenario, day: date, rows: list[ScenarioBacktest], *, share: float) -> int:
    for row in rows:
        row.share = share
    ScenarioBacktest.objects.filter(scenario=scenario, month=day).delete()
    return len(ScenarioBacktest.objects.bulk_create(rows))
