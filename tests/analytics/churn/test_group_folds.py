"""Rows of one customer lie in one fold, in the learner and on the database."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from analytics.churn.learners import fitting, metrics
from analytics.churn.learners.columns import classify_column, find_suspects
from analytics.churn.learners.fitting import assign_folds, fit
from analytics.churn.learners.settings import Settings
from analytics.churn.queries import dataset
from tests.analytics.churn.tables import operator
from tests.analytics.outcomes.bases import SNAPSHOT, leaver, make_line
from tests.factories import make_account, make_customer

QUICK = Settings(folds=3, depths=(4,), shares=0)


def test_a_group_lies_in_one_fold_and_folds_are_alike():
    random = np.random.default_rng(1)
    groups = random.integers(0, 700, 3_000)
    label = (random.random(700) < 0.1).astype(float)[groups]
    fold = assign_folds(label, 5, 7, groups)
    assert pd.Series(fold).groupby(groups).nunique().max() == 1
    rows, leavers = np.bincount(fold), np.bincount(fold, weights=label)
    assert rows.min() > 0.9 * rows.max()
    assert leavers.min() > 0.8 * leavers.max()


def test_without_groups_folds_are_as_ever():
    label = np.array([0.0] * 90 + [1.0] * 10)
    fold = assign_folds(label, 5, 7)
    assert np.bincount(fold, weights=label).tolist() == [2.0] * 5


def test_what_only_names_the_person_helps_nobody():
    """Three rows a person with one outcome: by rows the model knows the person again, by groups it finds nothing."""
    random = np.random.default_rng(3)
    person = np.repeat(np.arange(250), 3)
    frame = pd.DataFrame({"mark": random.normal(size=250)[person], "noise": random.normal(size=750)})
    label = (random.random(250) < 0.3).astype(float)[person]
    loose, apart = fit(frame, label, settings=QUICK), fit(frame, label, settings=QUICK, groups=person)
    assert metrics.auc(label, loose.held_out) > 0.65
    assert metrics.auc(label, apart.held_out) < 0.6


def test_a_column_that_names_the_person_is_no_suspect_among_groups():
    person = np.repeat(np.arange(200), 5)
    label = (np.random.default_rng(2).random(200) < 0.5).astype(float)[person]
    frame = pd.DataFrame({"area": [f"area {one}" for one in person]})
    column = classify_column("area", frame["area"])
    assert find_suspects(frame, label, [column], seed=1)[0].auc > 0.95
    assert find_suspects(frame, label, [column], seed=1, groups=person) == []


def test_leavers_are_counted_by_group_where_folds_keep_groups(monkeypatch):
    """40 leaving lines of 8 customers are 8 outcomes: too few for trees."""
    frame, _label = operator(600)
    groups = np.concatenate([np.repeat(np.arange(8), 5), np.arange(100, 660)])
    label = (groups < 8).astype(float)
    assert list(fit(frame, label, settings=QUICK, groups=groups).details["parts"]) == ["line"]
    assert "trees" in fit(frame, label, settings=QUICK).details["parts"]


@pytest.mark.django_db
def test_lines_of_one_customer_are_one_group_on_the_database(monkeypatch):
    account = make_account(customer=make_customer())
    together = [make_line(account=account).pk, leaver(after=20, account=account).pk]
    alone = make_line().pk
    monkeypatch.setattr(dataset, "feature_columns", lambda: {"tenure_days": "p.tenure_days"})
    months = [(date(2026, 8, 31), dataset.labelled(snapshot=SNAPSHOT))] * 2
    frame, label, groups = dataset.training_rows(months)
    lines = np.concatenate([month["subscriber_id"] for _end, month in months])
    assert list(frame.columns) == ["tenure_days"]
    assert label.sum() == 2
    assert len({group for group, line in zip(groups, lines, strict=True) if line in together}) == 1
    assert len(set(groups)) == 2 and alone in lines
    fold = fitting.assign_folds(label, 2, 7, groups)
    assert pd.Series(fold).groupby(groups).nunique().max() == 1
