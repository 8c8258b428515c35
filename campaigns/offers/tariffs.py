"""What an offer is worth to a customer and costs us over its whole term, from the tariffs. Pure.

What the customer saves a month is what we lose, for every month of the term; one-off gifts and costs are added once:

    worth = (fee of the plan of today - fee of the new plan) x months + one-off worth
    cost  = (fee of the plan of today - fee of the new plan) x months + one-off cost + handling cost

A contract renewal leaves the fee as it is; its policy's gift is added to both. Use beyond the plan is not foreseen. A
deposit is the customer's own money and stands in neither.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from customers.facts.models import Plan, Policy

ZERO, FEN = Decimal(0), Decimal("0.01")


class Terms(Protocol):
    """What an Offer gives. plan is set for a plan change, policy for a renewal."""

    @property
    def plan(self) -> Plan | None: ...

    @property
    def policy(self) -> Policy | None: ...

    @property
    def months(self) -> int: ...

    @property
    def value(self) -> Decimal: ...

    @property
    def cost(self) -> Decimal: ...

    @property
    def handling_cost(self) -> Decimal: ...


@dataclass(frozen=True)
class Amounts:
    """Yuan over the term of `months` (0 without one). monthly: what the customer saves a month, negative for more to
    pay. cost: what we lose, negative where the new plan brings more; one_off: the part of it that is spent once."""

    months: int
    monthly: Decimal
    worth: Decimal
    cost: Decimal
    one_off: Decimal = ZERO

    @property
    def charged(self) -> Decimal:
        """What is taken from a budget: nothing for an offer that brings money."""
        return max(self.cost, ZERO)


def amounts(offer: Terms, *, fee: Decimal) -> Amounts:
    """fee: yuan a month of the plan that the line has."""
    months, monthly, gift = 0, ZERO, ZERO
    if offer.plan is not None:
        months, monthly = offer.months, fee - offer.plan.monthly_fee
    elif offer.policy is not None:
        months, gift = offer.policy.months, offer.policy.gift_value
    saved = monthly * months + gift
    spent = offer.cost + offer.handling_cost
    return Amounts(months, monthly, saved + offer.value, saved + spent, gift + spent)


def clawback_due(*, clawback: Decimal, bound_months: int, served: int) -> Decimal:
    """What a customer repays who leaves after so many whole months of the `bound_months`: the share of the claw-back of
    the months left, in yuan and fen; 0 from the last month on."""
    left = max(bound_months - max(served, 0), 0)
    return (clawback * left / bound_months).quantize(FEN) if bound_months else ZERO
