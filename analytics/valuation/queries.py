"""The value bands as a condition over profiles, equal to those of Economics over columns."""

from django.db.models import DecimalField, Q, Value
from django.db.models.functions import Coalesce

from analytics.valuation.economics import LINE_TYPES, assumptions_by_type
from analytics.valuation.models import ValueBand

# Monthly spend of a line, as the scores use it.
SPEND = Coalesce("arpu", "plan_fee", Value(0, DecimalField()))


def in_value_band(band: str) -> Q:
    """Profiles of a value band; call it on a queryset annotated with `spend=SPEND`."""
    terms, found = assumptions_by_type(), Q()
    for line_type in LINE_TYPES:
        edges = {ValueBand.LOW: (None, terms[line_type].mid_from), ValueBand.HIGH: (terms[line_type].high_from, None)}
        low, high = edges.get(ValueBand(band), (terms[line_type].mid_from, terms[line_type].high_from))
        inside = Q(line_type=line_type)
        if low is not None:
            inside &= Q(spend__gte=low)
        if high is not None:
            inside &= Q(spend__lt=high)
        found |= inside
    return found
