"""The value bands as a condition over profiles, equal to those of Economics over columns; what contacts cost; what our
own campaigns have measured.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from analytics.valuation.models import Experiment
from analytics.valuation.rules.economics import LINE_TYPES, arms_of, assumptions_by_type
from analytics.valuation.rules.save_rates import Measured, measured
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


@dataclass(frozen=True)
class Share:
    """A share of `people`, with the 95 % interval of Wilson."""

    people: int
    share: float
    low: float
    high: float


@dataclass(frozen=True)
class MeasuredTreatment:
    """What our own campaigns say of a treatment. acceptance: of the treated that took the offer, None without one."""

    saved: Measured
    acceptance: Share | None


def measured_by_kind() -> dict[str, MeasuredTreatment]:
    """By treatment, of the tests in force that campaigns made; one small query."""
    rows: dict[str, list[Experiment]] = {}
    for row in Experiment.objects.in_force().filter(campaign__isnull=False).order_by("pk"):
        rows.setdefault(row.kind, []).append(row)
    found = {}
    for kind, tests in rows.items():
        saved = measured([arms_of(one) for one in tests])
        if saved is not None:
            found[kind] = MeasuredTreatment(saved, _acceptance([one for one in tests if one.accepted is not None]))
    return found


def _acceptance(tests: list[Experiment]) -> Share | None:
    # Loading statsmodels takes a second or more.
    from statsmodels.stats.proportion import proportion_confint

    people = sum(one.treated for one in tests)
    if not people:
        return None
    took = sum(one.accepted or 0 for one in tests)
    low, high = proportion_confint(took, people, method="wilson")
    return Share(people, took / people, float(low), float(high))
