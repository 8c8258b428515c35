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


def test_a_few_leavers_are_held_out_too_and_a_single_one_gives_everybody_the_rate():
    frame, _label = operator(200)
    label = np.zeros(200)
    label[:8] = 1
    few = fitting.fit(frame, label, settings=SETTINGS)
    assert few.held_out.mean() == pytest.approx(0.04, rel=0.05)
    assert list(few.details["parts"]) == ["line"]
    assert "Only 8 rows" in few.notes[0]
    label[1:] = 0
    assert fitting.fit(frame, label, settings=SETTINGS).probability(frame) == pytest.approx(np.full(200, 1 / 200))
