"""Margin lifetime value: how many months of margin a saved line is expected to bring, in today's money.

    value = spend a month x margin share x M,   M = sum over t = 0..T-1 of S(t) / (1 + d)^t

d is the monthly discount rate, (1 + yearly)^(1/12) - 1, T the horizon, and S(t) the chance to be still with us after t
months: the product of (1 - h) over the months before, h being the monthly leaving rate of the cohort in which the line
then is. A line begins in the middle of its cohort (3 months before the next) and moves on through the later ones. This
is the margin multiple of the contractual setting (Berger & Nasr, J. Interactive Marketing 12(1), 1998, case 1; Gupta &
Lehmann, J. Interactive Marketing 17(1), 2003) with the retention rate of each month in place of a constant one, and the
first month counted whole, for the saved line pays it. The leaving rate is multiplied by `saved_leaves`, for who was
about to leave once leaves sooner than others.
"""

from collections.abc import Mapping

from customers.fields.cohorts import COHORT_MONTHS, COHORTS, DAYS_A_MONTH

# The base's own rate is mixed with the configured one as if that had been seen on so many line-months.
PRIOR_LINE_MONTHS = 500.0


def expected_months(
    *, cohort: str, leaving: Mapping[str, float], discount_a_year: float, horizon: int, times: float
) -> float:
    """M above. leaving: {cohort: monthly rate}, shares of one; times: `saved_leaves`."""
    discount = (1 + discount_a_year) ** (1 / 12)
    found, alive = 0.0, 1.0
    for month in range(horizon):
        found += alive / discount**month
        alive *= 1 - min(1.0, leaving[_cohort_at(cohort, month)] * times)
    return found


def _cohort_at(start: str, month: int) -> str:
    """The cohort of a line `month` months after it stood in the middle of `start`."""
    place = COHORTS.index(start)
    left = COHORT_MONTHS.get(start, 0) // 2
    while COHORTS[place] in COHORT_MONTHS and month >= left:
        place += 1
        left += COHORT_MONTHS.get(COHORTS[place], 0)
    return COHORTS[place]


def monthly_rate(*, leavers: int, line_days: int, configured: float) -> float:
    """Leavers a line-month, drawn to the configured rate where few have been watched."""
    months = line_days / DAYS_A_MONTH
    return (leavers + PRIOR_LINE_MONTHS * configured) / (months + PRIOR_LINE_MONTHS)
