"""Parts of different kinds as one score: each pays or is dropped, and what factors add stays exact."""

import numpy as np
import pytest

from analytics.churn.learners.calibration import probability
from analytics.churn.learners.candidates import EXPLAINED, LearnerKind, settings_of
from analytics.churn.learners.fitting import fit
from analytics.churn.learners.linear import fit_line, learn_scales
from analytics.churn.learners.metrics import auc
from analytics.churn.learners.model import mix
from analytics.churn.learners.settings import PartName, Settings
from tests.analytics.churn.tables import operator

QUICK = Settings(folds=3, depths=(3,), shares=0)


def drawn(rows: int = 3_000):
    random = np.random.default_rng(4)
    matrix = random.normal(size=(rows, 4)).astype(np.float32)
    matrix[:, 3] = np.exp(matrix[:, 3] * 2)
    true = matrix[:, 0] + 0.5 * np.log1p(matrix[:, 3]) - 1
    label = (random.random(rows) < probability(true)).astype(float)
    matrix[random.random(rows) < 0.2, 1] = np.nan
    return matrix, label, true


def test_a_line_adds_up_and_finds_what_is_straight_in_the_logarithm():
    matrix, label, true = drawn()
    line = fit_line(matrix, label, learn_scales(matrix), np.eye(4), seed=1)
    raw = line.raw(matrix)
    np.testing.assert_allclose(line.base + line.contributions(matrix).sum(axis=0), raw, atol=1e-10)
    assert auc(label, raw) > auc(label, true) - 0.01
    assert np.argsort(-line.weights())[:2].tolist() in ([0, 3], [3, 0])


def test_a_line_reads_blanks_as_the_mean_and_as_blanks():
    matrix, label, _true = drawn()
    line = fit_line(matrix, label, learn_scales(matrix), np.eye(4), seed=1)
    blank = np.full((1, 4), np.nan, dtype=np.float32)
    assert np.isfinite(line.raw(blank)).all()
    only_second = line.contributions(blank)[[0, 2, 3]]
    np.testing.assert_allclose(only_second, 0, atol=1e-12)  # never blank in training: nothing is known of their blanks


def test_a_feature_shared_by_two_factors_is_given_to_both():
    matrix, label, _true = drawn()
    shares = np.array([[1, 0], [0.5, 0.5], [0, 1], [0, 1]])
    scales = learn_scales(matrix)
    grouped = fit_line(matrix, label, scales, shares, seed=1).contributions(matrix)
    single = fit_line(matrix, label, scales, np.eye(4), seed=1).contributions(matrix)
    np.testing.assert_allclose(grouped, shares.T @ single, atol=1e-10)


def test_a_useless_part_gets_no_weight_and_equal_parts_share():
    random = np.random.default_rng(2)
    good = random.normal(size=5_000)
    label = (random.random(5_000) < probability(good)).astype(float)
    assert mix([good, random.normal(size=5_000)], label) == (1.0, 0.0)
    one, two = good + random.normal(size=5_000) * 0.5, good + random.normal(size=5_000) * 0.5
    assert mix([one, two], label)[0] == pytest.approx(0.5, abs=0.1)
    assert mix([good], label) == (1.0,)


def test_parts_that_all_mislead_leave_the_first():
    random = np.random.default_rng(2)
    good = random.normal(size=2_000)
    label = (random.random(2_000) < probability(good)).astype(float)
    assert mix([-good, -good], label) == (1.0, 0.0)


@pytest.mark.parametrize("kind", EXPLAINED)
def test_every_kind_that_may_score_explains_itself(kind):
    frame, label = operator(900)
    model = fit(frame, label, settings=settings_of(kind, QUICK))
    found = model.explain(frame)
    assert found.additivity_error < 1e-9
    np.testing.assert_allclose(found.probability, model.probability(frame), atol=1e-12)
    if kind == LearnerKind.PRIOR:
        assert found.probability == pytest.approx(label.mean())
        assert not found.contributions.any()
    else:
        assert auc(label, found.probability) > 0.7


def test_the_kind_without_reasons_cannot_score():
    with pytest.raises(ValueError, match="explains nothing"):
        settings_of(LearnerKind.HISTOGRAM, QUICK)


def test_pairs_have_trees_of_two_splits():
    frame, label = operator(900)
    model = fit(frame, label, settings=settings_of(LearnerKind.PAIRS, QUICK))
    assert model.details["depth"] == 2
    assert model.details["parts"] == {PartName.TREES.value: 1.0}
