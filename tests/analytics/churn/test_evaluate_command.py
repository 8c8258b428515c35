"""`churn evaluate` on tables of all kinds, with a model that is quick to learn: what is tested is the command."""

import io
import json
from functools import partial

import numpy as np
import pandas as pd
import pytest
from django.core.management import CommandError, call_command

from analytics.churn.learners import fitting
from analytics.churn.learners.settings import Settings
from analytics.churn.services.evaluation import Task
from analytics.churn.services.evaluation.preparation import find_groups
from tests.analytics.churn.tables import as_file, operator

NAMED = {
    "rows", "features", "positive_rate", "auc", "average_precision", "lift_at_5", "lift_at_10", "brier", "ece",
    "fit_seconds", "score_seconds", "reason_seconds", "additivity_error", "top_factors",
}  # fmt: skip


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(fitting, "Settings", partial(Settings, folds=2, depths=(4,), shares=0))


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
    assert "10 rows without an outcome were left out." in found["notes"]


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


@pytest.fixture(scope="module")
def people(tmp_path_factory):
    """Three months of 240 persons: what a person is like is the same in each row, and leaving hangs on nothing."""
    random = np.random.default_rng(8)
    person = np.tile(np.arange(240), 3)
    frame = pd.DataFrame(
        {
            "person": [f"P{number}" for number in person],
            "month": np.repeat(["6", "7", "8"], 240),
            "mark": random.normal(size=240)[person].round(6),
            "size": random.normal(size=240)[person].round(6),
        }
    )
    label = (random.random(240) < 0.3).astype(float)[person]
    return as_file(tmp_path_factory.mktemp("people") / "table.csv", frame, label)


def test_an_id_that_repeats_keeps_its_rows_in_one_fold(people):
    found = evaluate(people, id="person", folds=3)
    assert found["groups"] == 240
    assert found["protocol"] == "3 folds of 240 groups"
    assert "Rows that share person stay in one fold: 720 rows are 240 groups." in found["notes"]
    assert found["auc"] < 0.62
    assert not found["plain_rate"]["better"]


def test_a_group_does_the_same_and_without_one_the_doubt_is_told(people):
    grouped = evaluate(people, group=" person ", folds=3)
    assert (grouped["groups"], grouped["auc"] < 0.62) == (240, True)
    loose = evaluate(people, ignore="person", folds=3)
    assert loose["auc"] > grouped["auc"] + 0.05
    assert loose["groups"] is None
    assert any("rows that share mark or size nearly always have the same outcome" in note for note in loose["notes"])


def test_a_split_through_persons_is_judged_by_models_of_other_persons(people):
    found = evaluate(people, id="person", split_column="month", train_value="6", folds=3)
    assert found["judged_rows"] == 480
    assert found["protocol"] == "split on month = 6, by 3 folds of 240 groups"
    assert found["auc"] < 0.62


def test_an_id_and_a_group_are_linked():
    """Rows 0 and 2 share no column, but row 1 links them."""
    frame = pd.DataFrame({"id": ["a", "a", "b", "c", None, None], "home": ["x", "y", "y", "z", "z", None]})
    groups, notes = find_groups(frame, Task("t", "1", id_column="id", group="home"))
    assert pd.Series(groups).groupby(groups).ngroup().tolist() == [0, 0, 0, 1, 1, 2]
    assert notes[0] == "Rows that share home and id stay in one fold: 6 rows are 3 groups."
    assert notes[1] == "1 rows without home and id are a group each."


def test_24_leavers_of_24000_are_given_the_rate_and_called_no_better(tmp_path):
    random = np.random.default_rng(5)
    frame = pd.DataFrame({"fee": random.gamma(3, 20, 24_000).round(2), "tenure": random.integers(1, 72, 24_000)})
    label = np.zeros(24_000)
    label[random.permutation(24_000)[:24]] = 1
    found = evaluate(as_file(tmp_path / "t.csv", frame, label), folds=2)
    assert found["mean_predicted"] == pytest.approx(0.001, rel=0.05)
    assert found["ece"] < 0.001
    assert found["plain_rate"]["leavers"] == 24
    assert not found["plain_rate"]["better"]
    assert any(note.startswith("No better than the plain rate") for note in found["notes"])


def test_a_table_as_people_have_it_is_read_like_the_clean_one(tmp_path, table):
    """Decimal comma, semicolons, UTF-16, blanks in names, an outcome in several spellings, units and dates in words."""
    clean = pd.read_csv(table).drop(columns=["customer", "country", "nothing", "part"])
    dirty = clean.assign(
        calls=[f"{value:,.2f}".translate(str.maketrans(",.", ".,")) for value in clean["calls"]],
        noise=[str(value).replace(".", ",") for value in clean["noise"]],
        dropped=[str(value).replace(".", ",") for value in clean["dropped"]],
        tenure=[None if pd.isna(months) else f"{months:.0f} months" for months in clean["tenure"]],
        joined=pd.to_datetime(clean["joined"]).dt.strftime("%d %B %Y"),
        left=[word if place % 3 else word.upper() + " " for place, word in enumerate(clean["left"])],
    )
    path = tmp_path / "dirty.csv"
    dirty.rename(columns={"left": "left ", "calls": " calls"}).to_csv(path, sep=";", index=False, encoding="utf-16")
    plain = as_file(tmp_path / "clean.csv", clean.drop(columns="left"), (clean["left"] == "yes").astype(float))
    options = {"folds": 2, "cohort": "tenure"}
    read, found = evaluate(plain, **options), evaluate(path, target=" left", positive="Yes", **options)
    assert found["auc"] == read["auc"]
    assert found["ece"] == read["ece"]
    assert found["cohorts"] == read["cohorts"]
    assert read["notes"] == []
    notes = "\n".join(found["notes"])
    for said in ("UTF-16", "Read with a decimal comma: calls, dropped, noise", "Read as Yes: 'yes'", "in words",
                 "tenure was read as a number in months"):  # fmt: skip
        assert said in notes


def test_a_column_without_a_name_is_a_column_like_any_other(tmp_path):
    frame, label = operator(300)
    path = tmp_path / "t.csv"
    frame.insert(0, "", np.arange(300))
    as_file(path, frame, label)
    notes = evaluate(path, folds=2)["notes"]
    assert "Column 1 has no name; it is called column 1 here." in notes
    assert "Columns left out: column 1 (identifier)." in notes


def test_names_to_ignore_may_hold_commas_and_blanks(tmp_path):
    frame, label = operator(200)
    path = as_file(tmp_path / "t.csv", frame.rename(columns={"noise": "noise, white", "calls": " calls "}), label)
    found = evaluate(path, folds=2, ignore="noise, white")
    assert "noise, white" not in {row["factor"] for row in found["top_factors"]}
    found = evaluate(path, folds=2, ignore=" calls ,plan")
    assert not {"calls", "plan"} & {row["factor"] for row in found["top_factors"]}


def test_whatever_is_left_out_is_noted(table):
    notes = evaluate(table, folds=2)["notes"]
    assert "Columns left out: customer (identifier), country (constant), nothing (empty)." in notes
