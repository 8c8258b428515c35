"""`manage.py campaigns evaluate` on good and bad tables."""

import io
import json
from pathlib import Path

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from analytics.churn.queries.files import read_table
from analytics.evaluation.services.tables import Task
from analytics.evaluation.services.tables import evaluate as evaluate_table
from tests.analytics.evaluation.experiments import experiment, swayed

HILLSTROM = Path(__file__).parents[4] / "shared" / "data" / "hillstrom" / "hillstrom.csv"


def run(path, **options) -> str:
    out = io.StringIO()
    call_command(
        "campaigns", "evaluate", stdout=out, **({"csv": str(path), "treatment": "arm", "outcome": "left"} | options)
    )
    return out.getvalue()


def evaluate(path, **options) -> dict:
    text = run(path, json=True, **options)
    found = json.loads(text.splitlines()[-1], parse_constant=lambda word: pytest.fail(f"{word} is no JSON"))
    assert text.count("\n") == 1
    return found


@pytest.fixture
def saved(tmp_path):
    def save(frame, *, encoding="utf-8", **options):
        path = tmp_path / "table.csv"
        path.write_bytes(frame.to_csv(index=False, **options).encode(encoding))
        return path

    return save


@pytest.fixture(scope="module")
def table():
    return experiment()


def noted(found, text) -> bool:
    return any(text in note for note in found["notes"])


def test_rates_of_two_arms(saved, table):
    found = evaluate(saved(table))
    counts = table.groupby("arm")["left"].agg(["count", "sum"])
    assert [(one["arm"], one["role"], one["n"], one["events"]) for one in found["arms"]] == [
        ("control", "control", *counts.loc["control"]), ("called", "treated", *counts.loc["called"]),
    ]  # fmt: skip
    (only,) = found["comparisons"]
    rates = counts["sum"] / counts["count"]
    assert only["difference"] == pytest.approx(rates["called"] - rates["control"], abs=1e-6)
    assert only["low"] < -0.06 < only["high"] < 0
    assert only["always_valid"][0] < only["low"] and only["high"] < only["always_valid"][1]
    assert only["p"] < 1e-4 and only["p_adjusted"] == only["p"]
    assert 0.03 < only["smallest_visible"] < 0.04
    assert found["sample_ratio"]["ok"] and found["kind"] == "rate" and found["positive"] == "1"
    assert only["words"].startswith("called lowers left: ")
    assert noted(found, "'control' of arm was taken as the control")


def test_what_is_better_is_said_not_guessed(saved, table):
    path = saved(table)
    assert evaluate(path)["comparisons"][0]["verdict"] == "harms"
    assert evaluate(path, fewer_is_better=True)["comparisons"][0]["verdict"] == "helps"


def test_means_and_covariates(saved, table):
    path = saved(table)
    plain, adjusted = evaluate(path, outcome="spend"), evaluate(path, outcome="spend", covariates="before, city")
    assert plain["kind"] == "mean" and plain["positive"] is None
    assert plain["arms"][0]["mean"] == pytest.approx(table[table.arm == "control"]["spend"].mean(), abs=1e-5)
    one, other = plain["comparisons"][0], adjusted["comparisons"][0]
    assert one["cuped"] is None and other["difference"] == one["difference"]
    cuped = other["cuped"]
    assert cuped["used"] and cuped["variance_reduction"] == pytest.approx(0.5, abs=0.05)
    assert cuped["low"] < 4 < cuped["high"]
    assert cuped["high"] - cuped["low"] == pytest.approx(0.5**0.5 * (one["high"] - one["low"]), rel=0.05)
    assert "Covariates took off" in other["words"]
    assert other["smallest_visible"] < one["smallest_visible"]
    useless = evaluate(path, outcome="spend", covariates="city")["comparisons"][0]["cuped"]
    assert not useless["used"] and useless["variance_reduction"] < 0.01


def test_three_arms_are_each_compared_and_corrected(saved, table):
    random = np.random.default_rng(3)
    frame = table.assign(arm=np.where(random.random(len(table)) < 1 / 3, "letter", table["arm"]))
    found = evaluate(saved(frame), control_share=1 / 3)
    assert [one["arm"] for one in found["comparisons"]] == ["called", "letter"]
    ps = sorted(one["p"] for one in found["comparisons"])
    assert sorted(one["p_adjusted"] for one in found["comparisons"]) == [
        pytest.approx(2 * ps[0], rel=1e-4), pytest.approx(max(2 * ps[0], ps[1]), rel=1e-4),
    ]  # fmt: skip
    assert set(found["qini"]["by_arm"]) == {"called", "letter", "all treated"}


def test_arms_of_the_wrong_size_show_no_effect(saved, table):
    random = np.random.default_rng(5)
    lost = table[(table.arm == "called") | (random.random(len(table)) < 0.8)]
    found = evaluate(saved(lost))
    assert not found["sample_ratio"]["ok"] and found["sample_ratio"]["p"] < 0.001
    assert found["comparisons"][0]["verdict"] == "uneven"
    assert found["verdict"].startswith("The arms are not as large as they were drawn")
    small = table[(table.arm == "called") | (random.random(len(table)) < 0.111)]
    meant = evaluate(saved(small))
    assert meant["sample_ratio"]["ok"] and noted(meant, "fit a control of 10 %")
    assert not evaluate(saved(small), control_share=0.2)["sample_ratio"]["ok"]
    assert meant["qini"] is None or not meant["qini"]["used"]


def test_blanks_are_left_out_and_an_arm_that_loses_more_is_named(saved, table):
    frame = table.astype({"arm": object, "left": object})
    frame.loc[:99, "arm"] = None
    frame.loc[50:399, "left"] = None
    found = evaluate(saved(frame))
    assert found["rows"] == 4_000 and found["used_rows"] == 3_600
    assert noted(found, "100 rows without arm") and noted(found, "350 rows without an outcome")
    assert sum(one["without_outcome"] for one in found["arms"]) == 300
    frame.loc[(frame.arm == "called") & (frame.index < 2_000), "left"] = None
    assert evaluate(saved(frame))["verdict"].startswith("Doubtful: the arms lost their outcomes unequally")


@pytest.mark.parametrize(
    "written",
    [
        lambda left: np.where(left == 1, "Gone", "still here"),
        lambda left: left == 1,
        lambda left: np.where(left == 1, "是", "否"),
        lambda left: np.where(left == 1, "2", "1"),
        lambda left: np.where(left == 1, "yes", "NO "),
    ],
    ids=["words", "bools", "Chinese", "numbers", "spellings"],
)
def test_an_outcome_may_be_written_in_many_ways(saved, table, written):
    found = evaluate(saved(table.assign(left=written(table["left"]))))
    assert sum(one["events"] for one in found["arms"]) == table["left"].sum()


def test_numbers_as_people_write_them(saved, table):
    expected = evaluate(saved(table), outcome="spend")["comparisons"][0]["difference"]
    euros = table.assign(spend=[f"€ {value:,.2f}".translate(str.maketrans(",.", ".,")) for value in table["spend"]])
    found = evaluate(saved(euros, sep=";", encoding="utf-16"), outcome="spend")
    assert found["comparisons"][0]["difference"] == pytest.approx(expected)
    assert noted(found, "decimal comma") and noted(found, "UTF-16")


def test_columns_named_twice_and_a_byte_order_mark(tmp_path, table):
    path = tmp_path / "t.csv"
    path.write_text(table.to_csv(index=False).replace("spend", "left", 1), encoding="utf-8-sig")
    found = evaluate(path)
    assert found["comparisons"][0]["difference"] < -0.04 and noted(found, "two columns are named left")


@pytest.mark.parametrize(
    ("names", "control"),
    [
        (("treated", "untreated"), "untreated"), (("1", "0"), "0"), (("Mail", "No mail"), "No mail"),
        (("触达", "对照组"), "对照组"), (("x", "Hold-out"), "Hold-out"), (("B", "A"), "A"),
        (("TRUE", "FALSE"), "FALSE"),
    ],
)  # fmt: skip
def test_the_control_is_guessed_and_named(saved, table, names, control):
    found = evaluate(saved(table.assign(arm=np.where(table.arm == "called", *names))))
    assert found["control"] == control
    assert noted(found, f"'{control}'")
    assert noted(found, "Doubtful: no value of arm") == (control == "A")


def test_a_small_campaign_says_what_it_needs(saved, table):
    found = evaluate(saved(table.head(40)))
    (only,) = found["comparisons"]
    assert only["verdict"] == "too_few"
    there = int((table.head(40).arm == "control").sum())
    assert only["more_needed"] == 30 - there
    assert f"Not yet: at least {30 - there} more in the control." in found["verdict"]
    weak = evaluate(saved(experiment(effect=0.005)))
    (only,) = weak["comparisons"]
    assert only["verdict"] == "not_shown" and only["more_needed"] > 1_000
    assert f"needs {only['more_needed']:,} more in the control" in weak["verdict"]
    assert "would have been seen" in weak["verdict"]


def test_a_campaign_in_which_nobody_left_is_a_result(saved, table):
    found = evaluate(saved(table.assign(left=0)), positive="1")
    assert [one["rate"] for one in found["arms"]] == [0, 0]
    assert found["comparisons"][0]["verdict"] == "too_few" and noted(found, "No row has left = 1")


@pytest.mark.parametrize(
    ("change", "options", "said"),
    [
        (lambda f: f[f.arm == "called"], {}, "column arm holds 'called' in .* rows: there are no two arms"),
        (lambda f: f.assign(arm=None), {}, "column arm holds blanks only"),
        (lambda f: f.assign(left=None), {}, "column left holds no outcome: all 4000 rows are blank"),
        (lambda f: f.assign(left=1), {}, "nothing to tell apart"),
        (lambda f: f.assign(left=f["city"]), {}, "neither a number nor yes or no; it holds 'a', 'b', 'c'"),
        (lambda f: f.assign(left="2026-11-01"), {}, "holds dates"),
        (lambda f: f, {"treatment": "line"}, "column line holds 4000 different values"),
        (lambda f: f, {"treatment": "gone"}, "no column gone"),
        (lambda f: f, {"outcome": "arm"}, "column arm is named twice"),
        (lambda f: f, {"covariates": "before,gone"}, "no column gone"),
        (lambda f: f, {"covariates": "left"}, "column left is named twice"),
        (lambda f: f, {"control": "nobody"}, "No row has arm = nobody; it holds 'called', 'control'"),
        (lambda f: f, {"positive": "perhaps"}, "No row has left = perhaps"),
        (lambda f: f, {"control_share": 1.5}, "between 0 and 1"),
        (lambda f: f, {"csv": "/nowhere/t.csv"}, "no file"),
        (lambda f: f.head(0), {}, "holds no rows"),
        (lambda f: f.assign(left=f["left"].where(f.index % 2 == 1), arm=f["arm"].where(f.index % 2 == 0)), {},
         "No row has both arm and left"),
    ],
)  # fmt: skip
def test_bad_tables_are_told_in_a_sentence(saved, table, change, options, said):
    with pytest.raises(CommandError, match=said):
        evaluate(saved(change(table)), **options)


def test_columns_of_after_the_treatment_are_not_ranked_by(saved):
    frame = swayed(rows=4_000)
    after = frame.assign(paid=frame["bought"] * 9.5, seen=frame["arm"] * 2 + frame["x"].round(1))
    found = evaluate(saved(after), outcome="bought")
    assert found["covariates"] == ["x", "z"]
    assert noted(found, "paid (") and noted(found, "seen (differs between the arms)")
    named = evaluate(saved(after), outcome="bought", covariates="x,seen")
    assert noted(named, "Doubtful: the covariate seen differs between the arms")


def test_lines_for_people(saved, table):
    text = run(saved(table))
    assert "sample ratio: p" in text and "as drawn" in text
    assert "called lowers left" in text and "better in" in text
    with translation.override("zh-hans"):
        found = evaluate_table(read_table(saved(table)), Task("arm", "left"))
        assert not found["verdict"].replace("called", "").replace("left", "").isascii()
        assert "lowers" not in found["verdict"]


@pytest.mark.skipif(not HILLSTROM.exists(), reason="the Hillstrom table is not here")
def test_hillstrom_has_the_differences_that_are_known():
    found = evaluate(HILLSTROM, treatment="segment", outcome="visit", control="No E-Mail", positive="1")
    assert [one["n"] for one in found["arms"]] == [21_306, 21_307, 21_387]
    mens, womens = found["comparisons"]
    assert (mens["arm"], mens["verdict"], womens["arm"], womens["verdict"]) == (
        "Mens E-Mail", "helps", "Womens E-Mail", "helps",
    )  # fmt: skip
    assert mens["difference"] == pytest.approx(0.0766, abs=1e-4)
    assert womens["difference"] == pytest.approx(0.0452, abs=1e-4)
    assert (mens["low"], mens["high"]) == (pytest.approx(0.0700, abs=2e-4), pytest.approx(0.0832, abs=2e-4))
    assert (womens["low"], womens["high"]) == (pytest.approx(0.0389, abs=2e-4), pytest.approx(0.0516, abs=2e-4))
    assert found["sample_ratio"]["ok"]
    ranking = found["qini"]
    assert (ranking["arm"], ranking["wins"], ranking["of"]) == ("all treated", 5, 5)
    assert ranking["by_arm"]["Womens E-Mail"]["wins"] == 5 and ranking["by_arm"]["Womens E-Mail"]["used"]
    # The mail for men moves those most who come anyway: there the response model ranks as well, and stays.
    assert not ranking["by_arm"]["Mens E-Mail"]["used"]
    assert ranking["by_arm"]["Mens E-Mail"]["refused_for"] == "ranks_no_better"
    assert {"conversion", "spend"}.isdisjoint(found["covariates"])
