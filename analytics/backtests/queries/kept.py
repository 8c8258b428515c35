"""The list of scenarios with the back-tests that the nights have kept."""

from collections import defaultdict
from datetime import date
from typing import Any

from analytics.backtests.models import ScenarioBacktest
from analytics.backtests.rules import Verdict, judge, mean, ratio, wilson
from campaigns.scenarios.models import Scenario
from campaigns.scenarios.queries import nights_of
from retention.core.accounts.models import User


def kept_figures(user: User, scenarios: list[Scenario]) -> dict[int, dict[str, Any]]:
    """{scenario id: hits and gain a month, left, precision, interval, lift, share (of leavers caught), verdict}.

    Over the branches that this person may see; nothing for a scenario without a back-test of the version in force.
    """
    rows = ScenarioBacktest.objects.visible_to(user).of_versions_in_force().filter(scenario__in=scenarios).by_month()
    months: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        months[row["scenario_id"]].append(row)
    return {scenario: _figures(found) for scenario, found in months.items()}


def _figures(months: list[dict[str, Any]]) -> dict[str, Any]:
    known = [row for row in months if row["base_lines"] is not None]
    judged, left = (sum(row[name] for row in known) for name in ("judged", "left_sum"))
    base = ratio(sum(row["base_leavers"] for row in known), sum(row["base_lines"] for row in known))
    precision = ratio(left, judged)
    # A line is found once a month end at most: so many different ones there are at least.
    interval = wilson(precision, max(1, round(judged / len(known)))) if precision is not None else None
    verdict: Verdict | None = judge(interval, base) if interval and base else None
    return {
        "hits": mean([row["hits"] for row in months]),
        "left": left if known else None,
        "precision": precision,
        "interval": interval,
        "lift": ratio(precision, base),
        "share": ratio(sum(row["caught"] for row in known), sum(row["base_leavers"] for row in known)),
        "gain": mean([row["yuan"] for row in known]),
        "verdict": verdict,
    }


def scenario_rows(user: User, until: date) -> list[dict[str, Any]]:
    """A row for each scenario that this person may see, with what it found on its last night."""
    scenarios = list(Scenario.objects.visible_to(user).for_list())
    nights, figures = nights_of(scenarios=scenarios, user=user, until=until), kept_figures(user, scenarios)
    rows = []
    for one in scenarios:
        last = nights[one.pk].last
        rows.append(
            {"pk": one.pk, "code": one.code, "name": one.title, "enabled": one.enabled, "trigger": one.trigger,
             "found": last.found if last else None} | figures.get(one.pk, {})
        )  # fmt: skip
    return rows
