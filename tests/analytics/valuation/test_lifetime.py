import pytest

from analytics.valuation.rules.economics import expected_months, monthly_churn_rate
from customers.fields.cohorts import DAYS_A_MONTH

STEADY = {"under_6": 0.02, "6_to_12": 0.02, "over_12": 0.02}


def months(cohort="over_12", leaving=None, discount=0.0, horizon=36, times=1.0) -> float:
    return expected_months(
        cohort=cohort, leaving=leaving or STEADY, discount_a_year=discount, horizon=horizon, times=times
    )


def test_a_line_that_never_leaves_brings_every_month_ahead():
    assert months(leaving=dict.fromkeys(STEADY, 0.0)) == 36


def test_a_steady_rate_gives_the_geometric_sum():
    kept = 0.98
    assert months() == pytest.approx((1 - kept**36) / (1 - kept))


def test_discounting_counts_later_months_less():
    kept = 0.98 / 1.10 ** (1 / 12)
    assert months(discount=0.10) == pytest.approx((1 - kept**36) / (1 - kept))


def test_a_saved_line_leaves_sooner_than_others():
    assert months(times=2.0) == pytest.approx(months(leaving=dict.fromkeys(STEADY, 0.04)))


def test_a_new_line_goes_through_its_cohorts_one_after_the_other():
    """Three months at the rate of the first half year, six at that of the second, then those of old customers."""
    leaving = {"under_6": 0.10, "6_to_12": 0.05, "over_12": 0.0}
    alive, expected = 1.0, 0.0
    for month in range(12):
        expected += alive
        alive *= 0.90 if month < 3 else 0.95 if month < 9 else 1.0
    assert months("under_6", leaving, horizon=12) == pytest.approx(expected)


def test_a_certain_leaver_still_pays_the_month_it_is_in():
    assert months(leaving=dict.fromkeys(STEADY, 0.8), times=2.0) == 1


def test_few_watched_lines_are_drawn_to_the_configured_rate_and_many_are_believed():
    assert monthly_churn_rate(leavers=0, line_days=0, configured=0.02) == 0.02
    assert monthly_churn_rate(leavers=5, line_days=round(50 * DAYS_A_MONTH), configured=0.02) == pytest.approx(
        (5 + 10) / 550, rel=1e-3
    )
    assert monthly_churn_rate(leavers=5_000, line_days=round(100_000 * DAYS_A_MONTH), configured=0.02) == pytest.approx(
        0.05, rel=0.01
    )
