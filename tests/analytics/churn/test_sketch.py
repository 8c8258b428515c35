"""Counting values in bins: what is learnt, counted, added and compared. No database."""

import json

import numpy as np
import pandas as pd
import pytest

from analytics.churn.learners import sketch, stability

ROWS = 4000


def frame_of(seed: int, rows: int = ROWS) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    minutes = random.gamma(2, 40, rows).astype(np.float32)
    minutes[random.random(rows) < 0.1] = np.nan
    return pd.DataFrame(
        {
            "subscriber_id": np.arange(rows),
            "minutes": minutes,
            "complaints": random.poisson(0.1, rows).astype(np.float32),
            "plan": pd.Series(random.choice(["red", "blue", None], rows, p=[0.5, 0.3, 0.2]), dtype="object"),
        }
    )


def chances(seed: int, rows: int = ROWS) -> np.ndarray:
    return np.random.default_rng(seed).beta(1, 30, rows)


@pytest.fixture(scope="module")
def reference() -> dict:
    return sketch.reference_of(frame_of(1), chances(1))


def psi_of(reference: dict, counted: dict, name: str) -> float:
    return stability.psi(reference["features"][name]["shares"], reference["rows"], counted["features"][name])


def test_the_rows_it_was_made_from_have_no_distance(reference: dict) -> None:
    counted = sketch.count(frame_of(1), chances(1), reference)
    for name in ("minutes", "complaints", "plan"):
        assert psi_of(reference, counted, name) == pytest.approx(0, abs=1e-9)
    assert "subscriber_id" not in counted["features"]


def test_another_draw_from_the_same_population_is_only_noise_away(reference: dict) -> None:
    counted = sketch.count(frame_of(2), chances(2), reference)
    bins = len(reference["features"]["minutes"]["shares"])
    assert psi_of(reference, counted, "minutes") < 4 * stability.noise(bins, ROWS, ROWS) < 0.05


def test_chunks_add_up_to_the_whole(reference: dict) -> None:
    frame, said = frame_of(3), chances(3)
    whole = sketch.count(frame, said, reference)
    parts = [sketch.count(frame.iloc[at : at + 700], said[at : at + 700], reference) for at in range(0, ROWS, 700)]
    added = sketch.total(parts)
    assert added["features"] == whole["features"] and added["score"] == whole["score"]
    assert added["rows"] == ROWS
    assert added["score_sum"] == pytest.approx(whole["score_sum"])
    assert sketch.add({}, whole) == sketch.add(whole, {}) == whole
    assert sketch.total([]) == {}


def test_it_goes_through_json_unchanged(reference: dict) -> None:
    again = json.loads(json.dumps(reference))
    counted = sketch.count(frame_of(3), chances(3), again)
    assert json.loads(json.dumps(counted)) == counted == sketch.count(frame_of(3), chances(3), reference)


@pytest.mark.parametrize("name", ["minutes", "plan"])
def test_blanks_have_a_bin_of_their_own(reference: dict, name: str) -> None:
    frame = frame_of(1)
    frame.loc[: ROWS // 2 - 1, name] = None
    counted = sketch.count(frame, chances(1), reference)
    assert counted["features"][name][-1] == frame[name].isna().sum() > ROWS // 2
    assert psi_of(reference, counted, name) > 0.25


def test_values_nobody_had_before_are_told_apart_on_both_sides(reference: dict) -> None:
    frame = frame_of(1)
    for name, factor in (("minutes", 60), ("minutes", -1)):
        moved = frame.assign(**{name: frame[name] * factor})
        assert psi_of(reference, sketch.count(moved, chances(1), reference), name) > 1
    unseen = sketch.count(frame.assign(plan="green"), chances(1), reference)
    assert unseen["features"]["plan"][-2] == ROWS


def test_few_values_have_a_bin_each(reference: dict) -> None:
    edges = reference["features"]["complaints"]["edges"]
    assert edges[1:4] == [0, 1, 2]
    more = frame_of(1).assign(complaints=frame_of(1)["complaints"] + 1)
    assert psi_of(reference, sketch.count(more, chances(1), reference), "complaints") > 1


def test_a_constant_and_an_empty_column_are_counted(reference: dict) -> None:
    frame = pd.DataFrame({"one": np.ones(100), "none": np.full(100, np.nan), "text": pd.Series([None] * 100)})
    own = sketch.reference_of(frame, np.full(100, 0.02))
    counted = sketch.count(frame.assign(one=2.0), np.full(100, 0.02), own)
    assert counted["features"]["none"][-1] == counted["features"]["text"][-1] == 100
    assert psi_of(own, counted, "none") == pytest.approx(0, abs=1e-9)
    assert psi_of(own, counted, "one") > 1


def test_a_number_column_that_turned_to_text_counts_as_blank(reference: dict) -> None:
    counted = sketch.count(frame_of(1).assign(minutes="n/a"), chances(1), reference)
    assert counted["features"]["minutes"][-1] == ROWS


def test_an_empty_bin_does_not_make_the_index_endless() -> None:
    assert 0 < stability.psi([0.5, 0.5, 0.0], 1000, [500, 490, 10]) < 0.1
    assert stability.psi([1.0, 0.0], 1000, [0, 1000]) < 20
    assert stability.psi([1.0, 0.0], 0, [0, 1000]) == 0 == stability.psi([0.5, 0.5], 1000, [0, 0])
