"""Differences, bounds, corrections and verdicts, by hand and against published examples."""

import numpy as np
import pytest

from analytics.evaluation.rules.adjustment import Moments, adjust, adjust_moments
from analytics.evaluation.rules.arms import Arm, Sample
from analytics.evaluation.rules.balance import sample_ratio_p
from analytics.evaluation.rules.corrections import holm
from analytics.evaluation.rules.differences import mean_difference, rate_difference
from analytics.evaluation.rules.savings import savings
from analytics.evaluation.rules.sequential import (
    always_valid_p,
    critical_value,
    mean_bounds,
    mean_information,
    rate_bounds,
    rate_information,
)
from analytics.evaluation.rules.verdicts import Looks, Verdict, judge, judge_means


def verdict(treated, control, share=0.1, looks=Looks.ONCE, **given):
    return judge(Arm(*treated), Arm(*control), share=share, looks=looks, **given)


@pytest.mark.parametrize(
    ("treated", "control", "share", "expected"),
    [
        ((0, 0), (0, 0), 0.0, Verdict.NO_CONTROL),
        ((50, 5), (0, 0), 0.0, Verdict.NO_CONTROL),
        ((50, 5), (0, 0), None, Verdict.NO_CONTROL),
        ((0, 0), (0, 0), 0.1, Verdict.TOO_EARLY),
        ((260, 20), (29, 4), 0.1, Verdict.TOO_FEW),
        ((300, 2), (30, 2), 0.1, Verdict.TOO_FEW),
        ((900, 45), (200, 20), 0.1, Verdict.UNEVEN),
        ((900, 45), (200, 20), None, Verdict.HELPS),
        ((900, 45), (100, 15), 0.1, Verdict.HELPS),
        ((900, 180), (100, 8), 0.1, Verdict.HARMS),
        ((900, 45), (100, 6), 0.1, Verdict.NOT_SHOWN),
    ],
)
def test_what_two_arms_show(treated, control, share, expected):
    assert verdict(treated, control, share).verdict == expected


def test_what_is_good_depends_on_the_outcome():
    assert verdict((900, 45), (100, 15), fewer_is_better=False).verdict == Verdict.HARMS
    assert verdict((900, 180), (100, 8), fewer_is_better=False).verdict == Verdict.HELPS


def test_the_difference_has_the_interval_of_newcombe():
    # Newcombe 1998, method 10, example (a): 56/70 against 48/80 gives 0.0524 to 0.3339.
    found = verdict((70, 56), (80, 48), 80 / 150).estimate
    assert found.value == pytest.approx(0.2)
    assert (found.low, found.high) == (pytest.approx(0.0524, abs=5e-5), pytest.approx(0.3339, abs=5e-5))
    # Score test: pooled rate 104/150, error sqrt(.69333 x .30667 x (1/70 + 1/80) x 150/149) = .07572; z 2.6414.
    assert found.p == pytest.approx(0.00826, abs=2e-5)


def test_how_many_more_members_would_show_a_difference_of_this_size():
    found = verdict((900, 45), (100, 6))
    # (1.960 + 0.842)^2 / (2 asin sqrt .05 - 2 asin sqrt .06)^2 x (1 + 1/9) = 4,521 control, 100 of them there.
    assert found.more == pytest.approx(4_421, abs=5)
    assert verdict((900, 90), (100, 10)).more is None  # equal: no number of members shows it
    many = verdict((900, 45), (100, 6), looks=Looks.REPEATED).more
    early = verdict((900, 45), (100, 6), looks=Looks.EARLY).more
    assert found.more < verdict((900, 45), (100, 6), looks=Looks.END).more < many < early < 4 * found.more


def test_welch_against_values_worked_out_by_hand():
    # Means 3 and 5, variances 2.5 and 10, five values each: error sqrt(2.5), freedom 6.25/(.25/4 + 4/4) = 5.8824.
    found = mean_difference(Sample.of(np.arange(1.0, 6)), Sample.of(np.arange(1.0, 10, 2)))
    assert (found.value, found.error) == (pytest.approx(-2), pytest.approx(2.5**0.5))
    assert (found.low, found.high) == (pytest.approx(-5.888, abs=2e-3), pytest.approx(1.888, abs=2e-3))
    assert found.p == pytest.approx(0.2534, abs=2e-3)
    assert mean_difference(Sample.of(np.ones(9)), Sample.of(np.ones(9))).p == 1
    assert mean_difference(Sample.of(np.ones(9)), Sample.of(np.ones(1))) is None


def test_the_critical_value_of_the_mixture():
    # r = 8.7769 is where the bound is tightest: sqrt((1 + 1/r)(ln(1 + r) + 2 ln 20)) = 3.0353 (any other r: wider).
    assert critical_value(8.7769, 0.05) == pytest.approx(3.035, abs=1e-3)
    assert critical_value(0, 0.05) == float("inf")
    values = critical_value(np.array([0.01, 1, 8.7769, 100, 1e6]), 0.05)
    assert values.argmin() == 2 and (values > 1.96).all()


def test_bounds_widen_with_few_events_and_reach_zero_where_their_p_is_the_level():
    assert rate_bounds(Arm(1_000, 0), Arm(1_000, 0), 0.05) == (
        pytest.approx(-0.05, abs=0.02),
        pytest.approx(0.05, abs=0.02),
    )
    rates = Arm(4_000, 200), Arm(4_000, 260)
    low, high = rate_bounds(*rates, 0.05)
    one = rate_difference(*rates)
    assert low < one.low < one.value < one.high < high
    assert always_valid_p(one.value / one.error, rate_information(*rates)) > one.p
    value = critical_value(30.0, 0.02)
    assert always_valid_p(value, 30.0) == pytest.approx(0.02)
    assert always_valid_p(0.0, 30.0) == 1 and always_valid_p(5.0, 0.0) == 1


def test_means_are_judged_too():
    random = np.random.default_rng(5)
    spend = {
        name: Sample.of(random.gamma(2, 20, 4_000) + more) for name, more in {"a": 6.0, "b": 0.0, "c": 0.1}.items()
    }
    assert mean_information(spend["a"], spend["b"]) == pytest.approx(0.01 * 2_000, rel=0.02)
    low, high = mean_bounds(spend["a"], spend["b"], 0.05)
    one = mean_difference(spend["a"], spend["b"])
    assert low < one.low < 6 < one.high < high
    assert judge_means(spend["a"], spend["b"], share=0.5, looks=Looks.REPEATED).verdict == Verdict.HELPS
    assert judge_means(spend["b"], spend["a"], share=0.5, looks=Looks.EARLY).verdict == Verdict.HARMS
    open_still = judge_means(spend["c"], spend["b"], share=0.5, looks=Looks.ONCE)
    # (2.8016 sd / difference)^2 x 2 for each of two even arms.
    deviation = (spend["b"].variance / 2 + spend["c"].variance / 2) ** 0.5
    wanted = 2 * (2.8016 * deviation / (spend["c"].mean - spend["b"].mean)) ** 2
    assert open_still.verdict == Verdict.NOT_SHOWN
    assert open_still.more == pytest.approx(wanted - 4_000, rel=0.01)
    same = Sample(50, 1.0, 0.0)
    assert judge_means(same, same, share=0.5, looks=Looks.ONCE).verdict == Verdict.TOO_FEW


def test_sample_ratio():
    # (900 - 990)^2/990 + (200 - 110)^2/110 = 81.8, one degree of freedom.
    assert sample_ratio_p((200, 900), (0.1, 0.9)) == pytest.approx(1.5e-19, rel=0.1)
    assert sample_ratio_p((21_307, 21_387, 21_306), (1 / 3,) * 3) == pytest.approx(0.902, abs=0.002)
    assert sample_ratio_p((3, 0), (0.5, 0.5)) == pytest.approx(0.25)
    assert sample_ratio_p((3, 0, 1), (1 / 3,) * 3) is None
    assert sample_ratio_p((0, 0), (0.5, 0.5)) is None


def test_holm_by_hand():
    # Sorted .01 .02 .03 .04: times 4, 3, 2, 1 and never falling.
    assert holm([0.04, 0.01, None, 0.03, 0.02]) == [
        pytest.approx(0.06), pytest.approx(0.04), None, pytest.approx(0.06), pytest.approx(0.06),
    ]  # fmt: skip
    assert holm([None, None]) == [None, None]


def test_the_pre_period_takes_off_the_variance_that_it_explains_and_no_effect():
    random = np.random.default_rng(11)
    before = random.normal(size=(20_000, 2))
    arm = random.integers(0, 2, 20_000)
    outcome = 3 + 0.2 * arm + before @ np.array([0.6, 0.3]) + random.normal(size=20_000)
    found = adjust(outcome, arm, before)
    assert found.reduction == pytest.approx(0.45 / 1.45, abs=0.02)  # explained .36 + .09 of 1.45
    assert found.helps
    assert found.values.mean() == pytest.approx(outcome.mean())
    effect = mean_difference(Sample.of(found.values[arm == 1]), Sample.of(found.values[arm == 0]))
    assert effect.low < 0.2 < effect.high
    assert effect.error == pytest.approx(2 / 20_000**0.5, rel=0.02)
    useless = adjust(outcome, arm, random.normal(size=(20_000, 3)))
    assert abs(useless.reduction) < 0.001 and not useless.helps
    assert not adjust(np.ones(10), np.arange(10) % 2, np.ones((10, 1))).helps


def test_sums_of_a_database_adjust_as_the_rows_do():
    random = np.random.default_rng(12)
    before, arm = random.gamma(2, 30, 900), np.repeat([0, 1], [300, 600])
    outcome = 0.8 * before + random.normal(0, 20, 900) + 3 * arm
    parts = [(outcome[arm == one], before[arm == one]) for one in (0, 1)]
    moments = [Moments(len(y), y.mean(), y.var(ddof=1), x.mean(), x.var(ddof=1), np.cov(y, x)[0, 1]) for y, x in parts]
    samples, reduction = adjust_moments(moments)
    rows = adjust(outcome, arm, before[:, None])
    assert reduction == pytest.approx(rows.reduction, abs=1e-9)
    for one, sample in enumerate(samples):
        expected = Sample.of(rows.values[arm == one])
        assert (sample.mean, sample.variance) == (pytest.approx(expected.mean), pytest.approx(expected.variance))
    still = [Moments(50, 3.0, 2.0, 1.0, 0.0, 0.0)] * 2
    assert adjust_moments(still) == ([Sample(50, 3.0, 2.0)] * 2, 0.0)


def test_what_saves_are_worth():
    found = savings(treated=10_000, difference=-0.01, low=-0.016, high=-0.004, cost=20_000, worth=300)
    assert (found.saves, found.low, found.high) == (pytest.approx(100), pytest.approx(40), pytest.approx(160))
    assert found.cost_per_save == pytest.approx(200)
    assert (found.net, found.net_low, found.net_high) == (10_000, pytest.approx(-8_000), pytest.approx(28_000))
    assert found.pays is None
    assert savings(treated=100, difference=0.01, low=0.0, high=0.02, cost=5, worth=300).cost_per_save is None
    assert savings(treated=100, difference=0.01, low=0.0, high=0.02, cost=5, worth=300).pays is False
    assert savings(treated=100, difference=-0.5, low=-0.6, high=-0.4, cost=5, worth=300).pays is True
