"""Writes the default offers that are missing; and each night how customers have answered to each offer."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction

from campaigns.audiences.rules.parser import as_json
from campaigns.offers import defaults as offered
from campaigns.offers.families import kind_of
from campaigns.offers.models import Decision, Offer, OfferPool
from campaigns.offers.queries.catalogue import find_plan, find_policy
from campaigns.offers.rules import parse_offer_rule
from campaigns.offers.states import State

# Offers had none of these at first; 0 is what the migration gave to those installed before.
LATER_SETTINGS = ("repeat_months", "handling_cost")
_ANSWERS_SQL = f"""
    UPDATE {Offer._meta.db_table} o SET asked = n.asked, taken = n.taken
    FROM (
        SELECT offer_id, count(*) AS asked, count(accepted_at) AS taken FROM {Decision._meta.db_table}
        WHERE coalesce(accepted_at, CASE WHEN state = '{State.DECLINED.value}' THEN settled_at END) < %(until)s
        GROUP BY offer_id
    ) n
    WHERE n.offer_id = o.id AND (o.asked, o.taken) IS DISTINCT FROM (n.asked, n.taken)
"""


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
        if not is_new:
            _complete(code, row)
        if wanted and terms and not is_new:
            Offer.objects.filter(pk=offer.pk, version=1, policy=None, plan=None).update(**terms, enabled=True)
    return new


def _complete(code: str, shipped: Mapping[str, Any]) -> None:
    """An offer from before there were these settings gets those that ship, as long as nobody has ever changed it."""
    unchanged = Offer.objects.filter(code=code, built_in=True, version=1)
    for name in LATER_SETTINGS:
        if value := shipped.get(name):
            unchanged.filter(**{name: 0}).update(**{name: value})


def count_answers(*, until: datetime) -> int:
    """Write how many customers accepted or declined each offer up to a moment, and how many accepted; one statement.

    Returns the offers changed; the same again changes none.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ANSWERS_SQL, {"until": until})
        return cursor.rowcount


def _terms(wanted: str, on: date) -> dict[str, Any]:
    """{"policy": row} or {"plan": row} of the operator's own catalogue; {} when nothing fits."""
    if wanted in {offered.LONGEST_POLICY, offered.SHORTEST_POLICY}:
        policy = find_policy(longest=wanted == offered.LONGEST_POLICY, on=on)
        return {"policy": policy} if policy else {}
    if wanted:
        plan = find_plan(cheapest=wanted == offered.CHEAPEST_PLAN, on=on)
        return {"plan": plan} if plan else {}
    return {}
