"""Rankings by uplift on tables whose effects are known."""

import numpy as np
import pytest
from sklearn.preprocessing import scale

from analytics.evaluation.uplift.contest import hold_contest
from analytics.evaluation.uplift.learners import Learner, learn_response, learn_uplift
from analytics.evaluation.uplift.qini import advantage, policy_value, qini, qini_curve, top
from analytics.evaluation.uplift.rows import Rows
from tests.analytics.evaluation.experiments import swayed


def rows_of(frame, *, columns=("x", "z"), outcome="bought", is_rate=True) -> Rows:
    features = scale(frame[list(columns)].to_numpy(float))
    return Rows(features, frame[outcome].to_numpy(float), frame["arm"].to_numpy(bool), is_rate)


def test_the_curve_by_hand():
    # Ranked first: a treated and a control row, one outcome treated; then the same with an outcome of the control.
    rows = Rows(np.zeros((4, 1)), np.array([1.0, 0, 0, 1]), np.array([True, False, True, False]), True)
    share, gained = qini_curve(np.array([2, 2, 1, 1]), rows)
    assert share.tolist() == [0, 0.5, 1]
    assert gained.tolist() == [0, 0.25, 0]  # 1 - 0 x 1/1, then 1 - 1 x 2/2, of four rows
    assert qini(np.array([2, 2, 1, 1]), rows) == pytest.approx(0.125)
    assert qini(np.array([1, 1, 2, 2]), rows) == pytest.approx(-0.125)
    assert qini(np.ones(4), rows) == 0  # equal scores are no ranking


def test_a_policy_is_worth_what_would_come_of_it():
    random = np.random.default_rng(4)
    x, treated = random.random(200_000), random.random(200_000) < 0.3
    outcome = (random.random(200_000) < 0.2 + np.where(treated, np.where(x > 0.5, 0.1, -0.1), 0)).astype(float)
    rows = Rows(x[:, None], outcome, treated, True)
    assert policy_value(x > 0.5, rows) == pytest.approx(0.25, abs=0.004)  # .2 and .3 by halves
    assert policy_value(x <= 0.5, rows) == pytest.approx(0.15, abs=0.004)
    assert policy_value(np.ones(200_000, dtype=bool), rows) == pytest.approx(0.2, abs=0.004)
    assert top(x, 0.25).mean() == 0.25 and x[top(x, 0.25)].min() > x[~top(x, 0.25)].max()


@pytest.mark.parametrize("learner", list(Learner))
def test_each_learner_finds_whom_the_treatment_sways(learner):
    learnt, judged = rows_of(swayed()), rows_of(swayed(seed=3))
    score = learn_uplift(learner, learnt)(judged.features)
    assert np.corrcoef(score, judged.features[:, 0])[0, 1] > 0.85
    assert qini(score, judged) > 1.4 * qini(learn_response(learnt, arm=True)(judged.features), judged)
    assert score.min() < 0 < score.max()


@pytest.mark.parametrize("learner", list(Learner))
def test_each_learner_takes_values_and_arms_of_unequal_size(learner):
    random = np.random.default_rng(6)
    x, treated = random.normal(size=(20_000, 2)), random.random(20_000) < 0.8
    outcome = 1e9 * (5 + x[:, 1] + np.where(treated, 0.5 * x[:, 0], 0) + random.normal(size=20_000))
    score = learn_uplift(learner, Rows(x, outcome, treated, False))(x)
    assert np.corrcoef(score, x[:, 0])[0, 1] > 0.9
    assert np.polyfit(x[:, 0], score, 1)[0] == pytest.approx(0.5e9, rel=0.25)


def test_uplift_wins_where_response_says_nothing_of_it():
    rows = rows_of(swayed())
    held = hold_contest(rows)
    assert held.wins == 5 and held.uplift_is_used
    assert held.advantage > 0 and held.advantage_p < 0.001
    assert held.policy_uplift > held.policy_response and held.policy_uplift > held.policy_all
    asleep = rows.take(np.flatnonzero(held.do_not_wake))
    assert 0.3 < len(asleep) / len(rows) < 0.7
    assert asleep.outcome[asleep.treated].mean() < asleep.outcome[~asleep.treated].mean() - 0.03


def test_uplift_is_not_used_where_there_is_nothing_to_find():
    used = 0
    for seed in range(12):
        random = np.random.default_rng(seed)
        features = random.normal(size=(1_500, 3))
        outcome = (random.random(1_500) < 1 / (1 + np.exp(1 - features[:, 0]))).astype(float)
        used += hold_contest(Rows(features, outcome, random.random(1_500) < 0.5, True)).uplift_is_used
    assert used <= 2


def test_the_advantage_has_the_error_that_it_says():
    random = np.random.default_rng(9)
    said = []
    for _ in range(400):
        outcome, treated = random.normal(size=(500,)), random.random(500) < 0.4
        value, error = advantage(
            random.random(500), random.random(500), Rows(np.zeros((500, 1)), outcome, treated, False)
        )
        said.append(value / error)
    assert np.std(said) == pytest.approx(1, abs=0.1) and abs(np.mean(said)) < 0.15


def test_few_rows_hold_no_contest():
    assert hold_contest(rows_of(swayed(rows=120))) is None
    assert hold_contest(rows_of(swayed(rows=400), outcome="x", is_rate=False)) is not None


def test_a_risk_model_ranks_the_worst_first():
    frame = swayed()
    rows = rows_of(frame.assign(kept=1 - frame["bought"]), outcome="kept")
    by_risk, by_best = hold_contest(rows, risk_first=True), hold_contest(rows)
    assert by_risk.response == pytest.approx(-by_best.response, abs=0.01)
    assert by_risk.uplift == by_best.uplift
