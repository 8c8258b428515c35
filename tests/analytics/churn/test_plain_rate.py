"""A model against the plain rate, on the rows that judge it."""

import numpy as np
import pytest

from analytics.churn.learners.calibration import fit_calibration
from analytics.churn.learners.plain_rate import AgainstPlainRate


def judged(leavers: int, rows: int, strength: float, seed: int = 1) -> AgainstPlainRate:
    """Scores that put leavers `strength` standard deviations above stayers, calibrated on themselves."""
    label = np.zeros(rows)
    label[:leavers] = 1
    raw = np.random.default_rng(seed).normal(size=rows) + strength * label
    return AgainstPlainRate.of(label, fit_calibration(raw, label).probability(raw), rate=leavers / rows)


def test_scores_that_find_leavers_are_better():
    found = judged(100, 5_000, 1.0)
    assert found.is_better
    assert found.auc > 0.7 > found.auc_by_chance
    assert found.log_loss < found.plain_log_loss


def test_nine_leavers_of_461_ranked_by_chance_are_not():
    """AUC .451 on 9 leavers once became champion; chance alone reaches .75 on so few."""
    label = np.zeros(461)
    label[::52] = 1
    found = AgainstPlainRate.of(label, np.linspace(0.03, 0.01, 461), rate=9 / 461)
    assert found.leavers == 9
    assert found.auc_by_chance == pytest.approx(0.751, abs=0.002)
    assert not found.is_better


def test_one_of_two_hundred_models_that_tell_nothing_passes():
    passed = sum(judged(60, 1_200, 0.0, seed).is_better for seed in range(400))
    assert passed <= 6


def test_the_same_score_for_everybody_is_never_better():
    found = AgainstPlainRate.of(np.array([0.0, 1.0] * 50), np.full(100, 0.5), rate=0.5)
    assert (found.auc, found.deviations, found.is_better) == (0.5, 0.0, False)


def test_a_good_order_with_wild_probabilities_is_not_better():
    label = np.zeros(1_000)
    label[:50] = 1
    found = AgainstPlainRate.of(label, np.where(label == 1, 0.99, 0.9), rate=0.05)
    assert found.deviations > 8
    assert found.log_loss > found.plain_log_loss
    assert not found.is_better


def test_a_handful_of_leavers_proves_nothing():
    label = np.zeros(500)
    label[:5] = 1
    assert not AgainstPlainRate.of(label, np.where(label == 1, 0.5, 0.005), rate=0.01).is_better


def test_leavers_of_one_person_are_one_case():
    """The same 60 persons once, and nine times over: repeating them proves nothing more."""
    label = np.array([1.0] * 10 + [0.0] * 50)
    said = np.where(np.arange(60) % 2 == 0, 0.3, 0.1) + np.where(label == 1, 0.04, 0.0)
    alone = AgainstPlainRate.of(label, said, rate=1 / 6)
    again = AgainstPlainRate.of(np.tile(label, 9), np.tile(said, 9), rate=1 / 6, groups=np.tile(np.arange(60), 9))
    assert (again.leavers, again.cases) == (90, 10)
    assert again.deviations == pytest.approx(alone.deviations, rel=0.05)
    assert again.auc_by_chance == pytest.approx(alone.auc_by_chance, abs=0.01)


def test_with_a_prior_both_losses_are_those_at_the_true_rate():
    label = np.array([0.0, 1.0] * 500)
    found = AgainstPlainRate.of(label, np.where(label == 1, 0.1, 0.01), rate=0.5, prior=0.02)
    assert found.plain_log_loss == pytest.approx(-0.02 * np.log(0.02) - 0.98 * np.log(0.98), rel=1e-6)
    assert found.is_better
