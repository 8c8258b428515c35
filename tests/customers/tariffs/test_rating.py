"""Rating rules: charges of a month, holes in a tariff, who may have which plan, the cheapest of many."""

import math
from dataclasses import replace

import numpy as np
import pytest

from customers.tariffs.models import FitState
from customers.tariffs.rules.markets import may_be_proposed
from customers.tariffs.rules.rating import STATES, Fits, Lines, fit
from customers.tariffs.rules.terms import Terms, over_charges

NAN = math.nan
PLAN = Terms(
    pk=1, code="P1", name="Plan 1", line_type="mobile", brand="", market="consumer", is_bundle=False,
    is_restricted=False, is_on_sale=True, fee=39.0, included=(100.0, 1000.0, 10.0), rates=(0.15, 0.03, 0.1),
    bandwidth=None,
)  # fmt: skip
FULL = Terms(
    pk=2, code="P2", name="Plan 2", line_type="mobile", brand="", market="consumer", is_bundle=False,
    is_restricted=False, is_on_sale=True, fee=59.0, included=(300.0, 5000.0, 100.0), rates=(0.1, 0.02, 0.1),
    bandwidth=None,
)  # fmt: skip


def one_line(use: list[list[float]], *, plan: int = 1, firm: bool = False, **given: object) -> Lines:
    """use: for each month minutes, MB, messages."""
    columns = np.array(use, float).T[:, None, :]
    counted = np.ones((1, len(use)), bool)
    bandwidth = np.array([given.get("bandwidth", NAN)], float)
    return Lines(np.array([plan]), np.array([firm]), bandwidth, columns, given.get("counted", counted))  # type: ignore[arg-type]


def found(lines: Lines, *plans: Terms) -> tuple[str, int, float, float]:
    """(state, best, cost, saving) of the first line."""
    fits: Fits = fit(lines, {plan.pk: plan for plan in plans})
    return STATES[fits.state[0]], int(fits.best[0]), float(fits.cost[0]), float(fits.saving[0])


def test_what_is_beyond_the_plan_is_charged_and_each_charge_rounded_to_the_fen():
    # 50 minutes x 0.15 = 7.50; 0.5 MB x 0.03 = 0.015 -> 0.02 (half up); 3 messages x 0.1 = 0.30
    use = np.array([[[150.0]], [[1000.5]], [[13.0]]])
    assert over_charges(PLAN, use).round(6).tolist() == [[7.82]]


@pytest.mark.parametrize(("over_mb", "yuan"), [(50.1666, 1.50), (50.1667, 1.51), (0.5, 0.02)])
def test_halves_of_a_fen_go_up(over_mb, yuan):
    assert over_charges(PLAN, np.array([[[0.0]], [[1000 + over_mb]], [[0.0]]]))[0, 0] == pytest.approx(yuan)


def test_a_price_that_is_missing_is_never_zero_and_matters_only_where_the_use_needs_it():
    hole = replace(PLAN, rates=(0.15, NAN, 0.1))
    use = np.array([[[150.0, 150.0]], [[1000.0, 1001.0]], [[0.0, 0.0]]])
    charges = over_charges(hole, use)[0]
    assert charges[0] == 7.5
    assert math.isnan(charges[1])
    assert hole.missing_rates == (1,)


def test_a_plan_with_a_hole_is_not_the_best_although_it_would_be_at_zero():
    hole = replace(FULL, pk=3, code="P3", fee=10.0, included=(0.0, 0.0, 0.0), rates=(NAN, NAN, NAN))
    heavy = one_line([[350, 9000, 20]])
    # on PLAN: 39 + 250 x 0.15 + 8000 x 0.03 + 10 x 0.1 = 317.50; on FULL: 59 + 50 x 0.1 + 4000 x 0.02 = 144
    assert found(heavy, PLAN, FULL, hole) == ("better", 2, 317.5, 173.5)


def test_a_line_whose_own_plan_has_a_needed_hole_is_not_compared():
    hole = replace(PLAN, rates=(0.15, NAN, 0.1))
    state, best, cost, saving = found(one_line([[150, 1001, 0]]), hole, FULL)
    assert (state, best) == (FitState.UNPRICED, 0)
    assert math.isnan(cost)
    assert math.isnan(saving)
    assert found(one_line([[150, 999, 0]]), hole, replace(FULL, fee=40.0))[:3] == ("better", 2, 46.5)


def test_months_before_the_line_joined_do_not_count():
    lines = one_line([[9999, 0, 0], [150, 0, 0]], counted=np.array([[False, True]]))
    assert found(lines, PLAN, FULL) == ("best", 0, 46.5, 0.0)
    nothing = one_line([[1, 1, 1]], counted=np.array([[False]]))
    assert found(nothing, PLAN, FULL)[:2] == (FitState.NEW, 0)


def test_a_plan_is_better_from_one_yuan_a_month_and_the_larger_of_equals_wins():
    idle = one_line([[0, 0, 0]])
    assert found(idle, PLAN, replace(FULL, fee=38.01))[:2] == ("best", 0)
    assert found(idle, PLAN, replace(FULL, fee=38.0))[:2] == ("better", 2)
    # 20 + 10 minutes x 1 = 30 = the fee of the larger
    small = replace(PLAN, pk=3, code="P3", fee=20.0, included=(0.0, 0.0, 0.0), rates=(1.0, 1.0, 1.0))
    assert found(one_line([[10, 0, 0]]), PLAN, small, replace(FULL, fee=30.0))[1] == 2


def test_a_line_is_never_proposed_the_plan_it_has():
    assert found(one_line([[0, 0, 0]]), PLAN)[:2] == (FitState.NO_PLAN, 0)
    assert not may_be_proposed(PLAN, now_on=PLAN, firm=False)


@pytest.mark.parametrize(
    ("market", "firm", "allowed"),
    [
        ("consumer", False, True), ("consumer", True, False), ("business", False, False), ("business", True, True),
        ("all", False, True), ("all", True, True),
    ],
)  # fmt: skip
def test_a_firm_is_proposed_no_consumer_plan_and_nobody_else_a_business_plan(market, firm, allowed):
    assert may_be_proposed(replace(FULL, market=market), now_on=PLAN, firm=firm) is allowed


def test_what_may_not_be_proposed_otherwise():
    assert not may_be_proposed(replace(FULL, is_on_sale=False), now_on=PLAN, firm=False)
    assert not may_be_proposed(replace(FULL, line_type="fixed"), now_on=PLAN, firm=False)
    assert not may_be_proposed(replace(FULL, is_bundle=True), now_on=PLAN, firm=False)
    campus = replace(FULL, is_restricted=True, brand="campus")
    assert not may_be_proposed(campus, now_on=PLAN, firm=False)
    assert not may_be_proposed(campus, now_on=replace(PLAN, is_restricted=True, brand="staff"), firm=False)
    assert may_be_proposed(campus, now_on=replace(PLAN, is_restricted=True, brand="campus"), firm=False)


def test_broadband_is_compared_by_speed_and_television_not_at_all():
    fast = replace(PLAN, line_type="broadband", fee=80.0, bandwidth=300)
    slow = replace(fast, pk=2, code="P2", fee=50.0, bandwidth=100)
    same = replace(fast, pk=3, code="P3", fee=70.0, bandwidth=300)
    unknown = replace(fast, pk=4, code="P4", fee=10.0, bandwidth=None)
    use = [[9999, 99999, 99]]
    assert found(one_line(use, bandwidth=300), fast, slow, same, unknown) == ("better", 3, 80.0, 10.0)
    assert found(one_line(use, bandwidth=300), fast, slow)[:2] == (FitState.NO_PLAN, 0)
    assert found(one_line(use), fast, slow, same)[:2] == (FitState.NO_PLAN, 0)
    iptv = replace(PLAN, line_type="iptv", fee=30.0)
    assert found(one_line(use), iptv, replace(iptv, pk=2, code="P2", fee=20.0))[:2] == (FitState.FLAT, 0)


def test_many_lines_at_once_are_rated_as_one_by_one():
    random = np.random.default_rng(11)
    plans = {
        pk: replace(
            PLAN, pk=pk, code=f"P{pk}", market=str(random.choice(["consumer", "business", "all"])),
            fee=float(random.integers(5, 200)), included=tuple(random.integers(0, 2000, 3).astype(float)),
            rates=tuple(random.choice([NAN, 0.0, 0.05, 0.1111], 3)),
        )
        for pk in range(1, 41)
    }  # fmt: skip
    size = 200
    lines = Lines(
        random.integers(1, 41, size), random.random(size) < 0.3, np.full(size, NAN),
        random.integers(0, 3000, (3, size, 3)).astype(float), random.random((size, 3)) < 0.8,
    )  # fmt: skip
    fits = fit(lines, plans)
    for row in range(size):
        state, best, cost = by_hand(lines, row, plans)
        assert (STATES[fits.state[row]], int(fits.best[row])) == (state, best), row
        if cost is not None:
            assert fits.cost[row] == pytest.approx(cost)


def by_hand(lines: Lines, row: int, plans: dict[int, Terms]) -> tuple[str, int, float | None]:
    """The same rules once more, one line and one month at a time."""

    def mean(plan: Terms) -> float | None:
        totals = []
        for month in np.flatnonzero(lines.counted[row]):
            total = plan.fee
            for measure in range(3):
                over = max(lines.use[measure, row, month] - plan.included[measure], 0)
                if over and math.isnan(plan.rates[measure]):
                    return None
                total += math.floor((over * plan.rates[measure] if over else 0) * 100 + 0.5 + 1e-6) / 100
            totals.append(total)
        return sum(totals) / len(totals)

    now, firm = plans[int(lines.plan[row])], bool(lines.firm[row])
    if not lines.counted[row].any():
        return FitState.NEW, 0, None
    cost = mean(now)
    if cost is None:
        return FitState.UNPRICED, 0, None
    choice = [plan for plan in plans.values() if plan.pk != now.pk and plan.market in (
        ("business", "all") if firm else ("consumer", "all"))]  # fmt: skip
    costs = {plan.pk: theirs for plan in choice if (theirs := mean(plan)) is not None}
    if not costs:
        return FitState.NO_PLAN, 0, cost
    least = min(costs.values())
    if cost - least < 1 - 1e-6:
        return FitState.BEST, 0, cost
    equal = [plan for plan in choice if plan.pk in costs and costs[plan.pk] - least < 1e-6]
    return FitState.BETTER, min(equal, key=lambda plan: (-plan.fee, plan.code)).pk, cost
