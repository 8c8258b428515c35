"""Information gain, gain ratio and Wilson intervals, against figures worked out by hand."""

import numpy as np
import pandas as pd
import pytest

from analytics.outcomes.rules import cut_bands, information_gain, tally, wilson
from analytics.outcomes.services.factors import riskiest


def gain_of(values: pd.Series, label: np.ndarray) -> tuple[float, float]:
    return information_gain(*tally(cut_bands(values), label))


def test_a_factor_that_tells_all_gains_the_whole_entropy():
    label = np.repeat([0, 1], 5000)
    found, ratio = gain_of(pd.Series(np.repeat(["a", "b"], 5000)), label)
    assert found == pytest.approx(1, abs=1e-3)
    assert ratio == pytest.approx(1, abs=1e-3)


def test_a_factor_that_tells_a_part_gains_what_the_textbook_says():
    """Quinlan's weather: 9 yes, 5 no; outlook gains 0.247 bits. A thousandfold, so that chance takes nothing off."""
    rows, yes = np.array([5, 4, 5]) * 1000, np.array([2, 4, 3]) * 1000
    found, ratio = information_gain(rows, yes)
    assert found == pytest.approx(0.247, abs=1e-3)
    assert ratio == pytest.approx(0.156, abs=1e-3)


def test_noise_gains_next_to_nothing_however_many_bands_it_has():
    rng = np.random.default_rng(3)
    label = (rng.random(4000) < 0.05).astype(float)
    found = [gain_of(pd.Series(rng.normal(size=4000)), label)[0] for _number in range(20)]
    of_chance = 9 / (2 * 4000 * np.log(2))  # what ten bands gain on the mean, not taken off
    assert np.mean(found) < of_chance / 2
    assert min(found) == 0


def test_blanks_are_a_band_of_their_own():
    values = pd.Series([1.0, np.nan, 2.0, np.nan] * 50)
    bands = cut_bands(values)
    rows, leavers = tally(bands, np.tile([0, 1, 0, 1], 50))
    assert rows[bands.blank] == leavers[bands.blank] == 100


def test_every_row_lies_within_the_limits_of_its_band():
    values = pd.Series(np.random.default_rng(1).poisson(2, 1000).astype(float))
    bands = cut_bands(values)
    for band in range(bands.count - 1):
        low, high = bands.limits(band)
        inside = values[bands.code == band]
        assert len(inside)
        assert low is None or inside.min() >= low
        assert high is None or inside.max() < high


def test_rare_levels_stand_together_and_have_no_name():
    values = pd.Series([f"level {number}" for number in range(100) for _time in range(101 - number)])
    bands = cut_bands(values)
    assert bands.count == 22
    assert bands.level(0) == "level 0"
    assert bands.level(20) == ""


def test_wilson_interval_of_ten_in_a_hundred():
    low, high = wilson(np.array([10]), np.array([100]))
    assert (low[0], high[0]) == (pytest.approx(0.0552, abs=1e-4), pytest.approx(0.1744, abs=1e-4))


def test_three_leavers_of_three_do_not_lead():
    values = pd.Series(["few"] * 3 + ["many"] * 500 + ["rest"] * 5000)
    label = np.r_[np.ones(3), np.ones(100), np.zeros(5400)]
    bands = cut_bands(values)
    risky = riskiest(bands, *tally(bands, label))
    assert risky is not None
    assert (risky["level"], risky["lines"], risky["leavers"]) == ("many", 500, 100)
    assert risky["lift"] == pytest.approx(0.2 / (103 / 5503))


def test_where_all_leave_alike_no_band_is_risky():
    bands = cut_bands(pd.Series(["same"] * 1000))
    assert riskiest(bands, *tally(bands, np.tile([0, 1], 500))) is None
