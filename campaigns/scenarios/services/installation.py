"""Writes the default scenarios that are missing, gives those that nobody has changed what ships since, and keeps what
every scenario waits for in step with the catalogue."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from campaigns.audiences.rules import parse
from campaigns.audiences.rules.parser import as_json
from campaigns.scenarios.defaults import SCENARIOS
from campaigns.scenarios.holdouts import default_percent
from campaigns.scenarios.models import Scenario
from campaigns.scenarios.rules import needed_facts
from retention.core.errors import Invalid


@transaction.atomic
def install_scenarios(rows: Iterable[Mapping[str, Any]] = SCENARIOS) -> int:
    """Write the shipped scenarios that are missing; the others stay as managers left them. Returns how many are new."""
    new = 0
    for row in rows:
        shipped = {"action": Scenario.Action.OPEN_ORDER, "enabled": True, "built_in": True}
        scenario = Scenario(**shipped | dict(row) | {"rule": as_json(parse(row["rule"]))})
        if not Scenario.objects.filter(code=scenario.code).exists():
            scenario.needs = needed_facts(scenario)
            scenario.holdout_percent = default_percent(scenario)
            scenario.save()
            new += 1
        _explain(row)
        _hold_out(scenario)
    for scenario in Scenario.objects.nightly():
        _refresh_needs(scenario)
    return new


def _explain(row: Mapping[str, Any]) -> None:
    """Scenarios that shipped before they had an explanation get one; what a manager wrote stays."""
    if "explanation" not in row:
        return
    silent = Scenario.objects.filter(code=row["code"], built_in=True, explanation="", explanation_zh="")
    silent.update(explanation=row["explanation"], explanation_zh=row["explanation_zh"])


def _hold_out(shipped: Scenario) -> None:
    """A scenario from before there were default hold-outs gets its own, as long as nobody has ever changed it."""
    if percent := default_percent(shipped):
        unchanged = Scenario.objects.filter(code=shipped.code, built_in=True, version=1, holdout_percent=0)
        unchanged.filter(action=shipped.action, trigger=shipped.trigger).update(holdout_percent=percent)


def _refresh_needs(scenario: Scenario) -> None:
    """A release may have put a field of its rule on another feed."""
    try:
        needs = needed_facts(scenario)
    except Invalid:
        return  # the run holds it and names the reason
    if needs != scenario.needs:
        Scenario.objects.filter(pk=scenario.pk).update(needs=needs)
