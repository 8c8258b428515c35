"""Calibration and models within cohorts of tenure."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analytics.churn.learners.calibration import Cohorts, Curve, fit_curves, probability
from analytics.churn.learners.fitting import fit
from analytics.churn.learners.metrics import auc, calibration_error
from analytics.churn.learners.settings import PartName, Settings
from tests.analytics.churn.tables import operator

COHORTS = Cohorts("tenure", (6.0, 12.0))
QUICK = Settings(folds=3, depths=(3,), shares=0)


def test_rows_are_told_apart_by_their_tenure_and_blanks_belong_nowhere():
    frame = pd.DataFrame({"tenure": ["0", "5.9", "6", "12", "12.1", None]})
    assert COHORTS.of(frame).tolist() == [0, 0, 1, 1, 2, -1]


def test_a_cohort_that_is_told_wrong_is_put_right_and_the_others_stay():
    random = np.random.default_rng(1)
    z = random.normal(-1, 1, 9_000)
    cohort = np.arange(9_000) % 3
    true = np.where(cohort == 0, 0.6 * z + 0.9, z)
    label = (random.random(9_000) < probability(true)).astype(float)
    fitted = fit_curves(COHORTS, z, label, cohort)
    bent = fitted.bend(z, cohort)
    for number in range(3):
        inside = cohort == number
        after = calibration_error(label[inside], probability(bent[inside]), np.ones(3_000))
        assert after < 0.025
    assert np.abs(bent - true)[cohort == 0].mean() < 0.1
    assert np.abs(bent - z)[cohort != 0].mean() < 0.15


def test_curves_always_rise():
    random = np.random.default_rng(1)
    z = random.normal(size=3_000)
    upside_down = (random.random(3_000) < probability(-z)).astype(float)
    fitted = fit_curves(COHORTS, z, upside_down, np.zeros(3_000, dtype=int))
    assert fitted.curves[0].least_slope > 0
    assert fitted.curves[1:] == (Curve(), Curve())


def test_too_few_leavers_leave_a_cohort_as_it_is():
    z, label = np.zeros(400), np.zeros(400)
    label[:30] = 1
    assert fit_curves(COHORTS, z, label, np.zeros(400, dtype=int)).curves[0] == Curve()


def test_a_cohort_with_nobody_in_it_is_no_obstacle():
    frame, label = operator(1_000)
    frame["tenure"] = frame["tenure"].fillna(20) + 30
    model = fit(frame, label, settings=QUICK, cohorts=COHORTS, own=[0, 1, 2])
    assert set(model.own) <= {2}
    assert model.explain(frame).additivity_error < 1e-9


def test_reasons_add_up_through_curves_and_models_of_their_own():
    frame, label = operator(4_000)
    model = fit(frame, label, settings=QUICK, prior=0.05, cohorts=replace(COHORTS, edges=(20.0, 40.0)), own=[1])
    assert list(model.own) == [1]
    frame.loc[:50, "tenure"] = np.nan
    found = model.explain(frame)
    assert found.additivity_error < 1e-9
    np.testing.assert_allclose(found.log_odds, model.log_odds(frame), atol=1e-12)
    assert len(np.unique(found.base.round(9))) == 4  # three cohorts and the blanks
    # The stretch of a rising curve never turns a reason round: what raises a score still does.
    plain = replace(model, cohorts=None, own={})
    rows = model.cohorts.of(frame) == 0
    same = np.sign(found.contributions[:, rows]) == np.sign(plain.explain(frame).contributions[:, rows])
    assert same.all()


def test_a_cohorts_own_model_learns_what_holds_only_there():
    random = np.random.default_rng(7)
    tenure = random.choice([3.0, 30.0], 6_000)
    sign = np.where(tenure < 6, 1.0, -1.0)
    signal = random.normal(size=6_000)
    label = (random.random(6_000) < probability(sign * signal * 1.5)).astype(float)
    frame = pd.DataFrame({"tenure": tenure, "signal": signal})
    pairs_off = replace(QUICK, depths=(1,), parts=(PartName.TREES,))
    general = fit(frame, label, settings=pairs_off, cohorts=COHORTS)
    parted = fit(frame, label, settings=pairs_off, cohorts=COHORTS, own=[0, 2])
    assert set(parted.own) == {0, 2}
    assert auc(label, general.probability(frame)) < 0.6
    assert auc(label, parted.probability(frame)) > 0.75
    assert parted.held_out is not None
    assert auc(label, parted.held_out) == pytest.approx(auc(label, parted.probability(frame)), abs=0.05)
