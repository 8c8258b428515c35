"""The library of offers: what became of each, what is left of it, and what it brings for a typical line."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, TruncDate

from campaigns.offers.economics import LineValue, OfferEconomics, value_offer
from campaigns.offers.forecasts import line_values
from campaigns.offers.models import Decision, Offer, OfferPool, OfferQuerySet
from campaigns.offers.states import State
from campaigns.offers.tariffs import amounts
from customers.facts.models import LineType
from customers.glossary.models import FieldDistribution
from customers.glossary.queries import Spread
from customers.glossary.rules import Scale
from retention.core.accounts.models import User

KEPT_DAYS = 90
TYPICAL_FIELDS = ("arpu", "plan_fee", "risk_probability", "tenure_months")


def library(user: User, *, now: datetime) -> OfferQuerySet:
    """The offers with the counts of what the user may see, and with stock_left and budget_left of the whole base.

    kept_of: accepted, not refused by billing, at least KEPT_DAYS ago; kept: of these the lines still there after
    KEPT_DAYS.
    """
    decisions = Decision.objects.visible_to(user)
    whole = OfferPool.objects.filter(offer=OuterRef("pk"), branch=None)
    offers = Offer.objects.visible_to(user).for_list().counted(decisions)
    return with_kept(offers, decisions, now=now).annotate(
        stock_left=Subquery(whole.values(left=F("stock") - F("held_units"))),
        budget_left=Subquery(whole.values(left=F("budget") - F("held_yuan"))),
    )


def with_kept(offers: OfferQuerySet, decisions: QuerySet[Decision], *, now: datetime) -> OfferQuerySet:
    """With kept_of and kept, see library()."""
    old = Q(accepted_at__lte=now - timedelta(days=KEPT_DAYS)) & ~Q(state=State.REFUSED)
    later = TruncDate(F("accepted_at") + timedelta(days=KEPT_DAYS))
    stayed = Q(subscriber__terminated_on=None) | Q(subscriber__terminated_on__gt=later)
    of_offer = decisions.filter(offer=OuterRef("pk")).order_by().values("offer")
    counts = {"kept_of": Count("pk", filter=old), "kept": Count("pk", filter=old & stayed)}
    found = {name: Subquery(of_offer.annotate(n=count).values("n")) for name, count in counts.items()}
    return offers.annotate(**{name: Coalesce(one, Value(0)) for name, one in found.items()})


@dataclass(frozen=True)
class TypicalLine:
    """A mobile line with the medians of the last night. spend, fee: yuan a month; chance: churn probability."""

    spend: float
    fee: float
    chance: float | None
    value: LineValue

    def economics(self, offer: Offer) -> OfferEconomics | None:
        """Of the offer made to this line; None for an offer that is not finished or of another line type."""
        if not offer.has_terms or (offer.plan is not None and offer.plan.line_type != LineType.MOBILE):
            return None
        found = amounts(offer, fee=Decimal(f"{self.fee:.2f}"))
        return value_offer(offer, kind=offer.kind, amounts=found, line=self.value)


def typical_line(user: User) -> TypicalLine | None:
    """Of the branches that the user sees; None before the first night, or where no app knows the value of lines."""
    spreads: dict[str, Spread] = defaultdict(Spread)
    scales: dict[str, Scale] = {}
    for row in FieldDistribution.objects.visible_to(user).filter(field__in=TYPICAL_FIELDS):
        spreads[row.field].counts.update(row.counts)
        if row.bins and row.step and row.low is not None:
            scales[row.field] = Scale(row.low, row.step, row.bins)
    middle = {name: _middle(spreads[name], scales.get(name)) for name in TYPICAL_FIELDS}
    spend, fee, values = middle["arpu"] or middle["plan_fee"], middle["plan_fee"], line_values()
    if not spend or fee is None or values is None:
        return None
    chance = middle["risk_probability"]
    value = values.of_typical(
        line_type=LineType.MOBILE.value, tenure_months=middle["tenure_months"], spend=spend, chance=chance
    )
    return TypicalLine(spend, fee, chance, value)


def _middle(spread: Spread, scale: Scale | None) -> float | None:
    """The middle of the bin of the median."""
    place = spread.median_bin()
    return None if place is None or scale is None else scale.edge(place) + scale.step / 2
