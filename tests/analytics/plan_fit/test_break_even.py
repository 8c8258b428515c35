"""The churn probability from which a cheaper plan pays, against the same by hand."""

from decimal import Decimal

import numpy as np
import pytest

from analytics.plan_fit.rules import PlanChange
from analytics.valuation.models import Treatment, ValueTerms
from analytics.valuation.rules.economics import LINE_TYPES
from customers.fields.cohorts import COHORTS

pytestmark = pytest.mark.django_db
MOBILE, OVER_12 = LINE_TYPES.index("mobile"), COHORTS.index("over_12")


def break_even(cost: float, saving: float) -> float:
    columns = {"line_type": np.array([MOBILE]), "cohort": np.array([OVER_12])}
    return float(PlanChange.current().break_even(cost=np.array([cost]), saving=np.array([saving]), **columns)[0])


@pytest.fixture(autouse=True)
def assumptions(db):
    """One month looked ahead, so that a saved line and any other are worth one month each."""
    ValueTerms.objects.create(margin=0.5, discount_a_year=0, horizon_months=1, contact_cost=Decimal(2), saved_leaves=2)
    Treatment.objects.create(
        kind="plan_change", save_rate=0.5, weight=40, enough=40, acceptance=0.25, offer_cost=Decimal(0)
    )


def test_the_break_even_chance_by_hand():
    """Cost 100, saving 10: the plan earns 50 - 10 = 40, so a saved leaver brings 0.5 x 40 = 20; those who would have
    stayed are given 0.25 x 10 = 2.50, and the contact costs 2: p x 20 = (1 - p) x 2.50 + 2, p = 4.5 / 22.5 = 0.2.
    """
    assert break_even(100, 10) == pytest.approx(0.2)


def test_a_larger_saving_needs_a_higher_chance_of_leaving():
    # saving 20: 0.5 x 30 = 15 kept, 0.25 x 20 = 5 lost: (5 + 2) / (15 + 5)
    assert break_even(100, 20) == pytest.approx(0.35)


def test_a_plan_that_earns_nothing_never_pays_nor_one_that_earns_less_than_the_contact_costs():
    assert np.isnan(break_even(100, 50))
    assert np.isnan(break_even(100, 60))
    # saving 47: 0.5 x 3 = 1.50 is less than the 2 of the contact, even when the line would surely leave
    assert np.isnan(break_even(100, 47))


def test_without_a_saving_there_is_nothing_to_propose():
    assert np.isnan(break_even(100, 0))
    assert np.isnan(break_even(100, np.nan))


def test_the_longer_a_line_would_have_stayed_the_more_is_given_away():
    """Over 36 months a saved line, which leaves at twice the usual rate, is worth fewer months than any other."""
    ValueTerms.objects.update(horizon_months=36)
    change = PlanChange.current()
    assert change.usual[MOBILE, OVER_12] > change.economics.months[MOBILE, OVER_12]
    assert break_even(100, 10) > (2.5 / 22.5)
    kept = 0.5 * change.economics.months[MOBILE, OVER_12] * 40
    lost = 0.25 * change.usual[MOBILE, OVER_12] * 10
    assert break_even(100, 10) == pytest.approx((lost + 2) / (kept + lost))
