"""Labelled months as the learner wants them: features, label, and which rows belong to one line."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from analytics.churn.cohorts import Cohorts

# C3: under 6 months, 6 to 12, over 12, cut between days where the profile's `tenure_cohort` is: at 183 and 365 days.
COHORTS = Cohorts("tenure_months", (182.5 / 30.4375, 364.5 / 30.4375))
NOT_FEATURES = ["subscriber_id", "left", "tenure_cohort"]


def features(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.drop(columns=NOT_FEATURES)


def learnt_from(months: Sequence[tuple[date, pd.DataFrame]]) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """All the months' rows below one another: (features, label, subscriber_id)."""
    rows = pd.concat([frame for _end, frame in months], ignore_index=True)
    return features(rows), rows["left"].to_numpy(dtype=np.float64), rows["subscriber_id"].to_numpy()
