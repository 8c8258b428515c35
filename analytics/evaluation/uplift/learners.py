"""Learners of uplift on scikit-learn, and the response model that they are to beat. Lines, not trees: differences of
differences are small against their noise, and on Hillstrom's table boosted trees ranked worse at ten times the cost.
"""

from collections.abc import Callable
from enum import StrEnum

import numpy as np
from sklearn.linear_model import LogisticRegression, Ridge
from threadpoolctl import threadpool_limits

from analytics.evaluation.uplift.rows import Rows

# C of scikit-learn on centred columns. SHRUNKEN is that of how covariates change the effect: a prior of 0.055 log odds
# for each standard deviation.
PLAIN, SHRUNKEN = 0.1, 0.003
# Keeps the effect itself out of the shrinking.
FREE = 3.0
MAX_ITERATIONS = 50

Score = Callable[[np.ndarray], np.ndarray]


class Learner(StrEnum):
    """TWO_MODEL: outcome of the treated less outcome of the control (Hansotia & Rukstales 2002). TRANSFORMATION: one
    model of the class that says treated and yes, or control and no (Jaskowski & Jaroszewicz 2012), of values the
    transformed outcome (Athey & Imbens 2015). INTERACTION: one model of the outcome, in which covariates change the
    effect only as far as the data insist (Lo 2002, with a ridge).
    """

    TWO_MODEL = "two_model"
    TRANSFORMATION = "class_transformation"
    INTERACTION = "interaction"


def learn_uplift(learner: Learner, rows: Rows) -> Score:
    """What is gained by treating, of any features."""
    with threadpool_limits(1):  # spinning threads cost more than they gain on so few columns
        return LEARNERS[learner](rows)


def learn_response(rows: Rows, *, arm: bool) -> Score:
    """The outcome as it is expected in one arm."""
    with threadpool_limits(1):
        inside = rows.treated == arm
        return _fit(rows.features[inside], rows.outcome[inside], rows.is_rate)


def _two_model(rows: Rows) -> Score:
    treated, control = learn_response(rows, arm=True), learn_response(rows, arm=False)
    return lambda features: treated(features) - control(features)


def _transformation(rows: Rows) -> Score:
    share = rows.propensity
    if not rows.is_rate:
        centred = rows.outcome - rows.outcome.mean()
        return _fit(rows.features, centred * (rows.treated - share) / (share * (1 - share)), is_rate=False)
    label = np.where(rows.treated, rows.outcome, 1 - rows.outcome)
    weight = np.where(rows.treated, 0.5 / share, 0.5 / (1 - share))
    chance = _fit(rows.features, label, is_rate=True, weight=weight)
    return lambda features: 2 * chance(features) - 1


def _interaction(rows: Rows) -> Score:
    share = rows.propensity
    line = _model(rows.is_rate, PLAIN).fit(rows.features, rows.outcome)
    common = line.decision_function if rows.is_rate else line.predict
    unit = 1.0 if rows.is_rate else float(rows.outcome.std()) or 1.0

    def design(features: np.ndarray, treated: np.ndarray) -> np.ndarray:
        apart = (treated - share)[:, None]
        return np.hstack([common(features)[:, None] / unit, FREE * apart, features * apart])

    both = _fit(design(rows.features, rows.treated), rows.outcome, rows.is_rate, strength=SHRUNKEN)

    def uplift(features: np.ndarray) -> np.ndarray:
        ones = np.ones(len(features))
        return both(design(features, ones)) - both(design(features, 0 * ones))

    return uplift


LEARNERS: dict[Learner, Callable[[Rows], Score]] = {
    Learner.TWO_MODEL: _two_model,
    Learner.TRANSFORMATION: _transformation,
    Learner.INTERACTION: _interaction,
}


def _fit(
    features: np.ndarray, outcome: np.ndarray, is_rate: bool, weight: np.ndarray | None = None, strength: float = PLAIN
) -> Score:
    if is_rate and len(np.unique(outcome)) < 2:
        rate = float(outcome.mean()) if len(outcome) else 0.0
        return lambda asked: np.full(len(asked), rate)
    model = _model(is_rate, strength).fit(features, outcome, sample_weight=weight)
    return (lambda asked: model.predict_proba(asked)[:, 1]) if is_rate else model.predict


def _model(is_rate: bool, strength: float) -> LogisticRegression | Ridge:
    if is_rate:
        return LogisticRegression(C=strength, solver="newton-cholesky", max_iter=MAX_ITERATIONS)
    return Ridge(alpha=1 / strength)
