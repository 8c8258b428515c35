"""Two models on the same rows: only a sure gain without worse calibration anywhere promotes."""

import numpy as np
import pytest

from analytics.churn.learners import metrics
from analytics.churn.learners.calibration import probability
from analytics.churn.services.comparison import _Ranking, compare


def drawn(rows: int = 8_000):
    random = np.random.default_rng(9)
    known, hidden = random.normal(size=(2, rows))
    true = known + hidden - 3
    label = (random.random(rows) < probability(true)).astype(float)
    cohort = random.choice(["under_6", "over_12"], rows)
    only_known = probability(known * 0.9 - 2.7)
    return label, only_known, probability(true), cohort


def test_a_model_that_knows_more_is_better():
    label, old, new, cohort = drawn()
    found = compare(label, old, new, cohort)
    assert found.is_better
    for gain in found.gains.values():
        assert gain.low < gain.new - gain.old < gain.high
        assert gain.is_sure
    assert {one.cohort for one in found.cohorts} == {"under_6", "over_12"}


def test_noise_is_no_gain_and_neither_is_the_way_back():
    label, old, new, cohort = drawn()
    shaken = probability(np.log(old / (1 - old)) + np.random.default_rng(1).normal(0, 0.05, len(old)))
    assert not compare(label, old, shaken, cohort).is_better
    assert not compare(label, new, old, cohort).is_better
    assert not compare(label, old, old, cohort).is_better


def test_a_gain_bought_with_worse_calibration_in_one_cohort_is_none():
    label, old, new, cohort = drawn()
    wrong = np.where(cohort == "under_6", np.clip(new * 2.5, 0, 0.99), new)
    found = compare(label, old, wrong, cohort)
    assert found.gains["auc"].is_sure
    assert [one.cohort for one in found.cohorts if one.is_worse] == ["under_6"]
    assert not found.is_better


def test_the_figures_are_those_of_the_metrics_and_weights_stand_for_repeated_rows():
    label, old, _new, _cohort = drawn(2_000)
    ones = np.ones(len(label))
    precision, lift, auc = _Ranking(label, old).figures(ones)
    assert precision == pytest.approx(metrics.average_precision(label, old, ones))
    assert lift == pytest.approx(metrics.lift(label, old, ones, 0.1))
    assert auc == pytest.approx(metrics.auc(label, old))
    random = np.random.default_rng(3)
    rows = random.integers(0, len(label), len(label))
    weight = np.bincount(rows, minlength=len(label)).astype(float)
    assert _Ranking(label, old).figures(weight)[2] == pytest.approx(metrics.auc(label[rows], old[rows]), abs=1e-9)


def test_the_same_rows_give_the_same_answer():
    label, old, new, cohort = drawn(2_000)
    assert compare(label, old, new, cohort, draws=50) == compare(label, old, new, cohort, draws=50)
