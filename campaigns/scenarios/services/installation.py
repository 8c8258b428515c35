"""Writes the default scenarios that are missing, and keeps what every scenario waits for in step with the catalogue."""

from typing import Any

from django.db import transaction

from campaigns.audiences.rules import parse
from campaigns.audiences.rules.feeds import needed_feeds
from campaigns.audiences.rules.parser import as_json
from campaigns.scenarios.defaults import SCENARIOS
from campaigns.scenarios.models import Scenario
from retention.core.errors import Invalid


@transaction.atomic
def install_scenarios() -> int:
    """Write the shipped scenarios that are missing; the others stay as managers left them. Returns how many are new."""
    new = 0
    for row in SCENARIOS:
        values = row | {
            "rule": as_json(parse(row["rule"])),
            "needs": [] if row.get("event_kinds") else needed_feeds(parse(row["rule"])),
            "action": Scenario.Action.OPEN_ORDER,
            "enabled": True,
            "built_in": True,
        }
        _scenario, is_new = Scenario.objects.get_or_create(code=values.pop("code"), defaults=values)
        new += is_new
        _explain(row)
    for scenario in Scenario.objects.nightly():
        _refresh_needs(scenario)
    return new


def _explain(row: dict[str, Any]) -> None:
    """Scenarios that shipped before they had an explanation get one; what a manager wrote stays."""
    silent = Scenario.objects.filter(code=row["code"], built_in=True, explanation="", explanation_zh="")
    silent.update(explanation=row["explanation"], explanation_zh=row["explanation_zh"])


def _refresh_needs(scenario: Scenario) -> None:
    """A release may have put a field of its rule on another feed."""
    try:
        needs = needed_feeds(parse(scenario.rule))
    except Invalid:
        return  # the run holds it and names the reason
    if needs != scenario.needs:
        Scenario.objects.filter(pk=scenario.pk).update(needs=needs)
