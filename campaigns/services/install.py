from datetime import date
from typing import Any

from django.db import transaction

from campaigns.facts import needed_facts
from campaigns.models import Offer, Scenario
from campaigns.offers import shipped as offered
from campaigns.offers.catalogue import plan_for, policy_for
from campaigns.offers.eligibility import eligibility
from campaigns.rules import clean, parse
from campaigns.rules.parse import as_json
from campaigns.shipped import SCENARIOS


@transaction.atomic
def install_scenarios() -> int:
    """Write the shipped scenarios that are missing; the others stay as managers left them. Returns how many are new."""
    new = 0
    for row in SCENARIOS:
        values = row | {
            "rule": clean(row["rule"]),
            "needs": [] if row.get("event_kinds") else needed_facts(parse(row["rule"])),
            "action": Scenario.Action.OPEN_ORDER,
            "enabled": True,
            "built_in": True,
        }
        _scenario, is_new = Scenario.objects.get_or_create(code=values.pop("code"), defaults=values)
        new += is_new
    return new


@transaction.atomic
def install_offers(*, on: date) -> int:
    """Write the shipped offers that are missing, with the policies and plans on sale on a day; returns how many.

    One for which the operator's catalogue has nothing is written switched off, and completed on a later night when
    nobody has touched it. What managers changed stays as they left it.
    """
    new = 0
    for row in offered.OFFERS:
        values = dict(row)
        code, wanted = values.pop("code"), values.pop("terms", "")
        terms = _terms(wanted, on)
        values |= terms | {"rule": as_json(eligibility(row["rule"])), "built_in": True}
        offer, is_new = Offer.objects.get_or_create(code=code, defaults=values | {"enabled": bool(terms) or not wanted})
        new += is_new
        if wanted and terms and not is_new:
            Offer.objects.filter(pk=offer.pk, version=1, policy=None, plan=None).update(**terms, enabled=True)
    return new


def _terms(wanted: str, on: date) -> dict[str, Any]:
    """{"policy": row} or {"plan": row} of the operator's own catalogue; {} when nothing fits."""
    if wanted in {offered.LONGEST_POLICY, offered.SHORTEST_POLICY}:
        policy = policy_for(longest=wanted == offered.LONGEST_POLICY, on=on)
        return {"policy": policy} if policy else {}
    if wanted:
        plan = plan_for(cheapest=wanted == offered.CHEAPEST_PLAN, on=on)
        return {"plan": plan} if plan else {}
    return {}
