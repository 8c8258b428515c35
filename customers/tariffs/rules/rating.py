"""Re-rating lines on all plans that are open to them. Arrays of many lines; loops run over plans, never over lines.

    cost of a month = fee + sum over measures of round(max(use - included, 0) x rate)

Lines with the same choice of plans are rated together: the plans open to a line depend on the plan it has and on
whether its customer is a firm. Of plans that cost the same the one with the higher fee wins, because it includes more.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from customers.tariffs.models import FitState
from customers.tariffs.rules.markets import may_be_proposed
from customers.tariffs.rules.terms import DATA, SOLD_BY_SPEED, VOICE, Terms, over_charges, over_use

# A plan is better from so many yuan a month.
LEAST_SAVING = 1.0
STATES: tuple[str, ...] = tuple(FitState.values)
_CODES = {state: place for place, state in enumerate(STATES)}


@dataclass(frozen=True)
class Lines:
    """Lines as columns. use: measures x lines x months; counted: lines x months, False for a month to leave out.

    plan: id of the present plan; bandwidth: Mbps, nan where not known.
    """

    plan: np.ndarray
    firm: np.ndarray
    bandwidth: np.ndarray
    use: np.ndarray
    counted: np.ndarray

    def take(self, chosen: np.ndarray) -> "Lines":
        return Lines(
            self.plan[chosen], self.firm[chosen], self.bandwidth[chosen], self.use[:, chosen], self.counted[chosen]
        )

    def mean(self, by_month: np.ndarray) -> np.ndarray:
        """Mean over the counted months of lines x months; nan for a line without one or with an unknown month."""
        months = self.counted.sum(axis=1)
        total = np.where(self.counted, by_month, 0).sum(axis=1)
        return np.divide(total, months, out=np.full(len(months), np.nan), where=months > 0)


@dataclass(frozen=True)
class Fits:
    """The result for each line: state as index into STATES, best as id of the plan (0: none), the rest as PlanFit."""

    state: np.ndarray
    months: np.ndarray
    cost: np.ndarray
    over_cost: np.ndarray
    over_minutes: np.ndarray
    over_mb: np.ndarray
    unused_minutes: np.ndarray
    unused_mb: np.ndarray
    best: np.ndarray
    saving: np.ndarray

    @classmethod
    def of(cls, size: int) -> "Fits":
        def blank() -> np.ndarray:
            return np.full(size, np.nan)

        return cls(
            np.full(size, _CODES[FitState.NEW], np.int8), np.zeros(size, np.int16), blank(), blank(), blank(), blank(),
            blank(), blank(), np.zeros(size, np.int64), blank(),
        )  # fmt: skip

    def put(self, rows: np.ndarray, part: "Fits") -> None:
        for name, column in vars(self).items():
            column[rows] = getattr(part, name)


def fit(lines: Lines, plans: Mapping[int, Terms]) -> Fits:
    """The fit of every line. plans: all plans of the catalogue by id, those no longer sold as well."""
    found = Fits.of(len(lines.plan))
    key = lines.plan * 2 + lines.firm
    for one in np.unique(key):
        present = plans.get(int(one) // 2)
        if present is not None:
            rows = np.flatnonzero(key == one)
            choice = open_plans(plans, now_on=present, firm=bool(one % 2))
            found.put(rows, _fit_group(lines.take(rows), present, choice))
    return found


def open_plans(plans: Mapping[int, Terms], *, now_on: Terms, firm: bool) -> list[Terms]:
    """The plans that a line on `now_on` may be proposed, dearest fee first."""
    found = [plan for plan in plans.values() if may_be_proposed(plan, now_on=now_on, firm=firm)]
    return sorted(found, key=lambda plan: (-plan.fee, plan.code))


def fast_enough(plan: Terms, bandwidth: np.ndarray) -> np.ndarray | bool:
    """Whether the plan is not slower than each line is now; where speed counts and one is not known: no."""
    if plan.line_type not in SOLD_BY_SPEED:
        return True
    return plan.bandwidth is not None and plan.bandwidth >= bandwidth


def _fit_group(lines: Lines, present: Terms, choice: Sequence[Terms]) -> Fits:
    """As fit(), of lines on one plan with one choice."""
    size = len(lines.plan)
    extra = over_charges(present, lines.use)
    over = over_use(present, lines.use)
    unused = np.maximum(np.array(present.included)[:, None, None] - lines.use, 0)
    over_cost = lines.mean(extra)
    cost = over_cost + present.fee
    best, best_cost, is_open = _cheapest(lines, cost, choice)
    saving = np.round(cost - best_cost, 2)
    state = np.full(size, _CODES[FitState.BEST], np.int8)
    state[best > 0] = _CODES[FitState.BETTER]
    state[~is_open] = _CODES[FitState.NO_PLAN]
    if not present.charged and present.line_type not in SOLD_BY_SPEED:
        state[:] = _CODES[FitState.FLAT]
    months = lines.counted.sum(axis=1).astype(np.int16)
    state[np.isnan(cost)] = _CODES[FitState.UNPRICED]
    state[months == 0] = _CODES[FitState.NEW]
    metered = [np.where(measure in present.charged, 1.0, np.nan) for measure in (VOICE, DATA)]
    return Fits(
        state=state, months=months, cost=cost, over_cost=over_cost,
        over_minutes=lines.mean(over[VOICE]) * metered[0], over_mb=lines.mean(over[DATA]) * metered[1],
        unused_minutes=lines.mean(unused[VOICE]) * metered[0], unused_mb=lines.mean(unused[DATA]) * metered[1],
        best=best, saving=np.where(best > 0, saving, np.where(state == _CODES[FitState.BEST], 0.0, np.nan)),
    )  # fmt: skip


def _cheapest(lines: Lines, cost: np.ndarray, choice: Sequence[Terms]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(id of the plan that saves most, 0 for none; its cost; whether any plan of the choice has a known cost)."""
    best, best_cost = np.zeros(len(cost), np.int64), cost.copy()
    limit = cost - LEAST_SAVING + 1e-6
    is_open = np.zeros(len(cost), bool)
    for plan in choice:
        if not plan.charged and plan.line_type not in SOLD_BY_SPEED:
            continue
        theirs = lines.mean(over_charges(plan, lines.use)) + plan.fee
        known = ~np.isnan(theirs) & fast_enough(plan, lines.bandwidth)
        is_open |= known
        better = known & (theirs < best_cost - 1e-6) & (theirs <= limit)
        best[better] = plan.pk
        best_cost[better] = theirs[better]
    return best, best_cost, is_open
