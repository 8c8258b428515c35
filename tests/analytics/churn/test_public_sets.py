"""The learner on real and public tables, held against figures too low (a loss) and too high (a leak)."""

from pathlib import Path

import pytest

from analytics.churn.learners.settings import Settings
from analytics.churn.queries.files import read_table
from analytics.churn.services.evaluation import Task, evaluate

DATA = Path(__file__).parents[4] / "shared" / "data"
IBM = DATA / "ibm_telco" / "Telco-Customer-Churn.csv"
CELL2CELL = DATA / "cell2cell" / "cell2cell_calibration.csv"


@pytest.mark.skipif(not IBM.exists(), reason="the IBM table is not here")
def test_ibm_is_told_apart_and_calibrated_without_a_leak():
    found = evaluate(read_table(IBM), Task("Churn", "Yes", id_column="customerID"), Settings(folds=3, depths=(3,)))
    assert 0.845 <= found["auc"] <= 0.87
    assert found["ece"] <= 0.015
    assert found["additivity_error"] < 1e-6


@pytest.mark.skipif(not CELL2CELL.exists(), reason="the Cell2Cell table is not here")
def test_cell2cell_is_calibrated_at_its_true_rate_without_a_leak():
    """One split of a part of the rows: the whole table by folds takes minutes and is the command's work."""
    table = read_table(CELL2CELL)
    frame = table.frame.sample(16_000, random_state=1)
    frame["part"] = ["1" if number % 4 else "0" for number in range(len(frame))]
    task = Task("churn", "1", id_column="customer", split=("part", "1"), prior=0.0196)
    found = evaluate(table.with_frame(frame), task, Settings(folds=3, depths=(6,)))
    assert 0.65 <= found["auc"] <= 0.72
    assert found["lift_at_10"] >= 2.0
    assert found["ece"] <= 0.004
    assert found["mean_predicted"] == pytest.approx(0.0196, rel=0.15)
