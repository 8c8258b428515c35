import time
from itertools import combinations
from math import factorial

import numpy as np
import pytest
from catboost import CatBoostClassifier, Pool

from analytics.churn.learners import forest
from analytics.churn.learners.fitting import fit
from analytics.churn.learners.forest import read_trees, reason_tables, shapley
from analytics.churn.learners.leaf_tables import ReasonTables, strongest
from analytics.churn.learners.settings import Settings
from analytics.churn.learners.shallow import average_shallow, grow_shallow
from tests.analytics.churn.tables import operator


@pytest.fixture(scope="module")
def grown():
    """Deep trees on few features, so that features repeat within a tree and leaves stay empty; blanks as well."""
    random = np.random.default_rng(3)
    matrix = random.normal(size=(1500, 5)).astype(np.float32)
    matrix[random.random(matrix.shape) < 0.1] = np.nan
    label = (np.nan_to_num(matrix[:, 0] * matrix[:, 1]) + random.normal(size=1500) > 0).astype(int)
    models = [
        CatBoostClassifier(
            iterations=30, depth=6, random_seed=seed, thread_count=1, verbose=False, allow_writing_files=False
        ).fit(matrix, label)
        for seed in (1, 2)
    ]
    return forest.average_forests(models), matrix


def tables_of(model, features: int) -> ReasonTables:
    return reason_tables(*read_trees(forest.as_document(model)), np.eye(features))


def test_reasons_equal_catboosts_own_treeshap(grown):
    model, matrix = grown
    own = model.get_feature_importance(Pool(matrix), type="ShapValues")
    tables = tables_of(model, matrix.shape[1])
    np.testing.assert_allclose(tables.contributions(matrix).T, own[:, :-1], atol=1e-10)
    assert tables.base == pytest.approx(own[0, -1], abs=1e-10)


def test_reasons_add_up_to_the_score(grown):
    model, matrix = grown
    tables = tables_of(model, matrix.shape[1])
    total = tables.base + tables.contributions(matrix).sum(axis=0)
    np.testing.assert_allclose(total, forest.raw_scores(model, matrix), atol=1e-10)


def test_a_features_contribution_is_shared_out_among_its_sources(grown):
    model, matrix = grown
    shares = np.array([[1, 0], [1, 0], [0.5, 0.5], [0, 1], [0, 1]])
    trees, bias = read_trees(forest.as_document(model))
    grouped = reason_tables(trees, bias, shares).contributions(matrix)
    single = reason_tables(trees, bias, np.eye(5)).contributions(matrix)
    np.testing.assert_allclose(grouped, shares.T @ single, atol=1e-10)


def test_a_tree_without_splits_only_moves_the_base(grown):
    model, _ = grown
    tree = read_trees(forest.as_document(model))[0][0]
    bare = type(tree)((), (), np.array([0.7]), np.array([10.0]))
    players, values, expected = shapley(bare)
    assert (players, values.shape, expected) == ([], (1, 0), 0.7)


def test_the_strongest_factors_come_first():
    contributions = np.array([[0.1, -1.0], [0.5, 0.2], [-0.3, 0.3], [0.2, -0.1]])
    factors, added = strongest(contributions, 3)
    assert factors.tolist() == [[1, 3, 0], [2, 1, 3]]
    assert added.tolist() == [[0.5, 0.2, 0.1], [0.3, 0.2, -0.1]]
    assert strongest(contributions, 9)[0].shape == (2, 4)


def test_the_fitted_model_explains_its_calibrated_score():
    frame, label = operator(800)
    model = fit(frame, label, settings=Settings(folds=3, depths=(3,), shares=4), prior=0.05)
    found = model.explain(frame)
    assert found.additivity_error < 1e-9
    factors, added = found.top(5)
    assert factors.shape == added.shape == (800, 5)
    names = np.array(model.plan.factors)[factors[:, 0]]
    assert set(names[found.probability > np.quantile(found.probability, 0.95)]) <= {
        "plan",
        "tenure",
        "dropped",
        "joined",
        "calls",
    }


def test_explaining_is_far_faster_than_treeshap():
    random = np.random.default_rng(0)
    matrix = random.normal(size=(20_000, 30)).astype(np.float32)
    label = (matrix[:, :6].sum(axis=1) + random.normal(size=len(matrix)) > 0).astype(int)
    model = CatBoostClassifier(iterations=150, depth=6, thread_count=2, verbose=False, allow_writing_files=False)
    model.fit(matrix, label)
    tables = tables_of(model, 30)
    sample = Pool(matrix[:1000])

    begun = time.process_time()
    strongest(tables.contributions(matrix), 5)
    ours = (time.process_time() - begun) / len(matrix)
    begun = time.process_time()
    model.get_feature_importance(sample, type="ShapValues", thread_count=1)
    theirs = (time.process_time() - begun) / 1000
    assert ours < 60e-6
    assert ours * 3 < theirs  # 10 on a quiet machine; this one may be busy


def shallow_forest():
    """Small trees on few features, blanks going either way, and what scikit-learn itself says of the rows."""
    random = np.random.default_rng(8)
    matrix = random.normal(size=(3_000, 4)).astype(np.float32)
    matrix[random.random(matrix.shape) < 0.15] = np.nan
    true = np.nan_to_num(matrix[:, 0], nan=1.5) * np.nan_to_num(matrix[:, 1], nan=-1.0) - 2
    label = (random.random(3_000) < 1 / (1 + np.exp(-true))).astype(float)
    models = [grow_shallow(matrix, label, seed=seed) for seed in (1, 2)]
    return (
        average_shallow(models, np.eye(4)),
        matrix,
        np.mean([one.decision_function(matrix) for one in models], axis=0),
    )


def test_shallow_trees_say_from_their_tables_what_scikit_learn_says():
    shallow, matrix, said = shallow_forest()
    assert {bool(flag) for table in shallow.tables.tables for flag in table.blank_above} == {True, False}
    np.testing.assert_allclose(shallow.raw(matrix), said, atol=1e-10)
    np.testing.assert_allclose(shallow.base + shallow.contributions(matrix).sum(axis=0), said, atol=1e-10)


def test_reasons_of_shallow_trees_are_shapley_values_by_their_definition():
    shallow, matrix, _said = shallow_forest()
    row = matrix[7]
    found = shallow.contributions(row[None, :])[:, 0]
    expected = np.zeros(4)
    for start, end in zip(shallow.starts, shallow.starts[1:], strict=False):
        nodes = shallow.nodes[start:end]
        for feature, others in ((one, [other for other in range(4) if other != one]) for one in range(4)):
            for size in range(4):
                for chosen in combinations(others, size):
                    share = factorial(size) * factorial(3 - size) / factorial(4)
                    gain = walk(nodes, row, {*chosen, feature}) - walk(nodes, row, set(chosen))
                    expected[feature] += share * gain
    np.testing.assert_allclose(found, expected, atol=1e-10)


def walk(nodes: np.ndarray, row: np.ndarray, known: set[int], node: int = 0) -> float:
    """TreeSHAP's value of a set of known features, straight from the tree."""
    feature, border, blank_above, left, right, value, _count, is_leaf = nodes[node]
    if is_leaf:
        return float(value)
    low, high = int(left), int(right)
    if int(feature) not in known:
        rows = nodes[[low, high], 6]
        return float((walk(nodes, row, known, low) * rows[0] + walk(nodes, row, known, high) * rows[1]) / rows.sum())
    cell = row[int(feature)]
    above = bool(blank_above) if np.isnan(cell) else float(cell) > border
    return walk(nodes, row, known, high if above else low)
