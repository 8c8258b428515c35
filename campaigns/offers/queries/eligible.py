"""The lines that an offer may be made now, by their plan, and what it costs and brings with each; and the offers that
may be made to lines that left.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Avg, BooleanField, Count, ExpressionWrapper, F, FloatField
from django.db.models.functions import Cast

from campaigns.audiences.rules import parse, profiles_of
from campaigns.offers.economics import OfferEconomics, value_offer
from campaigns.offers.eligibility import eligible_lines
from campaigns.offers.forecasts import LineValues, line_values
from campaigns.offers.models import Offer
from campaigns.offers.tariffs import Amounts, amounts
from customers.fields.spend import MONTHLY_SPEND
from customers.profile.models import LeaverProfile
from retention.core.accounts.models import User
from retention.core.errors import Invalid


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
    the base. Invalid for a rule that no longer holds. The offer's dates, stock and budget are not looked at. Lines that
    left for an offer whose rule asks about leaving, else lines in use.
    """
    lines = profiles_of(parse(offer.rule)).objects.visible_to(user).filter(eligible_lines(offer))
    plans = lines.values(
        name=F("subscriber__plan__name"), fee=F("subscriber__plan__monthly_fee"), of=F("subscriber__plan__line_type")
    )
    found = plans.annotate(
        lines=Count("pk"), spend=Avg(Cast(MONTHLY_SPEND, FloatField())), chance=Avg("risk_probability"),
        tenure=Avg("tenure_months"),
    )  # fmt: skip
    values = line_values()
    return [_group(offer, row, values) for row in found.order_by("-lines", "fee", "name")]


def offers_to_leavers(*, subscriber_ids: Sequence[int], on: date) -> dict[int, list[Offer]]:
    """{line that left: the offers on sale on a day whose conditions it meets}, by code; two statements for any number.

    Stock, budget and what the customer has accepted before are asked for when the offer is made.
    """
    offers: dict[str, Offer] = {}
    asked: dict[str, ExpressionWrapper] = {}
    for offer in Offer.objects.on_sale(on).select_related("plan", "branch").order_by("code"):
        try:
            condition = eligible_lines(offer)
        except Invalid:  # its page shows why the rule no longer holds
            continue
        key = f"offer_{offer.pk}"
        offers[key], asked[key] = offer, ExpressionWrapper(condition, output_field=BooleanField())
    rows: Iterable[Mapping[str, Any]] = LeaverProfile.objects.filter(pk__in=subscriber_ids).values("pk", **asked)
    return {row["pk"]: [offer for key, offer in offers.items() if row[key]] for row in rows}


def _group(offer: Offer, row: Mapping[str, Any], values: LineValues | None) -> PlanGroup:
    found = amounts(offer, fee=row["fee"])
    economics = None
    if values is not None:
        line = values.of_typical(
            line_type=row["of"], tenure_months=row["tenure"], spend=row["spend"], chance=row["chance"]
        )
        economics = value_offer(offer, kind=offer.kind, amounts=found, line=line)
    return PlanGroup(row["name"], row["lines"], found, economics)
