"""To whom a plan may be proposed: the one place of this rule."""

from customers.facts.models import Customer, Plan
from customers.tariffs.rules.terms import Terms

FIRMS: tuple[str, ...] = (Customer.Kind.ENTERPRISE.value, Customer.Kind.GOVERNMENT.value)
FOR_FIRMS = frozenset({Plan.Market.BUSINESS.value, Plan.Market.ALL.value})
FOR_CONSUMERS = frozenset({Plan.Market.CONSUMER.value, Plan.Market.ALL.value})


def is_sold_to(market: str, *, firm: bool) -> bool:
    """Whether a plan of this market is sold to an enterprise or office (`firm`), else to a private customer."""
    return market in (FOR_FIRMS if firm else FOR_CONSUMERS)


def may_be_proposed(plan: Terms, *, now_on: Terms, firm: bool) -> bool:
    """Whether a line on `now_on` may be proposed `plan`, apart from its speed (`fast_enough`).

    On sale, for the same line type and the customer's market. A bundle prices several lines at once, so it compares
    with bundles only. A restricted plan is proposed only to who has qualified already: is on one of the same brand.
    """
    return (
        plan.is_on_sale
        and plan.pk != now_on.pk
        and plan.line_type == now_on.line_type
        and plan.is_bundle == now_on.is_bundle
        and (not plan.is_restricted or (now_on.is_restricted and plan.brand == now_on.brand))
        and is_sold_to(plan.market, firm=firm)
    )
