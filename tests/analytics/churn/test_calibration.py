import numpy as np
import pytest

from analytics.churn.learners.calibration import Calibration, fit_calibration, probability
from analytics.churn.learners.metrics import calibration_error, prior_weights


def drawn(rows: int = 20_000, rate_shift: float = 0.0):
    random = np.random.default_rng(5)
    truth = random.normal(rate_shift, 1.2, rows)
    return truth, (random.random(rows) < probability(truth)).astype(float)


def test_over_sure_scores_are_put_right():
    truth, label = drawn()
    found = fit_calibration(2 * truth + 0.7, label)
    assert found.slope == pytest.approx(0.5, abs=0.03)
    said = found.probability(2 * truth + 0.7)
    assert calibration_error(label, said, np.ones(len(label))) < 0.012
    assert said.mean() == pytest.approx(label.mean(), abs=1e-6)


def test_a_sample_picked_half_and_half_is_shifted_to_the_true_rate():
    truth, label = drawn()
    found = fit_calibration(truth, label, prior=0.02)
    weight = prior_weights(label, 0.02)
    said = found.probability(truth)
    assert np.average(said, weights=weight) == pytest.approx(0.02, rel=0.05)
    assert calibration_error(label, said, weight) < 0.003


def test_order_is_kept():
    truth, label = drawn(2000)
    said = fit_calibration(truth, label, prior=0.1).probability(np.sort(truth))
    assert (np.diff(said) > 0).all()


def test_scores_that_rank_leavers_last_are_not_used():
    truth, label = drawn(2000)
    assert fit_calibration(-truth, label).slope == 0.0


def test_few_leavers_never_stretch_the_scores():
    truth, label = drawn(60, rate_shift=-2.5)
    found = fit_calibration(truth / 3 + 3, label)
    assert 0 < found.slope < 1.0
    assert found.probability(truth / 3 + 3).mean() == pytest.approx(label.mean(), abs=1e-6)


@pytest.mark.parametrize("leavers", [8, 12, 24, 60, 300])
def test_scores_that_tell_nothing_give_everybody_nearly_the_rate(leavers):
    """24 leavers in 24,000 by chance: over many draws the mean is the rate, and no row is far above it."""
    random = np.random.default_rng(leavers)
    label = np.zeros(24_000)
    label[:leavers] = 1
    rate, highest = leavers / len(label), []
    for _ in range(20):
        scores = random.normal(-6, 1.5, len(label))
        found = fit_calibration(scores, label)
        assert found.probability(scores).mean() == pytest.approx(rate, rel=1e-3)
        highest.append(np.quantile(found.probability(scores), 0.99) / rate)
    assert np.median(highest) == pytest.approx(1.0, abs=0.01)
    assert max(highest) < 6


def test_strong_scores_are_hardly_shrunk():
    truth, label = drawn()
    assert fit_calibration(truth, label).slope == pytest.approx(1.0, abs=0.03)


def test_scores_beyond_all_measure_stay_probabilities():
    said = Calibration(slope=5).probability(np.array([-1e6, 1e6]))
    assert (said >= 0).all()
    assert (said <= 1).all()
