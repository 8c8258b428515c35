"""Campaigns of known truth, looked at every day: how often intervals cover, and how often somebody is fooled.

A campaign treats its members at once; each leaves on one of 90 days or not at all. A scenario finds members every day,
each followed for a fixed time. Thousands of each, as arrays; the figures stand in docs/decisions/0032.
"""

from dataclasses import dataclass

import numpy as np
import pytest

from analytics.evaluation.rules.differences import newcombe
from analytics.evaluation.rules.sequential import rate_bounds_at_looks
from analytics.evaluation.rules.verdicts import FEWEST_EVENTS, FEWEST_MEMBERS, Looks

DAYS, RUNS = 90, 2_000


@dataclass(frozen=True)
class Simulated:
    """Shares of the campaigns. covered: by the 95 % interval of the end; helps, harms: said at any look."""

    covered: float
    helps: float
    harms: float
    naive: float


def campaigns(*, members: int, share: float, base: float, effect: float, seed: int = 1) -> Simulated:
    random = np.random.default_rng(seed)
    control = round(members * share)
    treated = members - control
    left, alone_left = (_left(random, size, rate) for size, rate in ((treated, base + effect), (control, base)))
    enough = left + alone_left >= FEWEST_EVENTS
    sizes = np.full(left.shape, treated), np.full(left.shape, control)
    early = _shown(rate_bounds_at_looks(sizes[0], left, sizes[1], alone_left, Looks.EARLY.alpha), enough)
    naive = _shown(newcombe(sizes[0], left, sizes[1], alone_left, 0.05), enough)
    end = left[:, -1:], alone_left[:, -1:]
    last = _shown(newcombe(treated, end[0], control, end[1], Looks.END.alpha), enough[:, -1:])
    low, high = newcombe(treated, end[0], control, end[1], 0.05)
    helps, harms = (early[side][:, :-1].any(axis=1) | last[side].any(axis=1) for side in (0, 1))
    return Simulated(
        covered=float(((low <= effect) & (effect <= high)).mean()),
        helps=float(helps.mean()),
        harms=float(harms.mean()),
        naive=float((naive[0] | naive[1]).any(axis=1).mean()),
    )


def scenarios(*, found_daily: int, share: float, base: float, effect: float, seed: int = 1) -> tuple[float, float]:
    """(share said to help, share said to harm) at any of 365 nightly looks, by bounds that hold at all of them."""
    random = np.random.default_rng(seed)
    shape = (RUNS, 365)
    alone = random.binomial(found_daily, share, shape)
    treated = found_daily - alone
    sizes = treated.cumsum(axis=1), alone.cumsum(axis=1)
    left = random.binomial(treated, base + effect).cumsum(axis=1)
    alone_left = random.binomial(alone, base).cumsum(axis=1)
    enough = (left + alone_left >= FEWEST_EVENTS) & (sizes[1] >= FEWEST_MEMBERS)
    keeps, harms = _shown(rate_bounds_at_looks(sizes[0], left, sizes[1], alone_left, Looks.REPEATED.alpha), enough)
    return float(keeps.any(axis=1).mean()), float(harms.any(axis=1).mean())


def _left(random: np.random.Generator, members: int, rate: float) -> np.ndarray:
    """Leavers up to each day, one campaign a row."""
    return random.multinomial(random.binomial(members, rate, RUNS), np.full(DAYS, 1 / DAYS)).cumsum(axis=1)


def _shown(bounds: tuple[np.ndarray, np.ndarray], enough: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    low, high = bounds
    return (high < 0) & enough, (low > 0) & enough


SIZES = [
    {"members": 1_000, "share": 0.1, "base": 0.3},
    {"members": 2_000, "share": 0.1, "base": 0.02},
    {"members": 2_000, "share": 0.5, "base": 0.05},
    {"members": 5_000, "share": 0.2, "base": 0.06},
    {"members": 50_000, "share": 0.05, "base": 0.05},
]


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_a_campaign_without_an_effect_is_seldom_called_one(size):
    found = campaigns(**size, effect=0.0)
    assert 0.92 <= found.covered <= 0.98
    assert found.helps <= 0.05
    assert found.helps + found.harms <= 0.06  # 5 % and the noise of 2,000 campaigns
    assert found.naive > 0.12  # what looking every day at the interval of one look comes to


@pytest.mark.parametrize("effect", [-0.03, -0.01, 0.01, 0.03])
@pytest.mark.parametrize("size", SIZES[2:], ids=str)
def test_intervals_cover_the_true_effect(size, effect):
    assert 0.92 <= campaigns(**size, effect=effect).covered <= 0.98


def test_forty_campaigns_of_all_kinds_are_covered_as_promised():
    random = np.random.default_rng(40)
    covered = []
    for number in range(40):
        base = random.uniform(0.02, 0.15)
        found = campaigns(
            members=int(random.integers(1_000, 40_000)), share=random.choice([0.1, 0.2, 0.5]), base=base,
            effect=base * random.uniform(-0.6, 0.4), seed=number,
        )  # fmt: skip
        covered.append(found.covered)
    assert 0.94 <= np.mean(covered) <= 0.97
    assert min(covered) >= 0.92


def test_a_harmful_campaign_is_flagged_and_never_praised():
    strong = campaigns(members=5_000, share=0.2, base=0.06, effect=0.06)
    assert strong.harms >= 0.99 and strong.helps == 0
    weaker = campaigns(members=5_000, share=0.2, base=0.06, effect=0.03)
    assert weaker.harms >= 0.8 and weaker.helps == 0


def test_a_campaign_that_works_is_seen_nearly_as_often_as_by_one_look():
    # One look at 5 % sees it in 76 of 100: what the daily looks cost is 3 of them.
    assert campaigns(members=5_000, share=0.2, base=0.06, effect=-0.02).helps >= 0.7


def test_a_scenario_without_an_effect_fools_nobody_in_a_year_of_mornings():
    for daily, share, base in ((20, 0.1, 0.06), (5, 0.5, 0.1), (200, 0.1, 0.03)):
        keeps, harms = scenarios(found_daily=daily, share=share, base=base, effect=0.0)
        assert keeps + harms <= 0.05
    keeps, harms = scenarios(found_daily=60, share=0.2, base=0.08, effect=-0.03)
    assert keeps >= 0.95 and harms == 0
