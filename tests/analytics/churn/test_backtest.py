"""Past months replayed: what each origin may learn from, what judges it, and what is printed."""

import io
import json
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from django.core.management import CommandError, call_command

from analytics.churn.queries import definitions
from analytics.churn.services import backtest, training
from analytics.churn.services.backtest import Task
from analytics.churn.services.oracle import Oracle
from retention.core.errors import Invalid
from tests.factories import make_branch, make_plan, make_subscriber

ORIGINS = [date(2026, 7, 31), date(2026, 8, 31)]
AS_OF = date(2026, 10, 20)
ROWS = 400


def month(end: date, *, leavers: bool = True) -> pd.DataFrame:
    """Lines whose chance grows with `risk`, which the stand-in model reads."""
    random = np.random.default_rng(end.toordinal())
    risk = random.random(ROWS)
    return pd.DataFrame(
        {
            "subscriber_id": np.arange(1, ROWS + 1),
            "customer_id": np.arange(1, ROWS + 1),
            "left": (random.random(ROWS) < 0.2 * risk).astype(int) if leavers else np.zeros(ROWS, dtype=int),
            "tenure_cohort": np.where(np.arange(ROWS) % 2, "over_12", "under_6"),
            "risk": risk,
        }
    )


@pytest.fixture
def replayed(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Training and snapshots stood in for; keeps what they were asked for."""
    asked = SimpleNamespace(known=[], settings=[], frames={end: month(end) for end in ORIGINS})
    model = SimpleNamespace(probability=lambda frame: 0.2 * frame["risk"].to_numpy())

    def known_months(origin: date) -> list:
        asked.known.append(origin)
        return [(date(2026, 5, 31), month(date(2026, 5, 31)))]

    def learn(months: list, *, settings: object) -> object:
        asked.settings.append(settings)
        return model

    monkeypatch.setattr(definitions, "month_ends", lambda as_of, count: ORIGINS[-count:])
    monkeypatch.setattr(training, "known_months", known_months)
    monkeypatch.setattr(training, "learn", learn)
    monkeypatch.setattr(backtest, "_frame_of", asked.frames.__getitem__)
    return asked


def test_each_origin_learns_from_what_was_known_on_its_own_day(replayed) -> None:
    report = backtest.backtest(Task(AS_OF, months=2, sample=500))
    assert replayed.known == ORIGINS
    assert {settings.max_rows for settings in replayed.settings} == {500}
    assert [row["origin"] for row in report["months"]] == [str(end) for end in ORIGINS]
    row = report["months"][1]
    frame = replayed.frames[ORIGINS[1]]
    assert (row["rows"], row["leavers"]) == (ROWS, frame["left"].sum())
    assert row["said"] == pytest.approx(0.2 * frame["risk"].mean(), abs=1e-6)
    assert row["happened"] == pytest.approx(frame["left"].mean(), abs=1e-6)
    assert row["auc"] > 0.6
    assert [one["rows"] for one in row["cohorts"]] == [ROWS / 2, ROWS / 2]
    assert report["overall"]["leavers"] == sum(row["leavers"] for row in report["months"])


def test_a_month_in_which_nobody_left_is_skipped_with_its_reason(replayed) -> None:
    replayed.frames[ORIGINS[0]] = month(ORIGINS[0], leavers=False)
    report = backtest.backtest(Task(AS_OF, months=2))
    assert [row["origin"] for row in report["months"]] == [str(ORIGINS[1])]
    assert report["skipped"][0]["origin"] == str(ORIGINS[0]) and "nothing to judge by" in report["skipped"][0]["why"]
    assert "skipped" in backtest.as_lines(report)[-1]


def test_nothing_known_at_all_is_told_in_a_sentence(replayed, monkeypatch) -> None:
    monkeypatch.setattr(training, "known_months", lambda origin: [])
    with pytest.raises(Invalid, match="nothing to learn from"):
        backtest.backtest(Task(AS_OF, months=2))
    with pytest.raises(Invalid, match="At least one month"):
        backtest.backtest(Task(AS_OF, months=0))


@pytest.mark.django_db
def test_the_true_chances_are_judged_on_the_same_rows(replayed, tmp_path: Path) -> None:
    """A line that had fallen silent by the origin has no chance any more in the truth: nobody is judged by it."""
    branch, plan = make_branch(), make_plan()
    lines = [make_subscriber(branch=branch, plan=plan) for _place in range(8)]
    end = ORIGINS[1]
    replayed.frames[end] = pd.DataFrame(
        {
            "subscriber_id": [line.pk for line in lines],
            "customer_id": [line.pk for line in lines],
            "left": [1, 1, 0, 0, 0, 0, 0, 0],
            "tenure_cohort": "over_12",
            "risk": np.linspace(0.1, 0.9, 8),
        }
    )
    numbers = [line.subscriber_no for line in lines]
    (tmp_path / "months").mkdir()
    pd.DataFrame({"subscriber_no": numbers[1:], "probability_alone": [0.9, *[0.01] * 6]}).to_parquet(
        tmp_path / "months" / f"{end}.parquet"
    )
    row = backtest.backtest(Task(AS_OF, months=1, truth=Oracle(tmp_path)))["months"][0]
    assert row["best_auc"] == 1 > row["auc_there"] == 0
    assert row["rows"] == 8
    assert row["taught_auc"] is None, "the truth has none of the months that taught"


def test_a_folder_without_truth_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="no truth"):
        Oracle(tmp_path)


def test_the_command_prints_the_table_and_one_json_object_last(replayed) -> None:
    out = io.StringIO()
    call_command("churn", "backtest", "--months", "2", "--as-of", str(AS_OF), "--json", stdout=out)
    lines = out.getvalue().splitlines()
    assert lines[0].split()[:4] == ["origin", "rows", "leavers", "AUC"] and "best" not in lines[0]
    assert [line.split()[0] for line in lines[1:-1]] == [
        str(ORIGINS[0]), "over_12", "under_6", str(ORIGINS[1]), "over_12", "under_6", "all",
    ]  # fmt: skip
    assert len(json.loads(lines[-1])["months"]) == 2
    plain = io.StringIO()
    call_command("churn", "backtest", "--months", "1", "--as-of", str(AS_OF), stdout=plain)
    assert plain.getvalue().splitlines()[-1].startswith("all")


def test_the_command_tells_what_is_wrong(replayed, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no truth"):
        call_command("churn", "backtest", "--truth", str(tmp_path), "--as-of", str(AS_OF))


@pytest.mark.django_db
def test_a_simulated_operator_is_replayed_against_its_truth(tmp_path: Path) -> None:
    """End to end. The model cannot be better than the true chances but for luck, and is far from guessing."""
    call_command(
        "simulate", subscribers=1500, days=360, daily_days=5, until=AS_OF, seed=11, truth=tmp_path, verbosity=0,
        stdout=io.StringIO(),
    )  # fmt: skip
    report = backtest.backtest(Task(AS_OF, months=1, sample=3000, truth=Oracle(tmp_path)))
    row = report["months"][0]
    assert row["trained_on"][-1] < row["origin"] and len(row["trained_on"]) >= 3
    assert 0.6 < row["auc"] < row["best_auc"] + 0.05
    assert 0.6 < row["taught_auc"] < row["best_auc"] + 0.05
    assert row["said"] == pytest.approx(row["happened"], rel=0.8)
