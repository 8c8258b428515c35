"""Learners of uplift on scikit-learn, and the response model that they are to beat. Lines, not trees: differences of
differences are small against their noise, and on Hillstrom's table boosted trees ranked worse at ten times the cost.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from threadpoolctl import threadpool_limits

from analytics.evaluation.uplift.rows import Rows

if TYPE_CHECKING:
    from sklearn.linear_model import LogisticRegression, Ridge

# C of scikit-learn on centred columns. SHRUNKEN is that of how covariates change the effect: a prior of 0.055 log odds
# for each standard deviation.
PLAIN, SHRUNKEN = 0.1, 0.003
# Keeps the effect itself out of the shrinking.
FREE = 3.0
MAX_ITERATIONS = 50


class Learner(StrEnum):
    """TWO_MODEL: outcome of the treated less outcome of the control (Hansotia & Rukstales 2002). TRANSFORMATION: one
    model of the class that says treated and yes, or control and no (Jaskowski & Jaroszewicz 2012), of values the
    transformed outcome (Athey & Imbens 2015). INTERACTION: one model of the outcome, in which covariates change the
    effect only as far as the data insist (Lo 2002, with a ridge).
    """

    TWO_MODEL = "two_model"
    TRANSFORMATION = "class_transformation"
    INTERACTION = "interaction"


@dataclass(frozen=True)
class Line:
    """A regression as numbers: the chance of the outcome (is_rate), or its value."""

    weights: np.ndarray
    base: float
    is_rate: bool

    def raw(self, features: np.ndarray) -> np.ndarray:
        return features @ self.weights + self.base

    def __call__(self, features: np.ndarray) -> np.ndarray:
        from scipy.special import expit

        return expit(self.raw(features)) if self.is_rate else self.raw(features)

    def as_dict(self) -> dict[str, Any]:
        return {"weights": self.weights.tolist(), "base": self.base, "is_rate": self.is_rate}

    @classmethod
    def from_dict(cls, kept: dict[str, Any]) -> Self:
        return cls(np.asarray(kept["weights"], dtype=np.float64), float(kept["base"]), bool(kept["is_rate"]))


@dataclass(frozen=True)
class Uplift:
    """What is gained by treating, of any features. share: of the treated among the rows learnt from; unit: of the
    outcome. lines: of TWO_MODEL treated and control, of INTERACTION the outcome and how covariates change the effect.
    """

    learner: Learner
    lines: tuple[Line, ...]
    share: float
    unit: float = 1.0

    def __call__(self, features: np.ndarray) -> np.ndarray:
        if self.learner == Learner.TWO_MODEL:
            treated, control = self.lines
            return treated(features) - control(features)
        if self.learner == Learner.TRANSFORMATION:
            found = self.lines[0](features)
            return 2 * found - 1 if self.lines[0].is_rate else found
        common, both = self.lines
        ones = np.ones(len(features))
        known = common.raw(features) / self.unit
        return both(_design(features, known, ones - self.share)) - both(_design(features, known, -self.share * ones))

    def as_dict(self) -> dict[str, Any]:
        lines = [line.as_dict() for line in self.lines]
        return {"learner": self.learner.value, "lines": lines, "share": self.share, "unit": self.unit}

    @classmethod
    def from_dict(cls, kept: dict[str, Any]) -> Self:
        lines = tuple(Line.from_dict(line) for line in kept["lines"])
        return cls(Learner(kept["learner"]), lines, float(kept["share"]), float(kept["unit"]))


def learn_uplift(learner: Learner, rows: Rows) -> Uplift:
    """What is gained by treating, of any features."""
    with threadpool_limits(1):  # spinning threads cost more than they gain on so few columns
        return LEARNERS[learner](rows)


def learn_response(rows: Rows, *, arm: bool) -> Line:
    """The outcome as it is expected in one arm."""
    with threadpool_limits(1):
        inside = rows.treated == arm
        return _fit(rows.features[inside], rows.outcome[inside], rows.is_rate)


def _two_model(rows: Rows) -> Uplift:
    return Uplift(Learner.TWO_MODEL, (learn_response(rows, arm=True), learn_response(rows, arm=False)), rows.propensity)


def _transformation(rows: Rows) -> Uplift:
    share = rows.propensity
    if not rows.is_rate:
        centred = rows.outcome - rows.outcome.mean()
        line = _fit(rows.features, centred * (rows.treated - share) / (share * (1 - share)), is_rate=False)
    else:
        label = np.where(rows.treated, rows.outcome, 1 - rows.outcome)
        weight = np.where(rows.treated, 0.5 / share, 0.5 / (1 - share))
        line = _fit(rows.features, label, is_rate=True, weight=weight)
    return Uplift(Learner.TRANSFORMATION, (line,), share)


def _interaction(rows: Rows) -> Uplift:
    share = rows.propensity
    common = _fit(rows.features, rows.outcome, rows.is_rate)
    unit = 1.0 if rows.is_rate else float(rows.outcome.std()) or 1.0
    design = _design(rows.features, common.raw(rows.features) / unit, rows.treated - share)
    both = _fit(design, rows.outcome, rows.is_rate, strength=SHRUNKEN)
    return Uplift(Learner.INTERACTION, (common, both), share, unit)


def _design(features: np.ndarray, known: np.ndarray, apart: np.ndarray) -> np.ndarray:
    """known: the outcome as the features alone tell it; apart: 1 for the treated and 0 for the control, centred."""
    return np.hstack([known[:, None], FREE * apart[:, None], features * apart[:, None]])


LEARNERS: dict[Learner, Callable[[Rows], Uplift]] = {
    Learner.TWO_MODEL: _two_model,
    Learner.TRANSFORMATION: _transformation,
    Learner.INTERACTION: _interaction,
}


def _fit(
    features: np.ndarray, outcome: np.ndarray, is_rate: bool, weight: np.ndarray | None = None, strength: float = PLAIN
) -> Line:
    if is_rate and len(np.unique(outcome)) < 2:
        rate = float(outcome.mean()) if len(outcome) else 0.0
        return Line(np.zeros(features.shape[1]), rate, is_rate=False)
    model = _model(is_rate, strength).fit(features, outcome, sample_weight=weight)
    return Line(np.ravel(model.coef_), float(np.ravel(model.intercept_)[0]), is_rate)


def _model(is_rate: bool, strength: float) -> "LogisticRegression | Ridge":
    # Loading scikit-learn takes a second; a process that learns nothing does not wait for it.
    from sklearn.linear_model import LogisticRegression, Ridge

    if is_rate:
        return LogisticRegression(C=strength, solver="newton-cholesky", max_iter=MAX_ITERATIONS)
    return Ridge(alpha=1 / strength)
