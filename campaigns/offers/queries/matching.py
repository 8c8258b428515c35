"""The offers on sale and one line: which may be made, in the order of what they are expected to bring, and why not."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from django.db.models import Max
from django.utils import timezone

from campaigns.offers.economics import value_offer
from campaigns.offers.eligibility import Judged, best_first, judge
from campaigns.offers.forecasts import line_values
from campaigns.offers.limits import accepted_lately, pays_for_nobody, used_up
from campaigns.offers.models import Decision, Offer, OfferPool
from campaigns.offers.states import GIVEN_STATES
from customers.facts.models import Subscriber


def judged_for(*, subscriber_id: int, on: date) -> list[Judged[Offer]]:
    """Every offer that is on sale on a day: those the line may be made first, the one that is expected to bring most
    leading; each other with the reasons against it. A fixed number of statements, whatever the number of offers.

    The risk of the line moves the order and nothing else: neither terms nor whether an offer may be made.
    """
    offers = list(Offer.objects.on_sale(on).select_related("policy", "plan", "branch").order_by("code"))
    if not offers:
        return []
    path, customer_id = Subscriber.objects.values_list("branch__path", "account__customer_id").get(pk=subscriber_id)
    found = judge(offers, subscriber_id=subscriber_id)
    found = _limited(found, _pools(offers, path), _accepted(customer_id), on)
    return sorted(_valued(found, subscriber_id, on), key=best_first)


def eligible_for(*, subscriber_id: int, on: date) -> list[Judged[Offer]]:
    """The offers a line may be made on a day, the one that is expected to bring most first."""
    return [one for one in judged_for(subscriber_id=subscriber_id, on=on) if one.is_eligible]


def _limited(
    judged: Iterable[Judged[Offer]],
    pools: Mapping[int, Sequence[OfferPool]],
    accepted: Mapping[str, date],
    on: date,
) -> list[Judged[Offer]]:
    found = []
    for one in judged:
        if one.amounts is not None:
            repeated = accepted_lately(accepted.get(one.offer.family), months=one.offer.repeat_months, on=on)
            of_offer = pools.get(one.offer.pk, ())
            why = tuple(filter(None, (repeated, used_up(of_offer, cost=one.amounts.charged))))
            left = min((pool.units_left for pool in of_offer if pool.units_left is not None), default=None)
            one = replace(one, reasons=one.reasons + why, units_left=left)
        found.append(one)
    return found


def _pools(offers: Sequence[Offer], path: str) -> Mapping[int, Sequence[OfferPool]]:
    found: dict[int, list[OfferPool]] = defaultdict(list)
    for pool in OfferPool.objects.covering(path).filter(offer__in=offers).order_by("pk"):
        found[pool.offer_id].append(pool)
    return found


def _accepted(customer_id: int) -> dict[str, date]:
    """{family: day on which the customer last accepted one of it, on any line, that was not refused by billing}."""
    given = Decision.objects.filter(subscriber__account__customer_id=customer_id, state__in=GIVEN_STATES)
    rows = given.order_by().values_list("offer__family").annotate(last=Max("accepted_at"))
    return {family: timezone.localdate(last) for family, last in rows}


def _valued(judged: Sequence[Judged[Offer]], subscriber_id: int, on: date) -> list[Judged[Offer]]:
    """With the economics of each, where the value of the line is known; those that pay for nobody are barred."""
    values = line_values()
    plans = {one.offer.plan_id for one in judged if one.offer.plan_id and one.amounts}
    line = values.of_line(subscriber_id=subscriber_id, plans=plans, on=on - timedelta(days=1)) if values else None
    if line is None:
        return list(judged)
    found = []
    for one in judged:
        if one.amounts is not None:
            economics = value_offer(one.offer, kind=one.offer.kind, amounts=one.amounts, line=line)
            why = tuple(filter(None, [pays_for_nobody(economics)]))
            one = replace(one, economics=economics, reasons=one.reasons + why)
        found.append(one)
    return found
