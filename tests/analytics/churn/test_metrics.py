import numpy as np
import pytest
from sklearn import metrics as known

from analytics.churn.learners import metrics


@pytest.fixture
def judged():
    random = np.random.default_rng(2)
    score = np.round(random.random(3000), 2)
    return (random.random(3000) < score * 0.4).astype(float), score


def test_auc_and_average_precision_are_those_of_scikit_learn(judged):
    label, score = judged
    weight = metrics.prior_weights(label, 0.03)
    assert metrics.auc(label, score) == pytest.approx(known.roc_auc_score(label, score))
    assert metrics.average_precision(label, score, weight) == pytest.approx(
        known.average_precision_score(label, score, sample_weight=weight)
    )


def test_weights_make_the_rate_the_prior(judged):
    label, _ = judged
    assert np.average(label, weights=metrics.prior_weights(label, 0.02)) == pytest.approx(0.02)
    assert (metrics.prior_weights(label, None) == 1).all()


def test_lift_of_a_perfect_list_and_of_one_score_for_all():
    label = np.array([1.0] * 10 + [0.0] * 90)
    ones = np.ones(100)
    assert metrics.lift(label, label, ones, 0.10) == pytest.approx(10)
    assert metrics.lift(label, label, ones, 0.05) == pytest.approx(10)
    assert metrics.lift(label, ones, ones, 0.05) == pytest.approx(1)


def test_calibration_error_is_the_distance_said_to_true():
    label = np.tile([1.0, 0, 0, 0], 250)
    ones = np.ones(1000)
    assert metrics.calibration_error(label, np.full(1000, 0.25), ones) == pytest.approx(0, abs=1e-9)
    assert metrics.calibration_error(label, np.full(1000, 0.35), ones) == pytest.approx(0.10, abs=1e-9)


def test_cohorts_are_cut_as_people_say_them():
    place = metrics.cohort_of(np.array([0, 5.9, 6, 12, 12.1, np.nan]), (6, 12))
    assert place.tolist() == [0, 0, 1, 1, 2, -1]
    assert metrics.cohort_names((6, 12)) == ["under 6", "6 to 12", "over 12"]
    assert metrics.cohort_of(np.array([5, 6]), (6,)).tolist() == [0, 1]


def test_a_cohort_with_nobody_has_a_row_and_no_figures(judged):
    label, score = judged
    table = metrics.cohort_table(label, score, np.full(len(label), 20.0), (6, 12))
    assert table[0] == {"cohort": "under 6", "rows": 0}
    assert table[2]["auc"] == pytest.approx(metrics.auc(label, score), abs=1e-5)
