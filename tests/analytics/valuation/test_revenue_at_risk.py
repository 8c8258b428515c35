"""Ranking by expected gain keeps more of the revenue at risk than ranking by probability: on real customers.

Measured on the whole given half, 5 folds: 35.2 % by gain, 26.0 % by probability (goal: 33 % where that gives
about 23 %). Here a part of the rows and the trees alone, for time: they learn a little less.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analytics.churn.learners.fitting import fit
from analytics.churn.learners.settings import PartName, Settings
from analytics.churn.queries.files import read_table
from analytics.valuation.rules.economics import expected_gain

CELL2CELL = Path(__file__).parents[4] / "shared" / "data" / "cell2cell" / "cell2cell_calibration.csv"
PRIOR = 0.0196


def top_tenth(order_by: np.ndarray, label: np.ndarray, worth: np.ndarray) -> float:
    """The part of the leavers' revenue that the first tenth holds, the rows weighted to the true rate of leaving."""
    weight = np.where(label == 1, PRIOR / label.mean(), (1 - PRIOR) / (1 - label.mean()))
    order = np.argsort(-order_by, kind="stable")
    inside = np.cumsum(weight[order]) <= 0.1 * weight.sum()
    lost = (worth * label)[order]
    return float(lost[inside].sum() / lost.sum())


def ranked(rows: int, settings: Settings) -> tuple[float, float]:
    """(by gain, by probability), from what models said of rows they had not seen."""
    table = read_table(CELL2CELL).frame
    table = table.sample(min(rows, len(table)), random_state=3).reset_index(drop=True)
    label = (table["churn"] == "1").to_numpy(dtype=float)
    features = table.drop(columns=["churn", "customer"])
    said = fit(features, label, settings=settings, prior=PRIOR).held_out
    revenue = pd.to_numeric(table["revenue"]).fillna(0).to_numpy()
    months = pd.to_numeric(table["months"]).to_numpy()
    lines = pd.DataFrame(
        {
            "tenure_cohort": np.select([months < 6, months < 12], ["under_6", "6_to_12"], "over_12"),
            "line_type": "mobile",
            "monthly_spend": revenue,
        }
    )
    return top_tenth(expected_gain(said, lines), label, revenue), top_tenth(said, label, revenue)


@pytest.mark.skipif(not CELL2CELL.exists(), reason="the Cell2Cell table is not here")
@pytest.mark.django_db
def test_the_top_tenth_by_gain_holds_about_a_third_of_the_revenue_at_risk():
    by_gain, by_probability = ranked(12_000, Settings(parts=(PartName.TREES,), folds=3, depths=(4,), shares=0))
    assert by_gain >= 0.30, by_gain
    assert by_gain >= by_probability + 0.05
