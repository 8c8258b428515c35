"""What of a distance is drift and what is the calendar. No database."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from analytics.monitoring.rules import CALENDAR, SCORE, Past, compare, drifts, month_before, same_place
from analytics.monitoring.services.months import by_cohort, calibration_gap, lost_lift, realised, wilson

QUIET = [500, 500, 0]
MOVED = [900, 100, 0]
PAYMENT = "days_since_payment"
USE = "calls_in_recent"


def reference() -> dict:
    bins = {"kind": "number", "edges": [1.0], "shares": [0.5, 0.5, 0.0]}
    return {"rows": 1000, "features": {PAYMENT: bins, USE: bins}, "score": bins}


def night(payment: list[int] = QUIET, use: list[int] = QUIET, score: list[int] = QUIET) -> dict:
    return {"rows": 1000, "features": {PAYMENT: payment, USE: use}, "score": score, "score_sum": 20.0}


def test_a_moved_feature_and_score_are_drift_in_the_first_night() -> None:
    found = drifts(reference(), night(use=MOVED, score=MOVED), at_place=False, past=Past())
    assert found[USE].beyond > 0.5 and found[SCORE].beyond > 0.5


def test_what_follows_the_calendar_is_not_judged_before_there_is_something_to_hold_it_against() -> None:
    assert PAYMENT in CALENDAR
    found = drifts(reference(), night(payment=MOVED), at_place=False, past=Past())
    assert found[PAYMENT].beyond is None and found[PAYMENT].rise is None
    assert found[PAYMENT].of_reference.psi > 0.5


def test_what_follows_the_calendar_is_drift_at_the_place_of_the_reference() -> None:
    past = Past(month_ago={PAYMENT: MOVED}, night_before={PAYMENT: MOVED})
    assert drifts(reference(), night(payment=MOVED), at_place=True, past=past)[PAYMENT].beyond > 0.5


def test_the_night_before_tells_a_break_from_the_month() -> None:
    usual = Past(night_before={PAYMENT: MOVED})
    assert drifts(reference(), night(payment=MOVED), at_place=False, past=usual)[PAYMENT].beyond == 0
    broken = Past(night_before={PAYMENT: [100, 900, 0]})
    assert drifts(reference(), night(payment=MOVED), at_place=False, past=broken)[PAYMENT].beyond > 0.5


def test_any_feature_that_was_in_bounds_at_month_end_may_move_with_the_month() -> None:
    tonight = night(use=MOVED)
    known = Past(month_ago={USE: MOVED}, in_bounds=frozenset({USE}))
    assert drifts(reference(), tonight, at_place=False, past=known)[USE].beyond == 0
    # One that was not has left for good: that it was there a month ago is no excuse.
    gone = Past(month_ago={USE: MOVED})
    assert drifts(reference(), tonight, at_place=False, past=gone)[USE].beyond > 0.5


def test_blanks_raise_the_blanks_and_not_the_drift() -> None:
    found = drifts(reference(), night(use=[300, 300, 400]), at_place=False, past=Past())[USE]
    assert found.rise == pytest.approx(0.4)
    assert found.beyond == 0
    assert found.of_reference.psi > 0.25


def test_chance_is_taken_off_and_few_filled_rows_weigh_little() -> None:
    assert compare([500, 500, 0], [510, 490, 0]).moved == 0
    assert compare([25, 25, 950], [45, 5, 950]).moved < 0.1 < compare([500, 500, 0], [900, 100, 0]).moved


@pytest.mark.parametrize(
    ("day", "before"),
    [
        (date(2026, 11, 22), date(2026, 10, 22)),
        (date(2026, 11, 30), date(2026, 10, 31)),
        (date(2026, 3, 30), date(2026, 2, 28)),
        (date(2026, 1, 31), date(2025, 12, 31)),
    ],
)
def test_the_same_place_of_the_month_before(day: date, before: date) -> None:
    assert month_before(day) == before


@pytest.mark.parametrize(
    ("day", "other", "same"),
    [
        (date(2026, 2, 28), date(2026, 1, 31), True),
        (date(2026, 2, 28), date(2026, 1, 28), False),
        (date(2024, 2, 28), date(2026, 1, 28), True),
        (date(2026, 11, 20), date(2026, 10, 20), True),
        (date(2026, 11, 20), date(2026, 10, 21), False),
    ],
)
def test_the_last_days_of_months_are_one_place(day: date, other: date, same: bool) -> None:
    assert same_place(day, other) is same


def test_calibration_is_judged_by_an_interval_and_not_by_a_point() -> None:
    assert calibration_gap(leavers=13, expected=10) == 0  # a third more, but of ten
    assert calibration_gap(leavers=1300, expected=1000) > 0.15
    assert calibration_gap(leavers=700, expected=1000) > 0.15
    assert calibration_gap(leavers=0, expected=0) == 0
    assert calibration_gap(leavers=0, expected=100) > 1


def test_a_share_seen_in_few_cases_may_be_much() -> None:
    low, high = wilson(0.25, 20)
    assert low < 0.1 and high > 0.5
    assert wilson(0.25, 100_000)[1] == pytest.approx(0.25, abs=0.01)


def test_a_useless_score_has_lost_its_lift_for_certain() -> None:
    random = np.random.default_rng(5)
    label, said = (random.random(20_000) < 0.03).astype(float), random.random(20_000) * 0.06
    found = realised(label, said)
    assert found.auc == pytest.approx(0.5, abs=0.05)
    assert found.lift == pytest.approx(1, abs=0.35)
    assert lost_lift(found, promised=3.0) > 0.3
    assert lost_lift(found, promised=1.0) == 0


def test_a_month_in_which_nobody_left_has_no_auc() -> None:
    frame = pd.DataFrame({"left": [0, 0, 0], "probability": [0.1, 0.2, 0.3], "cohort": ["a", "a", "b"]})
    found = by_cohort(frame)
    assert set(found) == {"", "a", "b"}
    assert found[""].auc is None and found[""].said == pytest.approx(0.2)
    assert lost_lift(found[""], promised=3.0) is None
    assert np.isfinite(found["b"].gap)
