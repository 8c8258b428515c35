"""Writes the default scenarios that are missing."""

from django.db import transaction

from campaigns.audiences.rules import clean, parse
from campaigns.audiences.rules.feeds import needed_feeds
from campaigns.scenarios.defaults import SCENARIOS
from campaigns.scenarios.models import Scenario


@transaction.atomic
def install_scenarios() -> int:
    """Write the shipped scenarios that are missing; the others stay as managers left them. Returns how many are new."""
    new = 0
    for row in SCENARIOS:
        values = row | {
            "rule": clean(row["rule"]),
            "needs": [] if row.get("event_kinds") else needed_feeds(parse(row["rule"])),
            "action": Scenario.Action.OPEN_ORDER,
            "enabled": True,
            "built_in": True,
        }
        _scenario, is_new = Scenario.objects.get_or_create(code=values.pop("code"), defaults=values)
        new += is_new
    return new
