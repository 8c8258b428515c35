"""CUPED: what covariates of before the treatment explain of the outcome is taken off, and with it variance.

Deng, Xu, Kohavi & Walker, WSDM 2013. The slopes are those within the arms, so that no effect is explained away.
"""

from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import LinearRegression

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
