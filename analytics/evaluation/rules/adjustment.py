"""CUPED: what covariates of before the treatment explain of the outcome is taken off, and with it variance.

Deng, Xu, Kohavi & Walker, WSDM 2013. The slopes are those within the arms, so that no effect is explained away.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analytics.evaluation.rules.arms import Sample

# A smaller reduction is not worth another figure on the page.
LEAST_REDUCTION = 0.01


@dataclass(frozen=True)
class Adjustment:
    """values: the outcome adjusted, with the mean of the outcome; reduction: share of the variance within arms that is
    taken off, after what so many slopes take off by chance.
    """

    values: np.ndarray
    reduction: float

    @property
    def helps(self) -> bool:
        return self.reduction >= LEAST_REDUCTION


def adjust(outcome: np.ndarray, arm: np.ndarray, covariates: np.ndarray) -> Adjustment:
    """outcome: n values; arm: 0 to k - 1 of each; covariates: n x m numbers without gaps, from before the treatment."""
    # Loading scikit-learn takes a second; a process that adjusts nothing does not wait for it.
    from sklearn.linear_model import LinearRegression

    arms, slopes = int(arm.max()) + 1, covariates.shape[1]
    freedom = len(outcome) - arms - slopes
    varies = _centred(outcome[:, None], arm, arms)[:, 0]
    if freedom < 1 or not slopes or not varies.any():
        return Adjustment(outcome.astype(float), 0.0)
    fitted = LinearRegression(fit_intercept=False).fit(_centred(covariates, arm, arms), varies)
    explained = (covariates - covariates.mean(axis=0)) @ fitted.coef_
    values = outcome - explained
    left = _centred(values[:, None], arm, arms)[:, 0]
    ratio = (left @ left / freedom) / (varies @ varies / (len(outcome) - arms))
    return Adjustment(values, float(1 - ratio))


def _centred(columns: np.ndarray, arm: np.ndarray, arms: int) -> np.ndarray:
    members = np.bincount(arm, minlength=arms)
    means = np.column_stack([np.bincount(arm, weights=column, minlength=arms) for column in columns.T])
    return columns - (means / np.maximum(members, 1)[:, None])[arm]


@dataclass(frozen=True)
class Moments:
    """Of one arm: members; mean and variance of the outcome, of one covariate from before, and their covariance."""

    members: int
    mean: float
    variance: float
    before: float
    before_variance: float
    covariance: float


def adjust_moments(arms: Sequence[Moments]) -> tuple[list[Sample], float]:
    """(the arms adjusted, share of the variance that is taken off): the same as `adjust` with one covariate, from what
    a database adds up. Unadjusted, with the reduction 0, where the covariate does not vary.
    """
    freedom = [max(arm.members - 1, 0) for arm in arms]
    spread = sum(n * arm.before_variance for n, arm in zip(freedom, arms, strict=True))
    members = sum(arm.members for arm in arms)
    if not spread or sum(freedom) < 2:
        return [Sample(arm.members, arm.mean, arm.variance) for arm in arms], 0.0
    slope = sum(n * arm.covariance for n, arm in zip(freedom, arms, strict=True)) / spread
    usual = sum(arm.members * arm.before for arm in arms) / members
    adjusted = [
        Sample(
            arm.members,
            arm.mean - slope * (arm.before - usual),
            max(arm.variance + slope**2 * arm.before_variance - 2 * slope * arm.covariance, 0.0),
        )
        for arm in arms
    ]
    whole = sum(n * arm.variance for n, arm in zip(freedom, arms, strict=True)) / sum(freedom)
    left = sum(n * arm.variance for n, arm in zip(freedom, adjusted, strict=True)) / (sum(freedom) - 1)
    return adjusted, 1 - left / whole if whole else 0.0
