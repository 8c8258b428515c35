"""Writes the default offers that are missing."""

from datetime import date, timedelta
from typing import Any

from django.db import transaction

from campaigns.audiences.rules.parser import as_json
from campaigns.offers import defaults as offered
from campaigns.offers.families import kind_of
from campaigns.offers.models import Offer, OfferPool
from campaigns.offers.queries.catalogue import find_plan, find_policy
from campaigns.offers.rules import parse_offer_rule


@transaction.atomic
def install_offers(*, on: date) -> int:
    """Write the shipped offers that are missing, with the policies and plans on sale on a day; returns how many.

    One for which the operator's catalogue has nothing is written switched off, and completed on a later night when
    it is still unchanged. What managers changed is left alone.
    """
    new = 0
    for row in offered.OFFERS:
        values = dict(row)
        code, wanted, pool = values.pop("code"), values.pop("terms", ""), values.pop("pool", None)
        terms = _terms(wanted, on)
        if days := values.pop("valid_days", 0):
            values |= {"valid_from": on, "valid_until": on + timedelta(days=days)}
        values |= terms | {
            "kind": kind_of(row["family"]),
            "rule": as_json(parse_offer_rule(row["rule"])),
            "built_in": True,
        }
        offer, is_new = Offer.objects.get_or_create(code=code, defaults=values | {"enabled": bool(terms) or not wanted})
        new += is_new
        if is_new and pool:
            OfferPool.objects.create(offer=offer, **pool)
        if wanted and terms and not is_new:
            Offer.objects.filter(pk=offer.pk, version=1, policy=None, plan=None).update(**terms, enabled=True)
    return new


def _terms(wanted: str, on: date) -> dict[str, Any]:
    """{"policy": row} or {"plan": row} of the operator's own catalogue; {} when nothing fits."""
    if wanted in {offered.LONGEST_POLICY, offered.SHORTEST_POLICY}:
        policy = find_policy(longest=wanted == offered.LONGEST_POLICY, on=on)
        return {"policy": policy} if policy else {}
    if wanted:
        plan = find_plan(cheapest=wanted == offered.CHEAPEST_PLAN, on=on)
        return {"plan": plan} if plan else {}
    return {}
