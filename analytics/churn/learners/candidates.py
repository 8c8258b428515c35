"""The kinds of learner that are compared, from the simplest up. All but the last explain every score exactly."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
from django.db import models
from django.utils.translation import gettext_lazy as _
from threadpoolctl import threadpool_limits

from analytics.churn.learners.calibration import fit_calibration, probability
from analytics.churn.learners.features import learn_plan, training_matrix
from analytics.churn.learners.fitting import assign_folds
from analytics.churn.learners.settings import PartName, Settings


class LearnerKind(models.TextChoices):
    PRIOR = "prior", _("Prior rate")
    LINE = "line", _("Logistic regression")
    PAIRS = "pairs", _("Boosting with pairs")
    TREES = "trees", _("Boosted trees")
    SHALLOW = "shallow", _("Shallow histogram boosting")
    MIXTURE = "mixture", _("Weighted mixture")
    HISTOGRAM = "histogram", _("Full histogram boosting, without reasons")


# Only these may score, because every score needs its reasons.
EXPLAINED = tuple(kind for kind in LearnerKind if kind != LearnerKind.HISTOGRAM)
DEFAULT = LearnerKind.MIXTURE


def settings_of(kind: LearnerKind, base: Settings) -> Settings:
    """The settings that make `kind` of a fit otherwise like `base`."""
    match kind:
        case LearnerKind.PRIOR:
            return replace(base, parts=(), shares=0)
        case LearnerKind.LINE:
            return replace(base, parts=(PartName.LINE,), shares=0)
        case LearnerKind.PAIRS:
            return replace(base, parts=(PartName.TREES,), depths=(2,))
        case LearnerKind.TREES:
            return replace(base, parts=(PartName.TREES,))
        case LearnerKind.SHALLOW:
            return replace(base, parts=(PartName.SHALLOW,), shares=0)
        case LearnerKind.MIXTURE:
            return replace(base, parts=(PartName.TREES, PartName.SHALLOW, PartName.LINE))
    raise ValueError(f"{kind} explains nothing and is fitted by fit_histogram")


def fit_histogram(
    frame: pd.DataFrame, label: np.ndarray, groups: np.ndarray, base: Settings
) -> Callable[[pd.DataFrame], np.ndarray]:
    """Fit scikit-learn's boosting on the same features, calibrated; returns a function from a table to probabilities.

    It measures what exact reasons cost in accuracy, and never scores.
    """
    # Loading scikit-learn takes a second; a process that learns nothing does not wait for it.
    from sklearn.ensemble import HistGradientBoostingClassifier

    fold = assign_folds(label, base.folds, base.seed, groups)
    plan, matrix = training_matrix(learn_plan(frame, label, base.seed, groups), frame, label, fold)
    grown, scores = [], np.zeros(len(label))
    for number in range(base.folds):
        inside = fold == number
        model = HistGradientBoostingClassifier(
            learning_rate=0.06, max_iter=250, max_leaf_nodes=15, l2_regularization=5.0, early_stopping=True,
            random_state=base.seed + number,
        )  # fmt: skip
        # Threads that wait for each other by spinning take ten times as long beside other work.
        with threadpool_limits(1):
            grown.append(model.fit(matrix[~inside], label[~inside]))
        scores[inside] = model.decision_function(matrix[inside])
    calibration = fit_calibration(scores, label)

    def predict(table: pd.DataFrame) -> np.ndarray:
        read = plan.matrix(table)
        raw = np.mean([model.decision_function(read) for model in grown], axis=0)
        return probability(calibration.log_odds(raw))

    return predict
