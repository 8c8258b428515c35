"""One line rated on its plan and on the plans that would suit it better, month by month."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np

from analytics.plan_fit.rules import PlanChange, type_index
from customers.facts.models import Bill, Subscriber, UsageMonth
from customers.fields.cohorts import COHORTS, cohort_of_days
from customers.profile.queries.windows import last_complete_month, months_before, newest_month
from customers.tariffs.models import FitState
from customers.tariffs.queries import plan_terms, read_line
from customers.tariffs.rules.rating import STATES, Fits, Lines, fast_enough, fit, open_plans
from customers.tariffs.rules.terms import Terms, over_charges

MONTHS_RATED = 3
ALTERNATIVES_SHOWN = 3


@dataclass(frozen=True)
class RatedPlan:
    """A plan and what each month would have cost on it. over: charges on top of the fee by month, None if not known."""

    terms: Terms
    over: Sequence[float | None]

    @property
    def totals(self) -> list[float | None]:
        return [None if one is None else self.terms.fee + one for one in self.over]

    @property
    def mean(self) -> float | None:
        known = [one for one in self.totals if one is not None]
        return sum(known) / len(known) if known and len(known) == len(self.over) else None

    @property
    def mean_over(self) -> float | None:
        return None if self.mean is None else self.mean - self.terms.fee


@dataclass(frozen=True)
class Comparison:
    """months: those rated, oldest first; use: measures x months; alternatives: cheapest first, at most
    ALTERNATIVES_SHOWN; unpriced: plans that could not be rated because a price is missing; billed: plan fee and
    charges of the bills of these months, None where there is none. saving, earned (margin on the best plan): yuan a
    month; break_even: see PlanFit. All three None without a better plan.
    """

    state: FitState
    months: Sequence[date]
    use: np.ndarray
    present: RatedPlan
    alternatives: Sequence[RatedPlan]
    unpriced: Sequence[Terms]
    billed: Sequence[Decimal | None]
    saving: float | None
    earned: float | None
    break_even: float | None

    @property
    def best(self) -> RatedPlan | None:
        return self.alternatives[0] if self.state == FitState.BETTER else None


def newest_rated_month(on: date) -> date | None:
    """The newest month over by the day of which use has come; None before the first."""
    return newest_month(UsageMonth, last_complete_month(on))


def rated_months(last_month: date) -> list[date]:
    """The first days of the months that are rated, oldest first."""
    return [months_before(last_month, back) for back in reversed(range(MONTHS_RATED))]


def compare(line: Subscriber, *, on: date) -> Comparison | None:
    """The line on its plan and the plans that would have cost it least; None before the first use has come."""
    last_month = newest_rated_month(on)
    plans = plan_terms(on=on)
    if last_month is None or line.plan_id not in plans:
        return None
    months = rated_months(last_month)
    block = read_line(line, as_of=on, months=months)
    fits = fit(block.lines, plans)
    present, firm = plans[line.plan_id], bool(block.lines.firm[0])
    counted = np.flatnonzero(block.lines.counted[0])
    choice = open_plans(plans, now_on=present, firm=firm)
    rated = [_rated(plan, block.lines, counted) for plan in choice if np.all(fast_enough(plan, block.lines.bandwidth))]
    priced = [one for one in rated if one.mean is not None]
    # As in fit(): of equals, the larger plan.
    priced.sort(key=lambda one: (round(one.mean or 0, 6), -one.terms.fee, one.terms.code))
    saving, earned, chance = _worth(line, fits, present, on)
    shown = [months[place] for place in counted]
    return Comparison(
        state=FitState(STATES[fits.state[0]]), months=shown, use=block.lines.use[:, 0, counted],
        present=_rated(present, block.lines, counted), alternatives=priced[:ALTERNATIVES_SHOWN],
        unpriced=[one.terms for one in rated if len(counted) and one.mean is None], billed=_billed(line, shown),
        saving=saving, earned=earned, break_even=chance,
    )  # fmt: skip


def _rated(plan: Terms, lines: Lines, counted: np.ndarray) -> RatedPlan:
    over = over_charges(plan, lines.use[:, 0, counted])
    return RatedPlan(plan, [None if np.isnan(one) else float(one) for one in over])


def _worth(
    line: Subscriber, fits: Fits, present: Terms, on: date
) -> tuple[float | None, float | None, float | None]:  # fmt: skip
    """(saving, what the better plan earns a month, break-even chance); the nightly rating gives the same."""
    if not fits.best[0]:
        return None, None, None
    change = PlanChange.current()
    line_type = np.array([type_index(present.line_type)])
    cohort = np.array([COHORTS.index(cohort_of_days((on - line.activated_on).days))])
    chance = change.break_even(cost=fits.cost, saving=fits.saving, line_type=line_type, cohort=cohort)[0]
    earned = change.earned(fits.cost, fits.saving, line_type)[0]
    return float(fits.saving[0]), float(earned), None if np.isnan(chance) else float(chance)


def _billed(line: Subscriber, months: Sequence[date]) -> list[Decimal | None]:
    bills = {bill.month: bill for bill in Bill.objects.filter(subscriber=line, month__in=months)}
    return [
        bill.plan_fee + bill.voice + bill.data + bill.sms if (bill := bills.get(month)) else None for month in months
    ]
