"""The true chance of a day holds what stands on that day, not what is drawn after it."""

from datetime import date

import numpy as np
import pytest

from retention.simulator import Spec
from retention.simulator.defaults import causes
from retention.simulator.defaults.places import CITIES, build_places
from retention.simulator.lines import NONE, build_lines
from retention.simulator.parties import build_people
from retention.simulator.rules.behaviour import simulate
from retention.simulator.rules.hazards import WON_GROUP_EFFECT, GroupEffect

SPEC = Spec(subscribers=4_000, days=120, until=date(2026, 5, 17), daily_days=5, seed=3)


@pytest.fixture(scope="module")
def lines():
    places = build_places()
    return build_lines(SPEC, build_people(SPEC, places), places)


def test_which_firms_a_rival_wins_is_foreseen_as_a_chance(lines):
    pull = GroupEffect(SPEC, lines)
    offers = np.full(len(CITIES), 0.6, dtype=np.float32)
    nobody = np.zeros(len(lines), dtype=bool)
    firm = (lines.group != NONE) & ~lines.group_is_family[lines.group]
    assert firm.any() and not firm.all()
    all_won = pull.next_month(np.zeros(lines.groups), offers, nobody)
    assert np.allclose(all_won.drawn, np.where(firm, WON_GROUP_EFFECT, 0))
    assert not all_won.calm.any()
    assert np.allclose(all_won.won, np.where(firm, 0.015 * 0.6, 0))
    after = pull.next_month(np.ones(lines.groups), offers, nobody)
    assert np.allclose(after.calm, all_won.drawn), "what was won last month stands"
    foreseen = (1 - after.won) * after.calm + after.won * WON_GROUP_EFFECT
    assert np.allclose(foreseen, all_won.drawn), "whether it would be won again or not"


def test_a_firm_that_is_won_leaves_at_more_than_was_foreseen_and_the_others_a_little_less():
    history = simulate(SPEC).history
    content = (history.cause == causes.NONE) & (history.hazard > 0)
    surprise = (history.hazard - history.foreseen)[content]
    assert surprise.max() > 0.05
    assert -0.01 < surprise.min() < 0
    assert abs(surprise.mean()) < 0.001
    leaning_before = history.cause[:-1] != causes.NONE
    assert (history.hazard == history.foreseen)[1:][leaning_before].all()
