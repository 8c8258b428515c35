"""Policies and plans of the operator's catalogue for the shipped offers."""

from datetime import date

from django.db.models import Q

from customers.facts.models import LineType, Plan, Policy


def find_policy(*, longest: bool, on: date) -> Policy | None:
    """The policy on sale with the longest or shortest contract; the shortest only if it is not the longest as well."""
    begun, open_still = Q(starts_on=None) | Q(starts_on__lte=on), Q(ends_on=None) | Q(ends_on__gte=on)
    policies = list(Policy.objects.filter(begun, open_still, months__gt=0).order_by("-months", "-gift_value", "code"))
    if longest:
        return policies[0] if policies else None
    return policies[-1] if policies and policies[-1].months < policies[0].months else None


def find_plan(*, cheapest: bool, on: date) -> Plan | None:
    """The mobile plan on sale to consumers with the lowest fee, or the first with twice the data of a middling one."""
    begun = Q(on_sale_from=None) | Q(on_sale_from__lte=on)
    open_still = Q(on_sale_until=None) | Q(on_sale_until__gte=on)
    plans = Plan.objects.filter(begun, open_still, line_type=LineType.MOBILE, monthly_fee__gt=0)
    plans = plans.exclude(market=Plan.Market.BUSINESS)
    by_fee = list(plans.order_by("monthly_fee", "code"))
    if cheapest or not by_fee:
        return by_fee[0] if by_fee else None
    middling = sorted(plan.data_mb for plan in by_fee)[len(by_fee) // 2]
    return next((plan for plan in by_fee if plan.data_mb >= 2 * middling > 0), None)
