"""The value bands as a condition over profiles, equal to those of Economics over columns; what contacts cost."""

from collections.abc import Mapping
from decimal import Decimal

from django.db.models import Q

from analytics.valuation.rules.economics import LINE_TYPES, assumptions_by_type
from customers.fields.spend import band_limits


def in_value_band(band: str) -> Q:
    """Profiles of a value band; call it on a queryset annotated with `spend=MONTHLY_SPEND`."""
    terms, found = assumptions_by_type(), Q()
    for line_type in LINE_TYPES:
        low, high = band_limits(band, terms[line_type].edges)
        inside = Q(line_type=line_type)
        if low is not None:
            inside &= Q(spend__gte=low)
        if high is not None:
            inside &= Q(spend__lt=high)
        found |= inside
    return found


def contact_cost(contacts: Mapping[str, int]) -> Decimal:
    """Yuan for so many contacts by line type, without what offers cost that are accepted."""
    terms = assumptions_by_type()
    return sum((terms.get(kind, terms[""]).contact_cost * number for kind, number in contacts.items()), Decimal(0))
