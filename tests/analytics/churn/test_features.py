import json

import numpy as np
import pandas as pd

from analytics.churn.learners.features import Plan, learn_plan, training_matrix
from tests.analytics.churn.tables import as_text, operator


def plan_of(frame, label):
    fold = np.arange(len(frame)) % 3
    return training_matrix(learn_plan(frame, label, seed=0), frame, label, fold)


def test_typed_and_text_tables_give_the_same_features():
    frame, label = operator(300)
    typed, text = plan_of(frame, label), plan_of(as_text(frame), label)
    assert [feature.label for feature in typed[0].features] == [feature.label for feature in text[0].features]
    np.testing.assert_allclose(typed[1], text[1], rtol=1e-5)


def test_other_rows_do_not_change_what_was_learnt():
    frame, label = operator(300)
    plan, _ = plan_of(frame, label)
    one = frame.iloc[:1].assign(city="a new city", plan=None, tenure=None)
    alone = plan.matrix(one)
    together = plan.matrix(pd.concat([one, frame.assign(noise=1e9)]))[:1]
    np.testing.assert_array_equal(alone, together)
    assert np.isnan(alone[0, plan.factors.index("tenure")])


def test_a_rows_own_label_is_not_in_its_own_rate():
    frame, label = operator(300)
    plan, matrix = plan_of(frame, label)
    place = [feature.label for feature in plan.features].index("city: rate")
    changed = label.copy()
    changed[0] = 1 - changed[0]
    _, other = plan_of(frame, changed)
    assert matrix[0, place] == other[0, place]
    assert not np.array_equal(matrix[:, place], other[:, place])


def test_a_plan_survives_json():
    frame, label = operator(300)
    plan, _ = plan_of(frame, label)
    plan = plan.with_shares([("dropped", "calls")])
    again = Plan.from_dict(json.loads(json.dumps(plan.as_dict())))
    np.testing.assert_array_equal(plan.matrix(frame), again.matrix(frame))
    assert again.features == plan.features


def test_a_share_is_given_back_to_both_its_columns():
    frame, label = operator(100)
    plan, _ = plan_of(frame, label)
    shares = plan.with_shares([("dropped", "calls")]).factor_shares()
    assert shares[-1, plan.factors.index("dropped")] == shares[-1, plan.factors.index("calls")] == 0.5
    np.testing.assert_array_equal(shares.sum(axis=1), 1)


def test_a_column_that_decides_the_label_is_named_and_left_out():
    frame, label = operator(600)
    random = np.random.default_rng(0)
    leaks = frame.assign(
        reason=np.where(label == 1, random.choice(["price", "network"], len(label)), None),
        letter=np.where(label == 1, [f"sent letter number {n} today" for n in range(len(label))], None),
        hint=label + random.normal(scale=0.45, size=len(label)),
    )
    plan = learn_plan(leaks, label, seed=0)
    assert {(one.column, one.used) for one in plan.suspects} == {("reason", False), ("letter", False), ("hint", True)}
    assert "reason" not in plan.factors
    assert "hint" in plan.factors
    assert not learn_plan(frame, label, seed=0).suspects
