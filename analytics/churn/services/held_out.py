"""A model without a later month to judge it: its own rows, each predicted by parts that had not seen it."""

import numpy as np
import pandas as pd

from analytics.churn.learners import fitting
from analytics.churn.learners.model import ChurnModel
from analytics.churn.learners.plain_rate import AgainstPlainRate
from analytics.churn.learners.settings import Settings
from analytics.churn.queries.dataset import COHORTS

# Scores held out by the fit also stopped its trees, which makes them a little too good where leavers are few. Above so
# many deviations from chance that does not matter; below, folds that nothing was fitted on judge again.
CLEARLY_BETTER = 8.0
FOLDS = 5


def judge_held_out(
    model: ChurnModel, frame: pd.DataFrame, label: np.ndarray, groups: np.ndarray, settings: Settings
) -> tuple[np.ndarray, np.ndarray, AgainstPlainRate]:
    """(rows judged, their predictions by parts that had not seen them, what these are against the plain rate)."""
    said = model.held_out if model.held_out is not None else np.full(len(label), np.nan)
    plain = against_plain(label, said, groups)
    if plain.is_better and plain.deviations < CLEARLY_BETTER:
        said = clean_folds(frame, label, groups, settings)
        plain = against_plain(label, said, groups)
    return np.isfinite(said), said, plain


def against_plain(label: np.ndarray, said: np.ndarray, groups: np.ndarray) -> AgainstPlainRate:
    judged = np.isfinite(said)
    return AgainstPlainRate.of(label[judged], said[judged], rate=float(label.mean()), groups=groups[judged])


def clean_folds(frame: pd.DataFrame, label: np.ndarray, groups: np.ndarray, settings: Settings) -> np.ndarray:
    """Predictions by cross-validation: each by a model that was fitted, stopped and calibrated without the row."""
    said = np.zeros(len(label))
    fold = fitting.assign_folds(label, FOLDS, settings.seed, groups)
    for number in range(FOLDS):
        inside = fold == number
        model = fitting.fit(frame[~inside], label[~inside], settings=settings, groups=groups[~inside], cohorts=COHORTS)
        said[inside] = model.probability(frame[inside])
    return said
