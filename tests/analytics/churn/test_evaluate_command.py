import io
import json

import numpy as np
import pandas as pd
import pytest
from django.core.management import CommandError, call_command

from tests.analytics.churn.tables import as_file, operator

NAMED = {
    "rows", "features", "positive_rate", "auc", "average_precision", "lift_at_5", "lift_at_10", "brier", "ece",
    "fit_seconds", "score_seconds", "reason_seconds", "additivity_error", "top_factors",
}  # fmt: skip


def evaluate(path, **options) -> dict:
    out = io.StringIO()
    given = {"csv": str(path), "target": "left", "positive": "yes", "json": True} | options
    call_command("churn", "evaluate", stdout=out, **given)
    return json.loads(out.getvalue().splitlines()[-1])


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    frame, label = operator(700)
    frame.insert(0, "customer", [f"C-{number:05d}" for number in range(700)])
    frame["country"] = "CN"
    frame["nothing"] = None
    frame["part"] = np.where(np.arange(700) < 500, "1.0", "2")
    return as_file(tmp_path_factory.mktemp("churn") / "table.csv", frame, label)


def test_a_table_is_judged_by_folds(table):
    found = evaluate(table, ignore="part", cohort="tenure", folds=3)
    assert set(found) >= NAMED
    assert found["rows"] == 700
    assert found["features"] == 7
    assert 0.65 < found["auc"] < 0.9
    assert found["ece"] < 0.08
    assert found["additivity_error"] < 1e-6
    assert {row["factor"] for row in found["top_factors"][:4]} & {"tenure", "plan", "joined"}
    assert sum(row["weight"] for row in found["top_factors"]) == pytest.approx(1, abs=0.001)
    assert {(row["column"], row["why"]) for row in found["dropped"]} == {
        ("customer", "identifier"), ("country", "constant"), ("nothing", "empty"),
    }  # fmt: skip
    assert [row["cohort"] for row in found["cohorts"]][:3] == ["under 6", "6 to 12", "over 12"]


def test_a_split_value_is_compared_as_a_number(table):
    found = evaluate(table, split_column="part", train_value="1", id="customer")
    assert found["judged_rows"] == 200
    assert "part" not in {row["factor"] for row in found["top_factors"]}


def test_with_a_prior_figures_are_those_at_the_true_rate(table):
    found = evaluate(table, ignore="part", prior=0.05, folds=3)
    assert found["true_rate"] == pytest.approx(0.05)
    assert found["mean_predicted"] == pytest.approx(0.05, rel=0.3)


def test_the_same_table_gives_the_same_figures(table):
    first, second = (evaluate(table, ignore="part", folds=2) for _ in range(2))
    assert {name: first[name] for name in ("auc", "ece", "top_factors")} == {
        name: second[name] for name in ("auc", "ece", "top_factors")
    }


def test_folds_drawn_again_give_the_means_of_what_each_drawing_gave(table):
    once = evaluate(table, ignore="part", folds=2, cohort="tenure")
    twice = evaluate(table, ignore="part", folds=2, cohort="tenure", repeats=2)
    assert twice["protocol"] == "2 x 2 folds"
    assert twice["auc"] != once["auc"] and twice["auc_spread"] > 0
    second = 2 * twice["auc"] - once["auc"]
    assert abs(second - once["auc"]) == pytest.approx(2 * twice["auc_spread"], abs=1e-4)
    of = {name: [row["ece"] for row in found["cohorts"]] for name, found in (("once", once), ("twice", twice))}
    assert of["once"] != of["twice"]
    assert [row["rows"] for row in once["cohorts"]] == [row["rows"] for row in twice["cohorts"]]


def test_fifty_rows_are_judged_with_a_note(tmp_path):
    frame, label = operator(50, seed=4)
    found = evaluate(as_file(tmp_path / "t.csv", frame, label))
    assert found["rows"] == 50
    assert found["additivity_error"] < 1e-6


def test_a_leak_is_named(tmp_path):
    frame, label = operator(400)
    frame["churn_reason"] = np.where(label == 1, "price", None)
    found = evaluate(as_file(tmp_path / "t.csv", frame, label), folds=2)
    assert [(row["column"], row["used"]) for row in found["suspicious"]] == [("churn_reason", False)]
    assert found["auc"] < 0.9


def test_rows_without_an_outcome_are_left_out(tmp_path):
    frame, label = operator(300)
    path = as_file(tmp_path / "t.csv", frame, label)
    kept = pd.read_csv(path)
    kept.loc[:9, "left"] = None
    kept.to_csv(path, index=False)
    found = evaluate(path, folds=2)
    assert found["rows"] == 290
    assert "10 rows without an outcome" in found["notes"][-1]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"csv": "/nowhere/t.csv"}, "no file"),
        ({"target": "gone"}, "no column gone"),
        ({"id": "gone"}, "no column gone"),
        ({"cohort": "gone"}, "no column gone"),
        ({"positive": "perhaps"}, "No row has left = perhaps"),
        ({"prior": 1.5}, "between 0 and 1"),
        ({"folds": 1}, "At least 2 folds"),
        ({"repeats": 0}, "once or more often"),
        ({"repeats": 2, "split_column": "part", "train_value": "1"}, "a split once"),
        ({"folds": 300}, "Too few rows for 300 folds"),
        ({"cohort": "tenure", "cohort_edges": "a"}, "numbers separated by commas"),
        ({"split_column": "plan", "train_value": "none such"}, "only one outcome or none"),
        ({"ignore": "tenure,plan,calls,dropped,city,joined,noise,customer,country,nothing,part"}, "No column is left"),
        ({"ignore": "tenure,plan,calls,dropped,city,joined,noise,part"}, "No column is left"),
    ],
)
def test_bad_input_is_told_in_a_sentence(table, options, said):
    with pytest.raises(CommandError, match=said):
        evaluate(table, **options)


def test_one_outcome_is_told_in_a_sentence(tmp_path):
    frame, label = operator(60)
    with pytest.raises(CommandError, match="nothing to tell apart"):
        evaluate(as_file(tmp_path / "t.csv", frame, np.ones_like(label)))
