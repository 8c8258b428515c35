"""The life of an alert as pure functions: opened, continued by each reading, closed.

Judging the same `as_of` again gives the same state: what came before the last reading is kept apart from it.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from retention.core.alerts.rules import Reading, Rule, Severity


@dataclass(frozen=True)
class State:
    """The judged part of an alert.

    value: of the last reading, at seen_at. peak, severity: the worst since it opened. threshold: the opening value in
    force at seen_at. calm_readings, calm_since: calm readings in a row before the one at seen_at.
    """

    value: float
    peak: float
    severity: Severity
    threshold: float
    seen_at: datetime
    calm_readings: int = 0
    calm_since: datetime | None = None
    closed_at: datetime | None = None


def open_state(rule: Rule, reading: Reading, *, as_of: datetime) -> State:
    return State(reading.value, reading.value, rule.severity_of(reading.value), rule.opens_at, as_of)


def continue_state(state: State, rule: Rule, reading: Reading, *, as_of: datetime) -> State:
    """The state after a reading at `as_of`, which must not lie before state.seen_at."""
    if as_of > state.seen_at:
        state = _count_last(state, rule)
    state = replace(
        state,
        value=reading.value,
        peak=max(state.peak, reading.value),
        severity=Severity(max(state.severity, rule.severity_of(reading.value))),
        threshold=rule.opens_at,
        seen_at=as_of,
    )
    return replace(state, closed_at=as_of if _has_calmed(state, rule) else None)


def _count_last(state: State, rule: Rule) -> State:
    """The last reading moves into the calm row before the next one, or ends the row."""
    if not rule.is_calm(state.value):
        return replace(state, calm_readings=0, calm_since=None)
    return replace(state, calm_readings=state.calm_readings + 1, calm_since=state.calm_since or state.seen_at)


def _has_calmed(state: State, rule: Rule) -> bool:
    if not rule.is_calm(state.value):
        return False
    lasting = state.seen_at - (state.calm_since or state.seen_at)
    return state.calm_readings + 1 >= rule.calm_readings and lasting >= rule.calm_time
