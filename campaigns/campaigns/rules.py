"""Limits and throttling of campaigns. Pure: no database, no clock."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import floor

from retention.core.accounts.roles import Role

# Customers to be contacted, and yuan, of a campaign that a person of the role may approve; no entry: no limit.
CONTACT_LIMITS: Mapping[str, int] = {Role.MANAGER: 20_000}
BUDGET_LIMITS: Mapping[str, Decimal] = {Role.MANAGER: Decimal(500_000)}
# From this share of the base on, the number of customers is typed by who submits it.
ASKED_SHARE = 0.2
# A frozen audience may be so much larger than the one that was approved.
GROWTH_LIMIT = 1.2
# A member who lost to another contact is asked for again after so many days.
REST_DAYS = 7


@dataclass(frozen=True)
class Work:
    """Of the agents: orders that are open, and brought to their end a day."""

    open_orders: int
    closed_a_day: float


def orders_now(
    *, daily_cap: int | None, opened_today: int, by_capacity: bool, backlog_days: int, work: Work | None
) -> int | None:
    """How many orders a campaign may open now; None for no limit.

    by_capacity: no more may be open than the agents close in `backlog_days`; where nobody closes any, none is opened.
    """
    limits = []
    if daily_cap is not None:
        limits.append(daily_cap - opened_today)
    if by_capacity:
        limits.append(floor(work.closed_a_day * backlog_days) - work.open_orders if work else 0)
    return max(0, min(limits)) if limits else None


def over_limit(*, role: str, contacts: int, budget: Decimal | None) -> str:
    """Which limit of the role the campaign exceeds: "contacts", "budget" or ""."""
    if contacts > CONTACT_LIMITS.get(role, contacts):
        return "contacts"
    if budget is not None and budget > BUDGET_LIMITS.get(role, budget):
        return "budget"
    return ""
