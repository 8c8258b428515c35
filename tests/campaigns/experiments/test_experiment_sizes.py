"""What arms can show, by hand and against the power of another test."""

import numpy as np
import pytest
from django.utils import translation
from statsmodels.stats.power import TTestIndPower
from statsmodels.stats.proportion import power_proportions_2indep

from campaigns.experiments.rules import (
    ALPHA_END,
    members_for_size,
    members_needed,
    smallest_visible_difference,
    smallest_visible_rise,
    smallest_visible_size,
    visibility,
)
from campaigns.experiments.text import format_visibility


def test_the_smallest_fall_by_hand():
    # h = (1.95996 + 0.84162) sqrt(2 / 2105) = 0.086355; 2 asin sqrt .02 = 0.283794; sin(0.098720)^2 = 0.009713.
    assert smallest_visible_difference(2_105, 2_105, 0.02) == pytest.approx(0.02 - 0.009713, abs=2e-6)


@pytest.mark.parametrize(
    ("treated", "control", "base"), [(20_000, 20_000, 0.05), (45_000, 5_000, 0.1), (900, 900, 0.4)]
)
def test_a_difference_of_that_size_is_seen_four_times_in_five(treated, control, base):
    fall = smallest_visible_difference(treated, control, base)
    power = power_proportions_2indep(-fall, base, control, ratio=treated / control).power
    assert power == pytest.approx(0.8, abs=0.02)
    random = np.random.default_rng(3)
    a, b = random.binomial(treated, base - fall, 4_000) / treated, random.binomial(control, base, 4_000) / control
    error = np.sqrt(a * (1 - a) / treated + b * (1 - b) / control)
    assert (np.abs(a - b) > 1.96 * error).mean() == pytest.approx(0.8, abs=0.03)


def test_more_people_see_less_and_an_even_split_sees_least():
    falls = [smallest_visible_difference(n, n, 0.05) for n in (500, 1_000, 5_000, 50_000)]
    assert falls == sorted(falls, reverse=True)
    assert smallest_visible_difference(5_000, 5_000, 0.05) < smallest_visible_difference(9_000, 1_000, 0.05)
    assert smallest_visible_difference(5_000, 5_000, 0.05, alpha=ALPHA_END) > smallest_visible_difference(
        5_000, 5_000, 0.05
    )


def test_members_and_difference_are_the_inverse_of_each_other():
    needed = members_needed(-0.01, 0.05, 0.2)
    fall = smallest_visible_difference(round(needed * 0.8), round(needed * 0.2), 0.05)
    assert fall == pytest.approx(0.01, rel=1e-3)
    rise = smallest_visible_rise(round(needed * 0.8), round(needed * 0.2), 0.04)
    assert rise == pytest.approx(0.01, rel=1e-3)  # the way back is as long


def test_members_by_hand():
    # (1.95996 + 0.84162)^2 / (2 asin sqrt .10 - 2 asin sqrt .05)^2 = 7.8489 / h^2 of each of two even arms, times 2.
    size = 2 * np.arcsin(np.sqrt(0.10)) - 2 * np.arcsin(np.sqrt(0.05))
    assert members_needed(-0.05, 0.10, 0.5) == pytest.approx(4 * 7.8489 / size**2, abs=2)


def test_means_in_standard_deviations_are_as_those_of_the_t_test():
    large = TTestIndPower().solve_power(nobs1=5_000, ratio=2, power=0.8, alpha=0.05)
    assert smallest_visible_size(10_000, 5_000) == pytest.approx(large, rel=1e-3)
    assert members_for_size(large, 1 / 3) == pytest.approx(15_000, rel=1e-3)


@pytest.mark.parametrize(
    ("treated", "control", "base"), [(0, 50, 0.1), (50, 0, 0.1), (50, 50, 0.0), (50, 50, 1.0), (200, 20, 0.02)]
)
def test_arms_that_show_nothing(treated, control, base):
    assert smallest_visible_difference(treated, control, base) is None


@pytest.mark.parametrize(
    ("difference", "base", "share"),
    [(0, 0.1, 0.5), (-0.2, 0.1, 0.5), (0.1, 0.95, 0.5), (-0.05, 0.1, 0), (-0.05, 0.1, 1)],
)
def test_questions_that_no_number_answers(difference, base, share):
    assert members_needed(difference, base, share) is None


def test_a_rise_is_seen_from_nothing_but_not_above_all():
    assert smallest_visible_rise(500, 500, 0.0) == pytest.approx(np.sin(2.8016 * np.sqrt(2 / 500) / 2) ** 2, abs=1e-5)
    assert smallest_visible_rise(20, 20, 0.9) is None


def test_the_sentence_in_both_languages():
    found = visibility(people=4_210, control_share=0.5, base_rate=0.02)
    assert (found.treated, found.control) == (2_105, 2_105)
    small = visibility(people=100, control_share=0.1, base_rate=0.02)
    with translation.override("en"):
        assert format_visibility(found) == (
            "With 4,210 people, 2,105 of them held out, and a base rate of 2.0% you can see a change of 1.1 points or"
            " more."
        )
        assert format_visibility(small).endswith(f"half the rate needs {small.needed:,} people.")
        assert "nobody held out" in format_visibility(visibility(people=100, control_share=0.0, base_rate=0.02))
        assert "base rate above 0" in format_visibility(visibility(people=100, control_share=0.5, base_rate=0.0))
    with translation.override("zh-hans"):
        assert "4,210" in format_visibility(found) and "1.1" in format_visibility(found)
        for one in (found, small, visibility(people=100, control_share=0.0, base_rate=0.02)):
            assert not format_visibility(one).isascii()
