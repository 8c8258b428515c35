"""The life of an alert by readings. No database."""

from datetime import UTC, datetime, timedelta

import pytest

from retention.core.alerts.rules import Reading, Rule, Severity
from retention.core.alerts.states import State, continue_state, open_state

START = datetime(2026, 11, 1, tzinfo=UTC)
DAY = timedelta(days=1)
RULE = Rule(opens_at=0.25, closes_below=0.10, calm_readings=2)


def run(rule: Rule, *values: float, step: timedelta = DAY) -> State:
    """The state after readings one `step` apart; the first opens it."""
    state = open_state(rule, Reading("k", "", values[0]), as_of=START)
    for number, value in enumerate(values[1:], start=1):
        state = continue_state(state, rule, Reading("k", "", value), as_of=START + number * step)
    return state


def test_it_opens_at_the_threshold_and_goes_on_between_the_two() -> None:
    assert RULE.opens(0.25) and not RULE.opens(0.24)
    state = run(RULE, 0.3, 0.5, 0.2)
    assert (state.value, state.peak, state.closed_at) == (0.2, 0.5, None)


def test_it_closes_after_enough_calm_readings_in_a_row() -> None:
    assert run(RULE, 0.3, 0.05).closed_at is None
    assert run(RULE, 0.3, 0.05, 0.1, 0.05).closed_at is None  # 0.10 is not below
    assert run(RULE, 0.3, 0.05, 0.05).closed_at == START + 2 * DAY


def test_a_calm_time_must_have_passed_since_the_first_calm_reading() -> None:
    rule = Rule(opens_at=1, closes_below=1, calm_time=timedelta(hours=2))
    hour = timedelta(hours=1)
    assert run(rule, 5, 0, 0, step=hour).closed_at is None
    assert run(rule, 5, 0, 0, 0, step=hour).closed_at == START + 3 * hour
    assert run(rule, 5, 0, 0, 2, 0, 0, step=hour).closed_at is None


def test_the_same_reading_again_is_the_same_state_and_a_corrected_one_replaces_it() -> None:
    state = run(RULE, 0.3, 0.05)
    again = continue_state(state, RULE, Reading("k", "", 0.05), as_of=state.seen_at)
    assert again == state
    loud = continue_state(state, RULE, Reading("k", "", 0.3), as_of=state.seen_at)
    assert continue_state(loud, RULE, Reading("k", "", 0.05), as_of=START + 2 * DAY).closed_at is None


def test_its_severity_only_rises() -> None:
    rule = Rule(opens_at=1, closes_below=1, severity=Severity.MAJOR, critical_at=2)
    assert run(rule, 1).severity == Severity.MAJOR
    assert run(rule, 1, 2, 1).severity == Severity.CRITICAL


def test_readings_of_too_few_cases_are_not_judged() -> None:
    rule = Rule(opens_at=1, closes_below=1, floor=50)
    assert rule.judges(Reading("k", "", 1, weight=50)) and not rule.judges(Reading("k", "", 1, weight=49))


@pytest.mark.parametrize("given", [{"closes_below": 2}, {"calm_readings": 0}])
def test_thresholds_that_contradict_each_other_are_refused(given) -> None:
    with pytest.raises(ValueError, match="an alert must open"):
        Rule(**{"opens_at": 1, "closes_below": 1} | given)
