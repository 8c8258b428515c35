"""The value of one line, or of a typical one, for the economics of offers (campaigns.offers.economics)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from analytics.plan_fit.queries import newest_rated_month, rated_months
from analytics.valuation.models import Treatment, ValueTerms
from analytics.valuation.rules.economics import (
    COHORTS,
    LINE_TYPES,
    UNKNOWN_COHORT,
    UNKNOWN_TYPE,
    assumptions_by_type,
    churn_rates_by_type,
    month_weights,
    prior_of,
    tests_by_kind,
    treatments_by_kind,
)
from analytics.valuation.rules.save_rates import Arms, save_rate
from campaigns.offers.economics import LineValue
from customers.facts.models import Subscriber
from customers.fields.cohorts import DAYS_A_MONTH, cohort_of_days
from customers.fields.spend import BANDS, MONTHLY_SPEND
from customers.profile.models import SubscriberProfile
from customers.tariffs.queries import plan_terms, read_line
from customers.tariffs.rules.rating import fast_enough
from customers.tariffs.rules.terms import over_charges


@dataclass(frozen=True)
class Assumptions:
    """The current rows of the valuation, default values where there is none."""

    terms: dict[str, ValueTerms]
    leaving: dict[tuple[str, str], float]
    treatments: dict[str, Treatment]
    tests: dict[str, list[Arms]]

    def save_rates(self, cohort: str, band: str) -> dict[str, float]:
        """{kind: share of leavers who stay} of a segment."""
        return {
            kind: save_rate(prior_of(one), self.tests.get(kind, ()), cohort=cohort, band=band).rate
            for kind, one in self.treatments.items()
        }


class CurrentValues:
    """LineValues of campaigns.offers.forecasts; the assumptions are read once, by four small queries."""

    @cached_property
    def assumptions(self) -> Assumptions:
        terms = assumptions_by_type()
        return Assumptions(terms, churn_rates_by_type(terms), treatments_by_kind(), tests_by_kind())

    def of_line(self, *, subscriber_id: int, plans: Collection[int], on: date) -> LineValue | None:
        """Of one line, rated on these plans as on a day where the tariffs say. None where its spend is not known."""
        found = SubscriberProfile.objects.filter(pk=subscriber_id).annotate(spend=MONTHLY_SPEND)
        row = found.values("line_type", "tenure_cohort", "risk_probability", "spend").first()
        if row is None or not row["spend"]:
            return None
        rated = rated_savings(subscriber_id, plans, on=on) if plans else {}
        return self._value(
            row["line_type"], row["tenure_cohort"], float(row["spend"]), row["risk_probability"], rated=rated
        )

    def of_typical(
        self, *, line_type: str, tenure_months: float | None, spend: float, chance: float | None
    ) -> LineValue:
        """Of a line with these means, on its fee alone; tenure None counts as the longest."""
        cohort = None if tenure_months is None else cohort_of_days(round(tenure_months * DAYS_A_MONTH)).value
        return self._value(line_type, cohort, spend, chance, rated={})

    def _value(
        self, line_type: str | None, cohort: str | None, spend: float, chance: float | None, *, rated: dict[int, float]
    ) -> LineValue:
        known = self.assumptions
        line_type = line_type if line_type and line_type in LINE_TYPES else LINE_TYPES[UNKNOWN_TYPE]
        cohort = cohort if cohort in COHORTS else COHORTS[UNKNOWN_COHORT]
        band = BANDS[sum(spend >= float(edge) for edge in known.terms[line_type].edges)]
        return LineValue(
            chance=chance,
            spend=spend,
            margin=known.terms[line_type].margin,
            saved=self._weights(line_type, cohort, times=known.terms[line_type].saved_leaves),
            usual=self._weights(line_type, cohort, times=1.0),
            save_rate=known.save_rates(cohort, band),
            acceptance={kind: one.acceptance for kind, one in known.treatments.items()},
            weight={kind: float(one.weight) for kind, one in known.treatments.items()},
            rated=rated,
        )

    def _weights(self, line_type: str, cohort: str, *, times: float) -> list[float]:
        terms = self.assumptions.terms[line_type]
        return month_weights(
            cohort=cohort,
            leaving={one: self.assumptions.leaving[line_type, one] for one in COHORTS},
            discount_a_year=terms.discount_a_year,
            horizon=terms.horizon_months,
            times=times,
        )


def rated_savings(subscriber_id: int, plans: Collection[int], *, on: date) -> dict[int, float]:
    """{plan id: yuan a month that the use of the rated months costs less on it}; plans whose tariff lacks a price that
    this use needs, and slower ones, are left out. Four queries."""
    last_month, catalogue = newest_rated_month(on), plan_terms(on=on)
    line = Subscriber.objects.select_related("account__customer").get(pk=subscriber_id)
    present = catalogue.get(line.plan_id)
    if last_month is None or present is None:
        return {}
    lines = read_line(line, as_of=on, months=rated_months(last_month)).lines
    use = lines.use[:, 0, np.flatnonzero(lines.counted[0])]
    if not use.shape[1]:
        return {}
    costs = {
        pk: catalogue[pk].fee + float(over_charges(catalogue[pk], use).mean())
        for pk in {*plans, present.pk}
        if pk in catalogue and np.all(fast_enough(catalogue[pk], lines.bandwidth) | (pk == present.pk))
    }
    now = costs[present.pk]
    return {pk: now - cost for pk, cost in costs.items() if pk in plans and not np.isnan(now - cost)}
