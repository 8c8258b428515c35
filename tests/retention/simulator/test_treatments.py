"""A treatment changes who leaves, and nothing of before it; the beginning of an operator is the operator of then."""

from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from retention.simulator import Spec, Treatment, line_indexes, simulate_beginning, simulate_operator
from retention.simulator.parameters import day_number
from retention.simulator.rules.behaviour import simulate

SPEC = Spec(subscribers=3_000, days=300, until=date(2026, 11, 29), daily_days=0, seed=3)
EARLY = date(2026, 7, 31)


@pytest.fixture(scope="module")
def alone():
    return simulate(SPEC)


def in_use(world) -> np.ndarray:
    day, gone = day_number(EARLY), world.departures
    return np.flatnonzero((world.lines.activated <= day) & (gone.gone_on > day) & (gone.quiet_from > day))


def left_after(world, lines: np.ndarray, days: int) -> int:
    left = world.departures.left_on[lines]
    return int(((left > day_number(EARLY)) & (left <= day_number(EARLY) + days)).sum())


def test_a_strong_offer_keeps_most_would_be_leavers(alone):
    lines = in_use(alone)
    treated = simulate(SPEC, [Treatment(day_number(EARLY), lines, strength=3)])
    assert left_after(treated, lines, 90) < 0.6 * left_after(alone, lines, 90)


def test_nothing_of_before_the_treatment_and_of_others_in_its_month_changes(alone):
    lines = in_use(alone)[::2]
    treated = simulate(SPEC, [Treatment(day_number(EARLY), lines, strength=3)])
    month = next(m for m in SPEC.timeline.completed_months if SPEC.timeline.end(m) == day_number(EARLY))
    assert np.array_equal(treated.history.activity[: month + 1], alone.history.activity[: month + 1])
    others = np.setdiff1d(in_use(alone), lines)
    assert np.array_equal(treated.history.hazard[month + 1][others], alone.history.hazard[month + 1][others])


def test_words_without_an_offer_keep_fewer(alone):
    lines = in_use(alone)
    offer, words = (simulate(SPEC, [Treatment(day_number(EARLY), lines, offer=one)]) for one in (True, False))
    assert left_after(offer, lines, 90) < left_after(words, lines, 90) <= left_after(alone, lines, 90)


def joined(pieces) -> dict[str, pa.Table]:
    found: dict[str, list[pa.Table]] = {}
    for resource, piece in pieces:
        found.setdefault(resource, []).append(piece)
    return {resource: pa.concat_tables(parts) for resource, parts in found.items()}


# What a row is known by; the whole operator, loaded over its beginning, replaces rows by these. Balances of the last
# days of the beginning stay beside those of the whole: they are what those days' balances were.
KEYS = {
    "accounts": ["account_no"], "subscribers": ["subscriber_no"], "contracts": ["contract_no"],
    "usage-months": ["subscriber_no", "month"], "bills": ["subscriber_no", "month"],
    "status-events": ["event_no"], "service-contacts": ["ticket_no"],
}  # fmt: skip


def test_the_whole_operator_covers_every_row_of_its_beginning(alone):
    early = joined(simulate_beginning(SPEC, EARLY))
    lines = in_use(alone)
    whole = joined(simulate_operator(SPEC, treatments=[Treatment(day_number(EARLY), lines, strength=3)]))
    for resource, keys in KEYS.items():
        begun, later = (
            set(zip(*(one[resource][key].to_pylist() for key in keys), strict=True)) for one in (early, whole)
        )
        assert begun and begun <= later, resource


def test_the_beginning_knows_nothing_of_later(alone):
    early = joined(simulate_beginning(SPEC, EARLY))
    subscribers = early["subscribers"]
    assert pc.max(subscribers["activated_on"]).as_py() <= EARLY
    assert pc.max(subscribers["terminated_on"]).as_py() <= EARLY
    assert pc.max(early["bills"]["month"]).as_py() == "2026-07"
    assert pc.max(early["status-events"]["at"]).as_py().date() <= EARLY
    gone = subscribers.filter(pc.equal(subscribers["status"], "terminated"))["subscriber_no"].to_pylist()
    assert set(np.flatnonzero(alone.departures.gone_on <= day_number(EARLY))) == set(line_indexes(gone))
