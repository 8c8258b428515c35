from django.db import transaction

from campaigns.facts import needed_facts
from campaigns.models import Scenario
from campaigns.rules import clean, parse
from campaigns.shipped import SCENARIOS


@transaction.atomic
def install_scenarios() -> int:
    """Write the shipped scenarios that are missing; the others stay as managers left them. Returns how many are new."""
    new = 0
    for row in SCENARIOS:
        values = row | {
            "rule": clean(row["rule"]),
            "needs": needed_facts(parse(row["rule"])),
            "action": Scenario.Action.OPEN_ORDER,
            "enabled": True,
            "built_in": True,
        }
        _scenario, is_new = Scenario.objects.get_or_create(code=values.pop("code"), defaults=values)
        new += is_new
    return new
