"""From what is known of a line to the numbers that the learners of our own campaigns take.

The columns are few and named: what changes an effect is learnt from thousands of members, not from the millions of rows
of the churn model, and every further column is noise first.
"""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import pandas as pd

from analytics.churn.learners.linear import Scales
from analytics.evaluation.uplift.learners import Learner, Uplift, learn_uplift
from analytics.evaluation.uplift.rows import Rows

RISK = "risk_probability"
# Of the profile at the newest month end before the freezing; RISK as scored in the night of the freezing.
PROFILE_COLUMNS = (
    "tenure_months", "age", "arpu", "bill_change", "over_fee_share", "contract_days_left", "days_since_contract",
    "calls_in_change", "dropped_rate", "complaints_90d", "contacts_90d", "port_inquiries_60d", "forwarded_rival_recent",
)  # fmt: skip
COLUMNS = (RISK, *PROFILE_COLUMNS)
THINNING_SEED = 20_340
# More rows cost minutes and change little.
MOST_ROWS = 200_000


def thinned(campaign: np.ndarray, treated: np.ndarray) -> np.ndarray:
    """Places of rows to keep, MOST_ROWS at most, so that every campaign has the same share of treated: that of all rows
    together. Else a campaign whose members leave more, and of which more are treated, would look like an effect.
    """
    random = np.random.default_rng(THINNING_SEED)
    odds = treated.sum() / max((~treated).sum(), 1)
    kept = []
    for one in np.unique(campaign):
        arms = [random.permutation(np.flatnonzero((campaign == one) & (treated == arm))) for arm in (True, False)]
        control = min(len(arms[1]), int(len(arms[0]) / odds) if odds else 0)
        kept += [arms[0][: round(control * odds)], arms[1][:control]]
    places = np.concatenate(kept) if kept else np.array([], dtype=int)
    return np.sort(places if len(places) <= MOST_ROWS else random.choice(places, MOST_ROWS, replace=False))


def numbers_of(frame: pd.DataFrame) -> np.ndarray:
    return frame[list(COLUMNS)].to_numpy(dtype=np.float64)


def matrix_of(numbers: np.ndarray, scales: Scales) -> np.ndarray:
    """Each number raw, as a logarithm and whether it is blank, centred."""
    forms = [values for place in range(numbers.shape[1]) for _form, values in scales.forms(numbers[:, place], place)]
    return np.column_stack(forms) if forms else np.empty((len(numbers), 0))


@dataclass(frozen=True)
class Model:
    """The mean of all learners, of lines as they are in the profile."""

    scales: Scales
    learners: tuple[Uplift, ...]

    def __call__(self, frame: pd.DataFrame) -> np.ndarray:
        features = matrix_of(numbers_of(frame), self.scales)
        return np.mean([one(features) for one in self.learners], axis=0)

    def as_dict(self) -> dict[str, Any]:
        return {
            "columns": list(COLUMNS),
            "centre": self.scales.centre.tolist(),
            "scale": self.scales.scale.tolist(),
            "learners": [one.as_dict() for one in self.learners],
        }

    @classmethod
    def from_dict(cls, kept: dict[str, Any]) -> Self:
        """ValueError for a model of other columns."""
        if kept["columns"] != list(COLUMNS):
            raise ValueError("a model of other columns")
        scales = Scales(np.asarray(kept["centre"]), np.asarray(kept["scale"]))
        return cls(scales, tuple(Uplift.from_dict(one) for one in kept["learners"]))


def learn_model(rows: Rows, scales: Scales) -> Model:
    return Model(scales, tuple(learn_uplift(one, rows) for one in Learner))
