"""The lines that an offer may be made now, by their plan, and what it costs and brings with each."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Avg, Count, F, FloatField
from django.db.models.functions import Cast

from campaigns.offers.economics import OfferEconomics, value_offer
from campaigns.offers.eligibility import eligible_lines
from campaigns.offers.forecasts import LineValues, line_values
from campaigns.offers.models import Offer
from campaigns.offers.tariffs import Amounts, amounts
from customers.fields.spend import MONTHLY_SPEND
from customers.profile.models import SubscriberProfile
from retention.core.accounts.models import User


@dataclass(frozen=True)
class PlanGroup:
    """The lines of one plan that an offer may be made now, and its amounts for each of them. economics: for a line of
    their mean spend, tenure and churn probability; None where no app knows the value of lines."""

    plan: str
    lines: int
    amounts: Amounts
    economics: OfferEconomics | None = None


def eligible_by_plan(*, offer: Offer, user: User) -> list[PlanGroup]:
    """The lines visible to the user that the offer may be made, by the plan they have, most lines first; one query over
    the base. Invalid for a rule that no longer holds. The offer's dates, stock and budget are not looked at.
    """
    lines = SubscriberProfile.objects.visible_to(user).filter(eligible_lines(offer))
    plans = lines.values(
        name=F("subscriber__plan__name"), fee=F("subscriber__plan__monthly_fee"), of=F("subscriber__plan__line_type")
    )
    found = plans.annotate(
        lines=Count("pk"), spend=Avg(Cast(MONTHLY_SPEND, FloatField())), chance=Avg("risk_probability"),
        tenure=Avg("tenure_months"),
    )  # fmt: skip
    values = line_values()
    return [_group(offer, row, values) for row in found.order_by("-lines", "fee", "name")]


def _group(offer: Offer, row: Mapping[str, Any], values: LineValues | None) -> PlanGroup:
    found = amounts(offer, fee=row["fee"])
    economics = None
    if values is not None:
        line = values.of_typical(
            line_type=row["of"], tenure_months=row["tenure"], spend=row["spend"], chance=row["chance"]
        )
        economics = value_offer(offer, kind=offer.kind, amounts=found, line=line)
    return PlanGroup(row["name"], row["lines"], found, economics)
