"""What a fit says of its own rows, each from the trees that did not see it: the judge where there is no later month."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from analytics.churn.learners import fitting
from analytics.churn.learners.settings import Settings
from tests.analytics.churn.tables import operator

SETTINGS = Settings(folds=3, depths=(3,), shares=0)


def test_held_out_scores_judge_like_rows_that_were_never_there():
    frame, label = operator(4_000)
    inside = np.arange(len(label)) % 2 == 0
    model = fitting.fit(frame[inside], label[inside], settings=SETTINGS)
    honest = roc_auc_score(label[~inside], model.probability(frame[~inside]))
    own = roc_auc_score(label[inside], model.held_out)
    fitted = roc_auc_score(label[inside], model.probability(frame[inside]))
    assert own == pytest.approx(honest, abs=0.025)
    assert own < fitted


def test_rows_that_were_not_drawn_carry_no_held_out_score():
    frame, label = operator(1_000)
    held_out = fitting.fit(frame, label, settings=Settings(folds=3, depths=(3,), shares=0, max_rows=600)).held_out
    assert np.isfinite(held_out).sum() == 600
    assert len(held_out) == 1_000


def test_too_few_leavers_leave_no_held_out_scores():
    frame, _label = operator(200)
    label = np.zeros(200)
    label[:8] = 1
    assert fitting.fit(frame, label, settings=SETTINGS).held_out is None
