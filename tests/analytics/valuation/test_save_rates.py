import numpy as np
import pytest

from analytics.valuation.rules.save_rates import Arms, Prior, measured, save_rate

BELIEF = Prior(rate=0.15, weight=40, enough=40)


def arms(treated=10_000, treated_left=300, control=10_000, control_left=400, cohort="", band="") -> Arms:
    return Arms(cohort, band, treated, treated_left, control, control_left)


def found(*tests: Arms, belief=BELIEF, cohort="over_12", band="high"):
    return save_rate(belief, tests, cohort=cohort, band=band)


def test_without_a_test_the_belief_rules_and_says_how_unsure_it_is():
    rate = found()
    assert rate.rate == pytest.approx(0.15)
    assert not rate.is_learned
    assert rate.low < 0 < rate.rate < rate.high < 1


def test_tests_with_too_few_leavers_are_not_heard_but_told():
    rate = found(arms(treated_left=10, control_left=20))
    assert rate.rate == pytest.approx(0.15)
    assert (rate.tests, rate.leavers, rate.needed) == (0, 30, 40)


def test_a_large_test_outweighs_the_belief_and_narrows_the_interval():
    rate = found(arms(100_000, 1_500, 100_000, 3_000))
    assert rate.rate == pytest.approx(0.5, abs=0.02)
    assert rate.is_learned
    assert rate.high - rate.low < 0.07


def test_a_middling_test_lies_between_belief_and_what_it_found():
    rate = found(arms(10_000, 40, 10_000, 80))
    assert 0.15 < rate.rate < 0.5


def test_a_contact_that_drives_customers_out_comes_out_below_zero():
    """Ascarza, Iyengar and Schleicher: 10.0 % of those contacted left, 6.4 % of those left alone."""
    rate = found(arms(50_000, 5_000, 15_000, 960))
    assert rate.does_harm
    assert rate.high < 0
    assert rate.rate == pytest.approx(1 - 0.100 / 0.064, abs=0.05)


def test_a_test_of_another_segment_is_not_heard():
    assert not found(arms(cohort="under_6")).is_learned
    assert not found(arms(band="low")).is_learned
    assert found(arms(cohort="over_12", band="high")).is_learned


def test_a_segments_own_test_counts_on_top_of_what_everybody_showed():
    everybody = arms(100_000, 2_900, 100_000, 3_000)
    own = arms(20_000, 400, 20_000, 800, cohort="over_12", band="high")
    rate = found(everybody, own)
    assert rate.tests == 2
    assert found(everybody).rate < rate.rate < 0.5
    assert found(everybody, own, cohort="under_6").tests == 1


def test_arms_without_leavers_do_not_break_it():
    rate = found(arms(1_000, 0, 1_000, 60))
    assert 0.15 < rate.rate < 0.5  # half a leaver tells little
    assert np.isfinite([rate.low, rate.high]).all()


def test_the_interval_holds_the_truth_about_as_often_as_it_says():
    """Tests are drawn around true rates that are drawn from the belief: then 95 of 100 intervals must hold."""
    random, hits, turns = np.random.default_rng(5), 0, 400
    for _turn in range(turns):
        risk = np.exp(random.normal(np.log(0.85), np.sqrt(2 / 40)))
        control, treated = random.binomial(20_000, 0.03), random.binomial(20_000, min(1, 0.03 * risk))
        rate = found(arms(20_000, treated, 20_000, control))
        hits += rate.low <= 1 - risk <= rate.high
    assert 0.92 <= hits / turns <= 0.98


def test_tests_that_agree_tell_more_and_tests_that_do_not_tell_less():
    one = arms(treated_left=200, control_left=400)
    alone, twice = measured([one]), measured([one, one])
    assert alone.rate == twice.rate == pytest.approx(0.5, abs=0.01)
    assert (twice.tests, twice.people, twice.leavers) == (2, 40_000, 1_200)
    assert twice.high - twice.low < 0.75 * (alone.high - alone.low)
    torn = measured([one, arms(treated_left=500, control_left=400)])
    assert torn.low < 0 < torn.high  # by precision alone its interval would be as narrow as that of two that agree
    assert torn.high - torn.low > 3 * (twice.high - twice.low)
    assert measured([]) is None
